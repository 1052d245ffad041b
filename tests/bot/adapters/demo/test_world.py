"""The demo world's file: shared, kept, begun anew."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest

from bot.adapters.demo.accounts import DemoAccounts
from bot.adapters.demo.sessions import DemoSessions
from bot.adapters.demo.stations import DemoStations
from bot.adapters.demo.world import DemoWorld
from bot.errors import StoreError
from bot.tools.values import Done, EvseStatus, Money, Outcome

ONE = Money(amount=Decimal("1.00"), currency="CHF")


def test_a_change_shows_at_once_to_whoever_else_has_the_file(world: DemoWorld, path: Path) -> None:
    other = DemoWorld(path)
    world.set_station_status("4521", "OUTOFORDER")
    assert DemoStations(other).station("4521").status == EvseStatus.OUTOFORDER
    other.close()


def test_a_change_by_another_process_shows_at_once(world: DemoWorld, path: Path) -> None:
    program = (
        "import sys, pathlib; from bot.adapters.demo.world import DemoWorld; "
        "DemoWorld(pathlib.Path(sys.argv[1])).set_station_status('4521', 'OUTOFORDER')"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=True, cwd=Path(__file__).parents[4])
    assert DemoStations(world).station("4521").status == EvseStatus.OUTOFORDER


def test_the_world_outlives_whoever_opened_it(path: Path) -> None:
    before = DemoWorld(path)
    before.credit("40711", ONE)
    before.close()
    after = DemoWorld(path)
    balance = DemoAccounts(after).account("40711").balance
    assert balance is not None
    assert balance.amount == Decimal("50.80")
    after.close()


def test_several_who_open_a_new_file_at_once_fill_it_once(path: Path) -> None:
    together = Barrier(6)

    def open_it(_: int) -> DemoWorld:
        together.wait()
        return DemoWorld(path)

    with ThreadPoolExecutor(6) as pool:
        worlds = list(pool.map(open_it, range(6)))
    assert [len(each.seed_tickets()) for each in worlds] == [2] * 6
    for each in worlds:
        each.close()


def test_of_changes_at_the_same_moment_none_is_lost(path: Path) -> None:
    worlds = [DemoWorld(path) for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: worlds[number % 3].credit("40711", ONE), range(60)))
    balance = DemoAccounts(worlds[0]).account("40711").balance
    assert balance is not None
    assert balance.amount == Decimal("109.80")
    for each in worlds:
        each.close()


def test_a_command_sent_twice_at_the_same_moment_is_carried_out_once(path: Path) -> None:
    worlds = [DemoWorld(path) for _ in range(2)]
    carried_out: list[int] = []
    together = Barrier(2)

    def send(number: int) -> Outcome:
        def carry_out() -> Outcome:
            carried_out.append(number)
            return Done(reference=f"by {number}")

        together.wait()
        return worlds[number].once("key-1", carry_out)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(send, range(2)))
    assert outcomes == [Done(reference=f"by {number}") for number in carried_out * 2]
    for each in worlds:
        each.close()


def test_a_reset_brings_the_beginning_back(world: DemoWorld) -> None:
    before = world.snapshot()
    world.credit("40711", ONE)
    world.end_session("20917")
    world.connect("310246", online=True)
    world.open_incident("eponet", "Payments delayed")
    world.trouble("accounts", "error")
    assert world.snapshot() != before
    world.reset()
    assert world.snapshot() == before


def test_a_reset_forgets_commands(world: DemoWorld) -> None:
    DemoSessions(world).stop("S-50001", "key-1")
    world.reset()
    DemoSessions(world).stop("S-50001", "key-1")
    assert DemoSessions(world).active("20917") is None


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_text("this is no database, and long enough to look like a header of one", encoding="utf-8")
    with pytest.raises(StoreError, match="Check the path"):
        DemoWorld(path)
