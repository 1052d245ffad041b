"""What every way to chargers must do; that a restart works shows later, in each backend's own tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.errors import NotFound, Unavailable
from bot.tools.ports import Chargers
from bot.tools.values import ConnectorStatus, Done, RefusalReason, Refused
from tests.contracts.backends import CHARGERS, PORTALS


@pytest.fixture(params=sorted(CHARGERS))
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def chargers(backend: str, tmp_path: Path) -> Iterator[Chargers]:
    with CHARGERS[backend](tmp_path, True) as port:
        yield port


@pytest.fixture
def silent(backend: str, tmp_path: Path) -> Iterator[Chargers]:
    with CHARGERS[backend](tmp_path, False) as port:
        yield port


@pytest.fixture(params=sorted(PORTALS))
def portal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Chargers]:
    with PORTALS[request.param](tmp_path, True) as port:
        yield port


@pytest.mark.parametrize(
    ("charger", "model", "connected"),
    [
        ("310244", "Copper SB", True),
        ("310245", "Pulsar", True),
        ("310246", "Commander 2", False),
        ("310247", "Copper SB", True),
    ],
)
def test_a_charger_is_found_by_its_id(chargers: Chargers, charger: str, model: str, connected: bool) -> None:
    found = chargers.charger(charger)
    assert (found.id, found.model, found.connected) == (charger, model, connected)


def test_a_charger_says_when_it_booted(chargers: Chargers) -> None:
    booted_at = chargers.charger("310244").booted_at
    assert booted_at is not None
    assert booted_at.tzinfo is not None


def test_a_charger_says_how_it_is(chargers: Chargers) -> None:
    connector = chargers.charger("310244").connector
    assert connector is not None
    assert (connector.status, connector.error) == (ConnectorStatus.AVAILABLE, "NoError")


@pytest.mark.parametrize("charger", ["", "310240", "31024", "310244' or '1'='1", "../310244", "%"])
def test_a_charger_that_does_not_exist_is_not_found(chargers: Chargers, charger: str) -> None:
    with pytest.raises(NotFound):
        chargers.charger(charger)


def test_a_restart_is_accepted(chargers: Chargers) -> None:
    assert isinstance(chargers.restart("310244", "key-1"), Done)


def test_the_same_key_again_has_the_same_outcome(chargers: Chargers) -> None:
    first = chargers.restart("310244", "key-1")
    assert chargers.restart("310244", "key-1") == first


def test_a_charger_that_is_not_connected_is_not_restarted(chargers: Chargers) -> None:
    assert chargers.restart("310246", "key-1") == Refused(reason=RefusalReason.NOT_CONNECTED)


def test_a_charger_that_does_not_exist_is_not_restarted(chargers: Chargers) -> None:
    with pytest.raises(NotFound):
        chargers.restart("310240", "key-1")


def test_a_charger_lets_go_of_the_cable_once_for_a_key(chargers: Chargers) -> None:
    first = chargers.unlock("310244", "key-1")
    assert isinstance(first, Done)
    assert chargers.unlock("310244", "key-1") == first


def test_a_charger_that_is_not_connected_is_not_unlocked(chargers: Chargers) -> None:
    assert chargers.unlock("310246", "key-1") == Refused(reason=RefusalReason.NOT_CONNECTED)


def test_a_charger_that_does_not_exist_is_not_unlocked(chargers: Chargers) -> None:
    with pytest.raises(NotFound):
        chargers.unlock("310240", "key-1")


def test_a_system_that_does_not_answer_a_read_is_unavailable(silent: Chargers) -> None:
    with pytest.raises(Unavailable):
        silent.charger("310244")


def test_a_system_that_does_not_answer_a_command_is_unavailable(silent: Chargers) -> None:
    with pytest.raises(Unavailable):
        silent.restart("310244", "key-1")


def test_what_was_read_cannot_be_changed(chargers: Chargers) -> None:
    found = chargers.charger("310244")
    with pytest.raises(ValidationError, match="frozen"):
        found.connected = False


@pytest.mark.parametrize(
    ("charger", "plan"),
    [("310244", "Business"), ("310245", "Business"), ("310246", "Standard"), ("310247", "Basic")],
)
def test_a_charger_has_its_vendor_and_plan(portal: Chargers, charger: str, plan: str) -> None:
    found = portal.charger(charger)
    assert (found.vendor, found.plan) == ("wallbox", plan)


@pytest.mark.parametrize("charger", ["310244", "310245", "310246", "310247"])
@pytest.mark.parametrize(("user", "role"), [("ane", "super-administrator"), ("per", "user")])
def test_a_user_has_a_role_for_every_charger_of_the_group(portal: Chargers, charger: str, user: str, role: str) -> None:
    assert portal.role(charger, user) == role


@pytest.mark.parametrize("user", ["kari", "", "ANE", "ane' or '1'='1"])
def test_a_stranger_has_no_role(portal: Chargers, user: str) -> None:
    assert portal.role("310244", user) is None


def test_nobody_has_a_role_for_a_charger_that_does_not_exist(portal: Chargers) -> None:
    with pytest.raises(NotFound):
        portal.role("310240", "ane")
