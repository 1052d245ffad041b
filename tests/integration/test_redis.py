"""Requests counted by several processes in a real Redis; see .ci/redis."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

import pytest

from bot.channels.limits import RateLimits
from bot.entry import open_limits
from bot.settings import ClientSettings

SERVER = os.environ.get("PLUGDESK_TEST_REDIS", "")
pytestmark = [
    pytest.mark.redis,
    pytest.mark.skipif(not SERVER, reason="PLUGDESK_TEST_REDIS is not set; .ci/redis starts a server and prints it"),
]


@pytest.fixture
def processes(tmp_path: Path) -> tuple[RateLimits, RateLimits]:
    """Two that share a server; three messages an hour."""
    path = tmp_path / "limits.yaml"
    path.write_text("{start: {}, say: {conversation: 3/hour}, photo: {}, read: {}, deliver: {}}", encoding="utf-8")
    settings = ClientSettings(limits=path, limits_store=SERVER)
    first, second = open_limits(settings), open_limits(settings)
    assert first
    assert second
    return first, second


def test_what_one_process_counts_the_other_knows(processes: tuple[RateLimits, RateLimits]) -> None:
    who = {"conversation": uuid4().hex}
    first, second = processes
    assert [each.take("say", who) for each in (first, second, first)] == [None] * 3
    wait = second.take("say", who)
    assert wait is not None
    assert 0 < wait <= 3600
