from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.adapters.demo.accounts import DemoAccounts
from bot.adapters.demo.chargers import DemoChargers
from bot.adapters.demo.errors import WorldError
from bot.adapters.demo.sessions import DemoSessions
from bot.adapters.demo.stations import DemoStations
from bot.adapters.demo.statuspages import DemoStatusPages
from bot.adapters.demo.world import DemoWorld
from bot.errors import Unavailable
from tests.bot.adapters.demo.conftest import Hours

READS: dict[str, Callable[[DemoWorld], object]] = {
    "accounts": lambda world: DemoAccounts(world).account("40711"),
    "stations": lambda world: DemoStations(world).station("4521"),
    "sessions": lambda world: DemoSessions(world).active("20917"),
    "chargers": lambda world: DemoChargers(world).charger("310244"),
    "status": lambda world: DemoStatusPages(world).status("eponet"),
}


@pytest.mark.parametrize("tool", READS)
@pytest.mark.parametrize("kind", ["timeout", "error", "nonsense"])
def test_a_system_in_trouble_is_unavailable(world: DemoWorld, tool: str, kind: str) -> None:
    world.trouble(tool, kind)
    with pytest.raises(Unavailable):
        READS[tool](world)


@pytest.mark.parametrize("tool", READS)
def test_the_trouble_of_one_system_is_none_of_another(world: DemoWorld, tool: str) -> None:
    world.trouble(tool, "error")
    for other in READS.keys() - {tool}:
        assert READS[other](world)


def test_a_slow_system_answers_late(world: DemoWorld, hours: Hours) -> None:
    asked_at = hours.now()
    world.trouble("accounts", "latency", 4)
    assert DemoAccounts(world).account("40711").number == "40711"
    assert (hours.now() - asked_at).total_seconds() == 4


def test_a_timeout_takes_its_time(world: DemoWorld, hours: Hours) -> None:
    asked_at = hours.now()
    world.trouble("accounts", "timeout", 4)
    with pytest.raises(Unavailable, match="no answer within 4 s"):
        DemoAccounts(world).account("40711")
    assert (hours.now() - asked_at).total_seconds() == 4


@pytest.mark.parametrize("kind", ["timeout", "error", "nonsense"])
def test_what_does_not_exist_does_not_show_through_trouble(world: DemoWorld, kind: str) -> None:
    world.trouble("accounts", kind)
    with pytest.raises(Unavailable):
        DemoAccounts(world).account("99999")


@pytest.mark.parametrize("tool", READS)
def test_trouble_can_be_switched_off(world: DemoWorld, tool: str) -> None:
    world.trouble(tool, "error")
    world.trouble(tool, None)
    assert READS[tool](world)


@pytest.mark.parametrize(("kind", "carried_out"), [("timeout", True), ("nonsense", True), ("error", False)])
def test_of_a_command_without_an_answer_nobody_can_tell_whether_it_was_carried_out(
    world: DemoWorld, kind: str, carried_out: bool
) -> None:
    world.trouble("sessions", kind)
    with pytest.raises(Unavailable) as caught:
        DemoSessions(world).stop("S-50001", "key-1")
    world.trouble("sessions", None)
    assert caught.value.sent
    assert (DemoSessions(world).active("20917") is None) == carried_out


def test_the_desk_can_be_in_trouble_too(world: DemoWorld) -> None:
    world.trouble("desk", "error")
    with pytest.raises(Unavailable):
        world.answer("desk", list)


@pytest.mark.parametrize(
    ("tool", "kind", "seconds", "complaint"),
    [
        ("weather", "error", 0, "no tool 'weather'. Use one of accounts, status"),
        ("accounts", "rain", 0, "no kind of trouble 'rain'. Use one of latency, timeout"),
        ("accounts", "latency", -1, "-1 s is no time to wait. Give 0 to 600"),
        ("accounts", "latency", 601, "601 s is no time to wait"),
        ("accounts", "latency", float("nan"), "nan s is no time to wait"),
    ],
)
def test_a_trouble_that_there_is_not_is_refused(
    world: DemoWorld, tool: str, kind: str, seconds: float, complaint: str
) -> None:
    with pytest.raises(WorldError, match=complaint):
        world.trouble(tool, kind, seconds)
    assert all(READS[each](world) for each in READS)
