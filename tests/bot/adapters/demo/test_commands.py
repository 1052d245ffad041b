from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from bot.adapters.demo.commands import world as group
from bot.adapters.demo.world import DemoWorld


class Terminal:
    """Types commands, and looks at the world that they leave."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def type(self, line: str) -> Result:
        return CliRunner().invoke(group, line, obj=self._path)

    def found(self, kind: str, field: str, key: str) -> dict[str, object]:
        """The thing of that kind and key."""
        world = DemoWorld(self._path)
        things = world.snapshot()[kind]
        world.close()
        return next(each for each in things if each[field] == key)


@pytest.fixture
def terminal(path: Path) -> Terminal:
    return Terminal(path)


def station_of(terminal: Terminal) -> dict[str, object]:
    return terminal.found("station", "number", "4521")


def charger_of(terminal: Terminal) -> dict[str, object]:
    return terminal.found("charger", "id", "310244")


@pytest.mark.parametrize(
    ("line", "amount", "says"),
    [
        ("credit 10482 20.00", "58.20", "Account 10482 has CHF 58.20."),
        ("credit 10482 20.00 --currency CHF", "58.20", "Account 10482 has CHF 58.20."),
        ("balance 10482 50.00", "50.00", "Account 10482 has CHF 50.00."),
        ("balance 10482 -3.10", "-3.10", "Account 10482 has CHF -3.10."),
    ],
)
def test_money(terminal: Terminal, line: str, amount: str, says: str) -> None:
    result = terminal.type(line)
    assert (result.exit_code, result.output.strip()) == (0, says)
    assert terminal.found("account", "number", "10482")["balance"] == {"amount": amount, "currency": "CHF"}


def test_a_station(terminal: Terminal) -> None:
    result = terminal.type("station 4521 OUTOFORDER")
    assert (result.exit_code, result.output) == (
        0, "Station 4521 is OUTOFORDER, its charger says Faulted (OtherError).\n",
    )  # fmt: skip
    assert station_of(terminal)["status"] == "OUTOFORDER"


def test_a_station_whose_charger_says_more(terminal: Terminal) -> None:
    assert terminal.type("station 4521 INOPERATIVE --connector Faulted --error GroundFailure").exit_code == 0
    connector = station_of(terminal)["connector"]
    assert isinstance(connector, dict)
    assert (connector["status"], connector["error"]) == ("Faulted", "GroundFailure")


def test_a_station_that_is_not_heard_of(terminal: Terminal) -> None:
    result = terminal.type("station 4521 UNKNOWN")
    assert (result.exit_code, result.output) == (0, "Station 4521 is UNKNOWN.\n")


def test_a_session_begins(terminal: Terminal) -> None:
    result = terminal.type("session 30500 4521")
    assert (result.exit_code, result.output) == (0, "Session S-50002 of account 30500 at station 4521 is ACTIVE.\n")
    assert station_of(terminal)["status"] == "CHARGING"


def test_a_session_ends(terminal: Terminal) -> None:
    result = terminal.type("session 20917 --end")
    assert (result.exit_code, result.output) == (0, "Session S-50001 of account 20917 at station 4512 is COMPLETED.\n")
    assert terminal.found("session", "id", "S-50001")["status"] == "COMPLETED"


@pytest.mark.parametrize("line", ["session 20917", "session 20917 4521 --end"])
def test_a_session_either_begins_or_ends(terminal: Terminal, line: str) -> None:
    result = terminal.type(line)
    assert result.exit_code == 2
    assert "Give a station to begin a session, or --end" in result.output


@pytest.mark.parametrize(("option", "connected"), [("--offline", False), ("--online", True)])
def test_the_connection_of_a_charger(terminal: Terminal, option: str, connected: bool) -> None:
    result = terminal.type(f"charger 310244 {option}")
    assert (result.exit_code, "not connected" in result.output) == (0, not connected)
    assert charger_of(terminal)["connected"] == connected


def test_the_status_of_a_charger(terminal: Terminal) -> None:
    result = terminal.type("charger 310244 --status Charging --by per")
    assert (result.exit_code, result.output) == (0, "Charger 310244 is connected and says Charging (NoError).\n")
    assert charger_of(terminal)["charging_by"] == "per"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("charger 310244", "Give --offline, --online or --status"),
        ("charger 310244 --online --by per", "--error and --by need --status"),
    ],
)
def test_a_change_of_a_charger_that_says_too_little_is_refused(terminal: Terminal, line: str, complaint: str) -> None:
    result = terminal.type(line)
    assert result.exit_code == 2
    assert complaint in result.output


@pytest.mark.parametrize(("option", "says"), [("--yes", "stays away"), ("--no", "comes back")])
def test_whether_restarts_fail(terminal: Terminal, option: str, says: str) -> None:
    result = terminal.type(f"restart-fails 310244 {option}")
    assert (result.exit_code, result.output) == (0, f"Charger 310244 {says} after its next restart.\n")


def test_whether_restarts_fail_must_be_said(terminal: Terminal) -> None:
    result = terminal.type("restart-fails 310244")
    assert result.exit_code == 2
    assert "Give --yes or --no" in result.output


def test_an_incident(terminal: Terminal) -> None:
    result = terminal.type('incident eponet "Payments delayed" --impact major --component Payments --status monitoring')
    assert (result.exit_code, result.output) == (0, "The status page of eponet says major.\n")
    incidents = terminal.found("platform", "vendor", "eponet")["incidents"]
    assert isinstance(incidents, list)
    (incident,) = incidents
    assert (incident["name"], incident["status"]) == ("Payments delayed", "monitoring")


def test_an_incident_is_minor_unless_said(terminal: Terminal) -> None:
    assert terminal.type('incident eponet "Payments delayed"').output == "The status page of eponet says minor.\n"


def test_an_incident_is_resolved(terminal: Terminal) -> None:
    terminal.type('incident eponet "Payments delayed"')
    result = terminal.type("resolve eponet")
    assert (result.exit_code, result.output) == (0, "The status page of eponet says none.\n")


def test_trouble(terminal: Terminal) -> None:
    result = terminal.type("trouble chargers timeout --seconds 5")
    assert (result.exit_code, result.output) == (0, "chargers is in trouble: timeout.\n")
    assert terminal.found("trouble", "tool", "chargers") == {"tool": "chargers", "kind": "timeout", "seconds": 5.0}


def test_trouble_is_switched_off(terminal: Terminal) -> None:
    terminal.type("trouble chargers timeout")
    result = terminal.type("trouble chargers off")
    assert (result.exit_code, result.output) == (0, "chargers is well again.\n")
    assert yaml.safe_load(terminal.type("show").output)["trouble"] == []


def test_everything_is_shown(terminal: Terminal) -> None:
    shown = yaml.safe_load(terminal.type("show").output)
    assert {kind: len(things) for kind, things in shown.items()} == {
        "account": 4, "station": 4, "charger": 4, "group": 1, "session": 1, "platform": 5, "report": 2, "trouble": 0,
        "command": 0,
    }  # fmt: skip


def test_the_beginning_comes_back(terminal: Terminal) -> None:
    terminal.type("station 4521 OUTOFORDER")
    assert terminal.type("reset").exit_code == 0
    assert station_of(terminal)["status"] == "AVAILABLE"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("credit 99999 1", "The demo world has no account '99999'. Use one of 40711, 10482, 20917, 30500."),
        ("credit 10482 5 --currency EUR", "Give an amount in CHF."),
        ("station 9999 AVAILABLE", "Use one of 4521, 4512, 7781, 3002."),
        ("station 4521 OUTOFORDER --error Broken", "Use one of ConnectorLockFailure,"),
        ("session 30500 4512", "Session S-50001 of account 20917 runs at station 4512. End it first."),
        ("charger 1 --online", "Use one of 310244, 310245, 310246, 310247."),
        ("restart-fails 1 --yes", "Use one of 310244, 310245, 310246, 310247."),
        ("incident nobody x", "Use one of eponet, enelx, mbrella, chargepoint, wallbox."),
        ("incident eponet x --component Moon", "Use one of Portal, Payments, Charging sessions."),
        ("resolve nobody", "Use one of eponet, enelx, mbrella, chargepoint, wallbox."),
        ("trouble chargers latency --seconds 9999", "Give 0 to 600."),
    ],
)
def test_what_there_is_not_ends_the_command_with_what_there_is(terminal: Terminal, line: str, complaint: str) -> None:
    result = terminal.type(line)
    assert result.exit_code == 1
    assert complaint in result.output


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("credit 10482 much", "'much' is no amount. Write it like 20.00."),
        ("credit 10482 nan", "'nan' is no amount."),
        ("balance 10482 1e999999999", "is no amount"),
        ("credit 10482 20.005", "is no amount"),
        ("credit 10482 5 --currency chf", "'chf' is no currency. Give three capital letters, such as CHF."),
        ("station 4521 BROKEN", "'AVAILABLE', 'BLOCKED', 'CHARGING'"),
        ("station 4521 AVAILABLE --connector broken", "'Available', 'Preparing'"),
        ("charger 310244 --status broken", "'Available', 'Preparing'"),
        ("incident eponet x --impact huge", "'none', 'minor', 'major', 'critical'"),
        ("trouble weather error", "'accounts', 'status'"),
        ("trouble chargers rain", "'latency', 'timeout', 'error', 'nonsense', 'off'"),
    ],
)
def test_a_word_that_there_is_not_is_answered_with_those_that_there_are(
    terminal: Terminal, line: str, complaint: str
) -> None:
    result = terminal.type(line)
    assert result.exit_code == 2
    assert complaint in result.output


def test_a_path_where_no_file_can_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = Terminal(tmp_path / "file" / "world.db").type("show")
    assert result.exit_code == 1
    assert "PLUGDESK_WORLD" in result.output
