"""Messengers over real connections: the documented client, and a receiver that is down for a while."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from typing import Any

import httpx
import pytest
import uvicorn

from bot.adapters.messengers.outbox import SqliteOutbox
from bot.app import create_app
from bot.assembly import SystemClock
from bot.channels.clients import Clients
from bot.channels.messengers.webhook.messenger import Webhook
from bot.channels.messengers.webhook.signatures import HEADER, check, signed
from tests.bot.channels.messengers.conftest import SECRET, Connect, Post, until
from tests.talking import services_of

EXAMPLE = Path(__file__).parents[5] / "docs" / "channels" / "example_client.py"
INBOUND = "/v1/channels/bridge/inbound"


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(app: Any, port: int) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", proxy_headers=False))
    thread = threading.Thread(target=server.run, name="server")
    thread.start()
    until(lambda: server.started or not thread.is_alive())
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@dataclass
class Receiver:
    """A messenger that keeps what it had, in the order of first arrival; ``moods`` say what it does with a post."""

    port: int
    mood: Callable[[], str] = lambda: "well"
    had: dict[str, dict[str, Any]] = field(default_factory=dict)
    arrivals: int = 0

    @contextmanager
    def up(self) -> Iterator[None]:
        mine = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                mood = mine.mood()
                if mood != "broken":
                    check(self.headers[HEADER], SECRET, body, time.time(), 300)
                    delivery = json.loads(body)
                    mine.arrivals += 1
                    mine.had.setdefault(delivery["delivery_id"], delivery)
                if mood == "silent":
                    self.close_connection = True
                    return
                self.send_response(503 if mood == "broken" else 204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    @property
    def answered(self) -> list[str]:
        return [str(each["in_reply_to"]) for each in self.had.values()]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver(free_port())


@pytest.fixture
def post(connect: Connect, channel: Webhook, receiver: Receiver) -> Post:
    """With the machine's clock, and a channel that leads to the receiver."""
    post = connect(replace(channel, url=f"http://127.0.0.1:{receiver.port}/", now=time.time))
    clock = SystemClock()
    replies = replace(post.replies, clock=clock, talks=replace(post.replies.talks, clock=clock))
    return replace(post, reception=replace(post.reception, replies=replies))


@pytest.fixture
def application(post: Post, small_base: Path) -> Callable[[], Any]:
    """The server, each time anew over the same conversations, inbox and outbox, as after a restart."""

    def open_() -> Any:
        services = services_of(post.replies.talks)
        services.opened.pop_all()
        exchange = post.exchange(notifier=services.notifier)
        return create_app(replace(services, clients=Clients(exchange=exchange)), small_base)

    return open_


def send(base: str, number: int, sender: str = "ane") -> int:
    body = json.dumps({"message_id": f"{sender}-{number}", "sender": sender, "text": "the cable is stuck"}).encode()
    headers = {"Content-Type": "application/json", HEADER: signed(SECRET, body, int(time.time()))}
    return httpx.post(f"{base}{INBOUND}", content=body, headers=headers, timeout=30).status_code


def test_a_receiver_that_is_down_for_a_while_gets_everything_once_and_in_order(
    application: Callable[[], Any], receiver: Receiver, outbox: SqliteOutbox
) -> None:
    port, wanted = free_port(), [f"ane-{number}" for number in range(9)]
    chance = random.Random(7)
    receiver.mood = lambda: chance.choice(["well", "broken", "silent"])
    with served(application(), port) as base:
        assert [send(base, number) for number in range(6)] == [200] * 6
        until(lambda: any(each.error for each in outbox.deliveries()))
        with receiver.up():
            until(lambda: len(receiver.had) >= 2)
    # Server and receiver are both gone; what is queued is on the disk.
    with served(application(), port) as base:
        assert [send(base, number) for number in range(6, 9)] == [200] * 3
        with receiver.up():
            until(lambda: all(each.state == "delivered" for each in outbox.deliveries()), outbox.deliveries)
    assert receiver.answered == wanted
    assert receiver.arrivals > len(wanted)


def test_what_is_said_unasked_arrives(application: Callable[[], Any], receiver: Receiver, post: Post) -> None:
    with receiver.up(), served(application(), free_port()) as base:
        send(base, 1)
        until(lambda: len(receiver.had) == 1)
        peer = post.replies.outbox.peer("bridge", "ane")
        assert peer
        post.replies.talks.speak_up(peer.conversation, "action_settled", {"outcome": "unsure"}, "key-1")
        until(lambda: len(receiver.had) == 2)
    assert [each["in_reply_to"] for each in receiver.had.values()] == ["ane-1", None]


def test_the_documented_client_talks_and_is_answered(application: Callable[[], Any], receiver: Receiver) -> None:
    with served(application(), free_port()) as base:
        bridge = subprocess.Popen(
            [sys.executable, EXAMPLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env={
                **os.environ, "BRIDGE_SECRET": SECRET.decode(), "BRIDGE_INBOUND": f"{base}{INBOUND}",
                "BRIDGE_PORT": str(receiver.port), "PYTHONUTF8": "1",
            },
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert bridge.stdin
        assert bridge.stdout
        bridge.stdin.write("the cable is stuck and I cannot remove it\n")
        bridge.stdin.flush()
        shown = bridge.stdout.readline()
        bridge.stdin.close()
        bridge.wait(10)
        bridge.stdout.close()
    assert shown.startswith("me: ")
    assert len(shown) > len("me: \n")
