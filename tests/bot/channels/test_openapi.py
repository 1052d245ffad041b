"""The description of the API is true: what it names is taken, and nothing comes back that it does not name."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
import uvicorn
from PIL import Image

from bot.adapters.keys.sqlite import SqliteKeys
from bot.adapters.messengers.inbox import SqliteInbox
from bot.adapters.messengers.outbox import SqliteOutbox
from bot.adapters.sqlite import IN_MEMORY
from bot.app import create_app
from bot.assembly import SystemClock
from bot.channels.clients import Clients
from bot.channels.door import Door
from bot.channels.messengers.courier import Courier
from bot.channels.messengers.exchange import Exchange
from bot.channels.messengers.reception import Reception
from bot.channels.messengers.replies import Replies
from bot.channels.messengers.rules import MessengerRules
from bot.channels.messengers.webhook.messenger import Webhook
from bot.conversation import Conversations
from bot.replies.catalogues import Templates
from bot.types import Attached, Context
from tests.talking import services_of

ROOT = Path(__file__).parents[3]
SECRET = "0123456789abcdef" * 2
EXAMPLES = 20
"""Of each kind, for each call."""


@contextmanager
def served(app: Any) -> Iterator[str]:
    listening = create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", proxy_headers=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while thread.is_alive() and not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def picture() -> bytes:
    """A small photo."""
    written = BytesIO()
    Image.new("RGB", (8, 8), "red").save(written, "JPEG")
    return written.getvalue()


def settings(conversation: str, photo: str, key: str | None) -> str:
    """What schemathesis cannot know: names that exist, and what the description cannot say."""
    header = f'headers = {{ Authorization = "Bearer {key}" }}' if key else ""
    return f"""
{header}

[parameters]
"path.conversation" = "{conversation}"
"path.photo" = "{photo}"

[checks]
# Whether a time zone, a vendor or a token exists, no schema says.
positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 415, 422]
"""


@pytest.mark.parametrize("guarded", [False, True], ids=["open", "with keys"])
def test_whatever_is_sent_comes_back_as_described(
    guarded: bool, small_talks: Conversations, small_base: Path, templates: Templates, tmp_path: Path
) -> None:
    clock = SystemClock()
    talks = replace(small_talks, clock=clock)
    bridge = {"bridge": Webhook("bridge", "http://127.0.0.1:9/", SECRET.encode(), True, Context(), 300)}
    outbox, inbox = SqliteOutbox(tmp_path / "outbox.db"), SqliteInbox(tmp_path / "outbox.db")
    replies = Replies(MessengerRules.load(), outbox, talks, clock)
    keys = SqliteKeys(IN_MEMORY, clock) if guarded else None
    key = keys.add("test", ("chat", "read", "deliver"))[1] if keys else None
    services, conversation = services_of(talks), talks.start(Context())
    exchange = Exchange(
        Reception(bridge, inbox, services.photos, replies), Courier(bridge, replies, templates), services.notifier,
        lambda _: None,
    )  # fmt: skip
    for close in (outbox.close, inbox.close):
        services.opened.callback(close)
    services = replace(services, clients=Clients(Door(keys), (), exchange))
    photo = services.photos.accept(picture(), "The photo").id
    talks.turn(conversation, "look", attached=Attached(photos=(photo,)))
    (tmp_path / "schemathesis.toml").write_text(settings(conversation, photo, key), encoding="utf-8")
    with served(create_app(services, small_base)) as base:
        run = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{base}/openapi.json", "--no-color"),
                *("--max-examples", str(EXAMPLES), "--seed", "1", "--phases", "examples,coverage,fuzzing"),
            ],
            cwd=tmp_path, capture_output=True, text=True, check=False,
            env={
                **os.environ, "BRIDGE_SECRET": SECRET, "PYTHONPATH": str(ROOT),
                "SCHEMATHESIS_HOOKS": "tests.bot.channels.schemathesis_messengers",
            },
        )  # fmt: skip
    assert run.returncode == 0, run.stdout[-8_000:] + run.stderr[-2_000:]
    assert "WARNINGS" not in run.stdout, run.stdout[-8_000:]
