from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.demo.chargers import DemoChargers
from bot.adapters.demo.errors import WorldError
from bot.adapters.demo.world import DemoWorld
from bot.tools.values import Charger, ConnectorStatus, Done, RefusalReason, Refused
from tests.bot.adapters.demo.conftest import Hours


def read(world: DemoWorld, charger: str = "310244") -> Charger:
    return DemoChargers(world).charger(charger)


def status(world: DemoWorld, charger: str = "310244") -> ConnectorStatus | None:
    connector = read(world, charger).connector
    return connector.status if connector else None


def restart(world: DemoWorld, charger: str = "310244", key: str = "key-1") -> object:
    return DemoChargers(world).restart(charger, key)


def test_a_charger_is_away_while_it_restarts(world: DemoWorld, hours: Hours) -> None:
    before = read(world).booted_at
    restart(world)
    hours.pass_by(59)
    assert (status(world), read(world).booted_at) == (ConnectorStatus.UNAVAILABLE, before)


def test_a_charger_is_not_heard_of_while_it_restarts(world: DemoWorld, hours: Hours) -> None:
    accepted_at = hours.now()
    restart(world)
    hours.pass_by(59)
    assert read(world).heard_at == accepted_at


def test_a_charger_that_is_back_has_booted_and_is_available(world: DemoWorld, hours: Hours) -> None:
    restart(world)
    hours.pass_by(60)
    back_at = hours.now()
    hours.pass_by(600)
    assert (status(world), read(world).booted_at) == (ConnectorStatus.AVAILABLE, back_at)
    assert read(world).heard_at == hours.now()


def test_how_long_a_restart_takes_can_be_set(path: Path, hours: Hours) -> None:
    world = DemoWorld(path, now=hours.now, restart_takes=timedelta(seconds=5))
    restart(world)
    hours.pass_by(5)
    assert read(world).booted_at == hours.now()
    world.close()


def test_a_restart_clears_a_fault(world: DemoWorld, hours: Hours) -> None:
    world.set_charger_status("310244", "Faulted", error="InternalError")
    restart(world)
    hours.pass_by(60)
    connector = read(world).connector
    assert connector is not None
    assert (connector.status, connector.error) == (ConnectorStatus.AVAILABLE, "NoError")


def test_the_same_key_again_restarts_nothing(world: DemoWorld, hours: Hours) -> None:
    restart(world)
    hours.pass_by(60)
    booted_at = read(world).booted_at
    hours.pass_by(600)
    assert isinstance(restart(world), Done)
    assert (status(world), read(world).booted_at) == (ConnectorStatus.AVAILABLE, booted_at)


def test_a_refusal_stays_one_for_its_key(world: DemoWorld) -> None:
    restart(world, "310246")
    world.connect("310246", online=True)
    assert restart(world, "310246") == Refused(reason=RefusalReason.NOT_CONNECTED)


def test_another_key_restarts_again(world: DemoWorld, hours: Hours) -> None:
    restart(world)
    hours.pass_by(600)
    restart(world, key="key-2")
    assert status(world) == ConnectorStatus.UNAVAILABLE
    hours.pass_by(60)
    assert read(world).booted_at == hours.now()


def test_a_charger_whose_restart_fails_accepts_it_and_never_comes_back(world: DemoWorld, hours: Hours) -> None:
    before = read(world).booted_at
    world.let_restart_fail("310244", fails=True)
    assert isinstance(restart(world), Done)
    hours.pass_by(86_400)
    assert (status(world), read(world).booted_at) == (ConnectorStatus.UNAVAILABLE, before)


def test_a_charger_whose_restarts_work_again_comes_back(world: DemoWorld, hours: Hours) -> None:
    world.let_restart_fail("310244", fails=True)
    restart(world)
    world.let_restart_fail("310244", fails=False)
    restart(world, key="key-2")
    hours.pass_by(60)
    assert read(world).booted_at == hours.now()


def test_a_charger_that_stayed_away_boots_when_it_comes_online(world: DemoWorld, hours: Hours) -> None:
    world.let_restart_fail("310244", fails=True)
    restart(world)
    hours.pass_by(3600)
    world.connect("310244", online=True)
    assert (status(world), read(world).booted_at) == (ConnectorStatus.AVAILABLE, hours.now())


def test_a_charger_that_loses_its_connection_while_it_restarts_does_not_come_back(
    world: DemoWorld, hours: Hours
) -> None:
    before = read(world).booted_at
    restart(world)
    world.connect("310244", online=False)
    hours.pass_by(3600)
    assert (read(world).connected, status(world), read(world).booted_at) == (
        False, ConnectorStatus.UNAVAILABLE, before,
    )  # fmt: skip


@pytest.mark.parametrize("doing", ["Charging", "SuspendedEV", "SuspendedEVSE"])
def test_a_charger_that_charges_is_not_restarted(world: DemoWorld, doing: str) -> None:
    world.set_charger_status("310244", doing)
    assert restart(world) == Refused(reason=RefusalReason.IN_USE)
    assert status(world) == ConnectorStatus(doing)


def test_a_charger_that_somebody_uses_is_not_restarted(world: DemoWorld) -> None:
    world.set_charger_status("310244", "Preparing", by="per")
    assert read(world).charging_by == "per"
    assert restart(world) == Refused(reason=RefusalReason.IN_USE)


def test_a_charger_that_is_connected_can_be_restarted(world: DemoWorld) -> None:
    world.connect("310246", online=True)
    assert read(world, "310246").connected
    assert isinstance(restart(world, "310246"), Done)


def test_a_charger_that_is_cut_off_is_not_heard_of_again(world: DemoWorld, hours: Hours) -> None:
    silent_since = hours.now()
    world.connect("310244", online=False)
    hours.pass_by(3600)
    assert (read(world).connected, read(world).heard_at) == (False, silent_since)


def test_a_new_status_ends_a_restart(world: DemoWorld, hours: Hours) -> None:
    restart(world)
    world.set_charger_status("310244", "Faulted")
    hours.pass_by(600)
    assert status(world) == ConnectorStatus.FAULTED


def test_a_restart_that_is_over_survives_a_change(world: DemoWorld, hours: Hours) -> None:
    restart(world)
    hours.pass_by(60)
    back_at = hours.now()
    hours.pass_by(60)
    world.set_charger_status("310244", "Charging", by="ane")
    assert read(world).booted_at == back_at


def test_what_there_is_not_is_answered_with_what_there_is(world: DemoWorld) -> None:
    there_are = "Use one of 310244, 310245, 310246, 310247"
    with pytest.raises(WorldError, match=f"no charger '1'. {there_are}"):
        world.connect("1", online=True)
    with pytest.raises(WorldError, match=f"no charger '1'. {there_are}"):
        world.let_restart_fail("1", fails=True)
    with pytest.raises(WorldError, match=r"no connector status 'Broken'. Use one of Available"):
        world.set_charger_status("310244", "Broken")
    with pytest.raises(WorldError, match=r"no error code 'Broken'. Use one of ConnectorLockFailure"):
        world.set_charger_status("310244", "Faulted", error="Broken")
