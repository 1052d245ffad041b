"""The help desks that the contract is run over, and what drivers report there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from bot.adapters.desk.rt import RequestTracker
from bot.adapters.desk.sqlite import SqliteDesk
from bot.desk.photos import Photos
from bot.tools.ports import Desk
from bot.tools.values import Ticket, TicketDraft, TicketKind
from tests.doubles import SteppingClock
from tests.integration.request_tracker import WITHOUT_RT, rt_connection


@contextmanager
def sqlite(folder: Path, photos: Photos) -> Iterator[Desk]:
    desk = SqliteDesk(folder / "desk.db", SteppingClock(), photos)
    yield desk
    desk.close()


@contextmanager
def request_tracker(folder: Path, photos: Photos) -> Iterator[Desk]:
    desk = RequestTracker(rt_connection(), photos)
    yield desk
    desk.close()


DESKS = [pytest.param(sqlite, id="sqlite"), pytest.param(request_tracker, id="rt", marks=WITHOUT_RT)]


def a_draft(mark: str, kind: TicketKind = TicketKind.FAULT, **changes: object) -> TicketDraft:
    usual = {
        "kind": kind, "language": "de", "summary": "About: no power\nDriver's words: 'nichts geht'",
        "category": "no_power", "station": f"st-{mark}", "user": f"u-{mark}", "conversation": f"c-{mark}",
    }  # fmt: skip
    return TicketDraft.model_validate({**usual, **changes})


def reports(desk: Desk, mark: str, count: int, **changes: object) -> list[Ticket]:
    """So many drivers report the same station."""
    return [desk.file(a_draft(mark, user=f"u-{mark}-{n}", **changes), f"{mark}-{n}") for n in range(count)]


def at_once(*functions: Callable[[], None]) -> None:
    threads = [Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
