"""The Synapse that .ci/matrix starts, people who write there, and a Plugdesk that is connected to it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import pytest
import yaml

from bot.settings import TOOLS

ROOT = Path(__file__).parents[2]
GIVEN: dict[str, Any] = json.loads(os.environ.get("PLUGDESK_TEST_MATRIX") or "{}")
"""What .ci/matrix prints."""
WITHOUT_MATRIX = pytest.mark.skipif(
    not GIVEN, reason="PLUGDESK_TEST_MATRIX is not set; .ci/matrix starts a server and prints it"
)
CHANNEL = "matrix"
PATIENCE_S = 180.0
"""As on a machine that has much else to do."""
T = TypeVar("T")


def until(found: Callable[[], T]) -> T:
    """What is found once there is something."""
    end = time.monotonic() + PATIENCE_S
    while not (value := found()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return value


class Person:
    """Somebody with an account of their own, through requests that owe nothing to the messenger."""

    def __init__(self) -> None:
        self.client = httpx.Client(base_url=f"{GIVEN['homeserver']}/_matrix/", timeout=PATIENCE_S)
        name = f"driver-{secrets.token_hex(6)}"
        body = {"auth": {"type": "m.login.dummy"}, "username": name, "password": secrets.token_hex(16)}
        account = self.does("POST", "client/v3/register", body)
        self.user = str(account["user_id"])
        self.client.headers["Authorization"] = f"Bearer {account['access_token']}"

    def does(self, method: str, path: str, body: object = None) -> Any:
        answer = self.client.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def invites(self, *users: str, **more: Any) -> str:
        """A new room with an invitation to each."""
        body = {"invite": list(users), "is_direct": True, "preset": "trusted_private_chat", **more}
        return str(self.does("POST", "client/v3/createRoom", body)["room_id"])

    def joins(self, room: str) -> None:
        self.does("POST", f"client/v3/join/{quote(room)}", {})

    def finds(self, room: str) -> bool:
        """Join; False where nobody is in the room any more, so that there is nothing to come into."""
        answer = self.client.request("POST", f"client/v3/join/{quote(room)}", json={})
        assert answer.is_success or "no servers that are in the room" in answer.text, answer.text
        return answer.is_success

    def leaves(self, room: str) -> None:
        self.does("POST", f"client/v3/rooms/{quote(room)}/leave", {})

    def says(self, room: str, text: str, **content: Any) -> str:
        """Write; the event's id."""
        path = f"client/v3/rooms/{quote(room)}/send/m.room.message/{secrets.token_hex(8)}"
        return str(self.does("PUT", path, {"msgtype": "m.text", "body": text, **content})["event_id"])

    def shows(self, room: str, photo: bytes) -> str:
        """Send a photo; the event's id."""
        answer = self.client.post("media/v3/upload", content=photo, headers={"Content-Type": "image/jpeg"})
        return self.says(room, "IMG_1.jpg", msgtype="m.image", url=answer.json()["content_uri"])

    def seen(self, room: str, user: str) -> list[dict[str, Any]]:
        """What somebody said in a room, in order."""
        chunk = self.does("GET", f"client/v3/rooms/{quote(room)}/messages?dir=b&limit=100")["chunk"]
        said = [event["content"] for event in chunk if event["type"] == "m.room.message" and event["sender"] == user]
        return said[::-1]

    def hears(self, room: str, count: int = 1) -> list[str]:
        """What the bot said, once it said so many things."""
        until(lambda: len(self.seen(room, BOT)) >= count)
        return [content["body"] for content in self.seen(room, BOT)]

    def members(self, room: str) -> set[str]:
        """Who is in a room."""
        return set(self.does("GET", f"client/v3/rooms/{quote(room)}/joined_members")["joined"])


BOT = f"@plugdesk:{GIVEN.get('server_name', '')}"


@dataclass
class Line:
    """The line from Plugdesk to the homeserver. ``mood``: ``well``; ``cut``: nothing goes through; ``deaf``: messages
    arrive at the homeserver, and its receipts for them get lost.
    """

    mood: str = "well"
    lost: list[str] = field(default_factory=list)
    """The paths of requests that were not answered."""
    address: str = ""

    @contextmanager
    def up(self) -> Iterator[None]:
        line, away = self, httpx.Client(base_url=GIVEN["homeserver"], timeout=PATIENCE_S)

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                mood = "well" if line.mood == "deaf" and "/send/" not in self.path else line.mood
                if mood != "cut":
                    headers = {
                        name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers
                    }
                    answer = away.request(self.command, self.path, content=body, headers=headers)
                if mood != "well":
                    line.lost.append(self.path)
                    self.close_connection = True
                    return
                self.send_response(answer.status_code)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            do_GET = do_PUT = do_POST = answer

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
            away.close()


@dataclass
class Plugdesk:
    """A server of its own, where Synapse looks for it."""

    folder: Path
    index: Path
    homeserver: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{GIVEN['port']}"

    @property
    def environ(self) -> dict[str, str]:
        """All that it keeps is in the folder."""
        kept = {
            "CONVERSATIONS": f"sqlite:///{self.folder}/talks.db", "LEDGER": f"{self.folder}/ledger.db",
            "DESK": f"sqlite:///{self.folder}/desk.db", "PHOTOS": f"{self.folder}/photos",
            "OUTBOX": f"{self.folder}/outbox.db", "CHANNELS": f"{self.folder}/channels.yaml",
            "INDEX": str(self.index), "PORT": str(GIVEN["port"]),
            **dict.fromkeys(map(str.upper, TOOLS), f"demo:///{self.folder}/world.db"),
        }  # fmt: skip
        tokens = {"MX_AS_TOKEN": GIVEN["as_token"], "MX_HS_TOKEN": GIVEN["hs_token"]}
        return {**os.environ, **tokens, **{f"PLUGDESK_{name}": value for name, value in kept.items()}}

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``plugdesk``."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments], cwd=ROOT, env=self.environ, capture_output=True, text=True
        )

    def start(self) -> None:
        """Serve, over what is kept from before."""
        entry = {
            "kind": "matrix", "homeserver": self.homeserver, "user": BOT, "as_token": "MX_AS_TOKEN",
            "hs_token": "MX_HS_TOKEN", "vendor": "eponet", "country": "CH", "locale": "nb",
        }  # fmt: skip
        (self.folder / "channels.yaml").write_text(yaml.safe_dump({"channels": {CHANNEL: entry}}), encoding="utf-8")
        with (self.folder / "log").open("a") as log:
            self.process = process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=self.environ, stdout=log, stderr=log
            )
        until(lambda: process.poll() is not None or self._answers())
        assert process.poll() is None, (self.folder / "log").read_text()

    def stop(self) -> None:
        """End the server."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(PATIENCE_S)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/healthz", timeout=PATIENCE_S).is_success
        except httpx.TransportError:
            return False
