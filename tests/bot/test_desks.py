"""Which help desk the settings open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters.desk.rt import RequestTracker
from bot.adapters.desk.sqlite import SqliteDesk
from bot.assembly import open_desk
from bot.errors import SettingsError
from bot.settings import Settings
from bot.tools.ports import Desk
from bot.tools.values import ReportState, Ticket, TicketKind
from tests.doubles import SteppingClock

NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SEED = Ticket(id="R-20418", kind=TicketKind.FAULT, state=ReportState.RECEIVED, filed_at=NINE, updated_at=NINE)


class Opening:
    """Opens what the variables say, and closes it at the end."""

    def __init__(self, home: Path, closing: ExitStack) -> None:
        self._home, self._closing = home, closing

    def desk(self, **variables: str) -> Desk:
        settings = Settings.from_environ({f"PLUGDESK_{name}": value for name, value in variables.items()}, self._home)
        return open_desk(settings, SteppingClock(), self._closing.callback, [SEED])


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[Opening]:
    with ExitStack() as closing:
        yield Opening(tmp_path, closing)


def test_without_variables_the_desk_is_a_file_with_the_seed(opening: Opening, tmp_path: Path) -> None:
    desk = opening.desk()
    assert isinstance(desk, SqliteDesk)
    assert desk.ticket("R-20418") == SEED
    assert (tmp_path / "var" / "desk.db").exists()


def test_request_tracker_is_opened_without_asking_it(opening: Opening) -> None:
    assert isinstance(opening.desk(DESK="rt+http://127.0.0.1:9", RT_TOKEN="t"), RequestTracker)


def test_request_tracker_needs_credentials(opening: Opening) -> None:
    with pytest.raises(SettingsError, match="Set PLUGDESK_RT_TOKEN"):
        opening.desk(DESK="rt+https://rt.example")


@pytest.mark.parametrize("url", ["zendesk://x", "https://user:hush@rt.example", "desk.db", ""])
def test_what_is_no_desk_is_refused_without_repeating_it(opening: Opening, url: str) -> None:
    with pytest.raises(SettingsError, match=r"PLUGDESK_DESK is no help desk\. Use sqlite:///") as refused:
        opening.desk(DESK=url)
    assert "hush" not in str(refused.value)
