"""A messenger that is connected, over conversations about three topics."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.hooks.sqlite import SqliteOutbox
from bot.channels.hooks.config import Channel, HookRules
from bot.channels.hooks.service import Hooks
from bot.conversation import Conversations
from bot.types import Context

SECRET = b"0123456789abcdef" * 2


@pytest.fixture
def channel() -> Channel:
    """One with buttons."""
    return Channel("bridge", "http://127.0.0.1:9/", SECRET, True, Context(vendor="eponet", country="CH"))


@pytest.fixture
def rules() -> HookRules:
    """As shipped, but for waits that a test would notice."""
    quick = {"settle_s": 0.05, "look_every_s": 0.05, "sweep_every_s": 0.1, "first_wait_s": 0.05, "most_wait_s": 0.2}
    return HookRules.load().model_copy(update=quick)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[SqliteOutbox]:
    """In a file of its own."""
    opened = SqliteOutbox(tmp_path / "outbox.db")
    yield opened
    opened.close()


@pytest.fixture
def hooks(channel: Channel, rules: HookRules, outbox: SqliteOutbox, small_talks: Conversations) -> Hooks:
    """The messengers."""
    return Hooks({"bridge": channel}, rules, outbox, small_talks, small_talks.clock)
