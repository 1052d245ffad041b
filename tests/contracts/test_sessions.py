"""What every source of sessions must do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.errors import NotFound, Unavailable
from bot.tools.ports import Sessions
from bot.tools.values import Done, RefusalReason, Refused, SessionStatus
from tests.contracts.backends import SESSIONS


@pytest.fixture(params=sorted(SESSIONS))
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sessions(backend: str, tmp_path: Path) -> Iterator[Sessions]:
    with SESSIONS[backend](tmp_path, True) as port:
        yield port


@pytest.fixture
def silent(backend: str, tmp_path: Path) -> Iterator[Sessions]:
    with SESSIONS[backend](tmp_path, False) as port:
        yield port


def running(sessions: Sessions) -> str:
    """The id of the session that runs in the beginning."""
    found = sessions.active("20917")
    assert found is not None
    return found.id


def test_the_session_that_runs_on_an_account_is_found(sessions: Sessions) -> None:
    found = sessions.active("20917")
    assert found is not None
    assert (found.account, found.status) == ("20917", SessionStatus.ACTIVE)
    assert found.station in ("4512", "CH*EPO*E4512")
    assert found.started.tzinfo is not None


@pytest.mark.parametrize("account", ["40711", "99999", "", "20917' or '1'='1"])
def test_no_session_runs_on_any_other_account(sessions: Sessions, account: str) -> None:
    assert sessions.active(account) is None


def test_a_session_that_is_stopped_runs_no_more(sessions: Sessions) -> None:
    assert isinstance(sessions.stop(running(sessions), "key-1"), Done)
    assert sessions.active("20917") is None


def test_the_same_key_again_has_the_same_outcome(sessions: Sessions) -> None:
    session = running(sessions)
    first = sessions.stop(session, "key-1")
    assert sessions.stop(session, "key-1") == first


def test_a_session_that_is_over_cannot_be_stopped(sessions: Sessions) -> None:
    session = running(sessions)
    sessions.stop(session, "key-1")
    assert sessions.stop(session, "key-2") == Refused(reason=RefusalReason.NOT_RUNNING)


def test_a_session_that_does_not_exist_cannot_be_stopped(sessions: Sessions) -> None:
    with pytest.raises(NotFound):
        sessions.stop("no-such-session", "key-1")


def test_a_system_that_does_not_answer_a_read_is_unavailable(silent: Sessions) -> None:
    with pytest.raises(Unavailable):
        silent.active("20917")


def test_a_system_that_does_not_answer_a_command_is_unavailable(silent: Sessions) -> None:
    with pytest.raises(Unavailable):
        silent.stop("S-50001", "key-1")


def test_what_was_read_cannot_be_changed(sessions: Sessions) -> None:
    found = sessions.active("20917")
    assert found is not None
    with pytest.raises(ValidationError, match="frozen"):
        found.account = "40711"
