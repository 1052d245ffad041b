"""plugdesk ocpp …, run as from a shell."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.adapters.ocpp.chargers import open_ocpp
from bot.adapters.ocpp.database import OcppDatabase
from bot.adapters.ocpp.orders import Action, Order, Orders
from bot.adapters.ocpp.passwords import matches
from bot.adapters.ocpp.rules import OcppRules
from bot.adapters.ocpp.state import OcppState
from bot.cli import main
from bot.tools.values import Unsure
from tests.bot.adapters.ocpp.simulator import Running, running


def plugdesk(folder: Path, *arguments: str, given: str = "") -> Result:
    variables = {"PLUGDESK_CHARGERS": f"ocpp:///{folder / 'ocpp.db'}"}
    return CliRunner().invoke(main, ["ocpp", *arguments], input=given, env=variables)


def kept(folder: Path, charger: str) -> str | None:
    database = OcppDatabase(folder / "ocpp.db")
    found = OcppState(database, OcppRules.load()).password(charger)
    database.close()
    return found


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, "C1") as found:
        yield found


def test_a_password_is_made_up_and_shown_once(tmp_path: Path) -> None:
    shown = re.search(r"It is (\S+) and", plugdesk(tmp_path, "add", "C1").output)
    assert shown
    assert matches(shown[1], kept(tmp_path, "C1"))


def test_a_password_that_is_asked_for_is_not_shown(tmp_path: Path) -> None:
    done = plugdesk(tmp_path, "add", "C1", "--ask", given="my-own-password-1\nmy-own-password-1\n")
    assert "my-own" not in done.output
    assert matches("my-own-password-1", kept(tmp_path, "C1"))


def test_a_password_that_is_too_short_is_refused(tmp_path: Path) -> None:
    done = plugdesk(tmp_path, "add", "C1", "--ask", given="short\nshort\n")
    assert (done.exit_code, "16 to 40" in done.output) == (1, True)


@pytest.mark.parametrize("charger", ["", "a/b", "a:b", "ø", "x" * 49])
def test_an_id_that_cannot_stand_in_an_address_is_refused(tmp_path: Path, charger: str) -> None:
    assert plugdesk(tmp_path, "add", charger).exit_code == 2


def test_chargers_are_listed_as_they_last_reported(tmp_path: Path, gateway: Running) -> None:
    gateway.plug().boot()
    line = plugdesk(tmp_path, "list").output
    assert line.startswith("C1  connected  -  Copper SB  heard 2")


def test_without_a_gateway_the_list_says_so(tmp_path: Path) -> None:
    plugdesk(tmp_path, "add", "C1")
    assert "plugdesk ocpp serve" in plugdesk(tmp_path, "list").output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["restart", "C1"], ("Reset", {"type": "Soft"})),
        (["unlock", "C1", "--connector", "2"], ("UnlockConnector", {"connector_id": 2})),
        (["trigger", "C1", "StatusNotification"], ("TriggerMessage", {"requested_message": "StatusNotification"})),
    ],
)
def test_a_charger_is_told(tmp_path: Path, gateway: Running, arguments: list[str], told: object) -> None:
    charger = gateway.plug()
    charger.boot()
    assert plugdesk(tmp_path, *arguments).output == "The charger accepted it.\n"
    assert charger.point.told == [told]


def test_a_refusal_is_said_to_be_one(tmp_path: Path, gateway: Running) -> None:
    done = plugdesk(tmp_path, "restart", "C1")
    assert (done.exit_code, "refused: not_connected" in done.output) == (1, True)


def test_a_charger_that_there_is_not_is_said_not_to_be(tmp_path: Path, gateway: Running) -> None:
    assert "There is no charger C9." in plugdesk(tmp_path, "restart", "C9").output


def test_other_chargers_than_these_have_no_such_commands() -> None:
    done = CliRunner().invoke(main, ["ocpp", "list"], env={"PLUGDESK_CHARGERS": "demo:///x.db"})
    assert (done.exit_code, "ocpp:///path/to/ocpp.db" in done.output) == (1, True)


def serving(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """A gateway in a process of its own, and the first line that it says."""
    program = "from bot.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "ocpp", "serve", "--port", "0"],
        env={"PLUGDESK_CHARGERS": f"ocpp:///{folder / 'ocpp.db'}", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        # A shell lets what it starts in the background ignore interrupts, and the tests with it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    return process, line


def ended(process: subprocess.Popen[str], by: signal.Signals) -> int:
    process.send_signal(by)
    process.communicate(timeout=60)
    return process.returncode


def test_a_gateway_says_where_it_serves_and_ends_by_an_interrupt(tmp_path: Path) -> None:
    process, line = serving(tmp_path)
    assert re.fullmatch(r"Chargers connect to ws://127\.0\.0\.1:\d+/CHARGER\n", line)
    assert ended(process, signal.SIGINT) == 0


def test_a_gateway_that_is_killed_leaves_unsure_what_it_had_taken(tmp_path: Path) -> None:
    process, _ = serving(tmp_path)
    ended(process, signal.SIGKILL)
    database = OcppDatabase(tmp_path / "ocpp.db")
    OcppState(database, OcppRules.load()).add("C1", "hash")
    orders = Orders(database)
    # As if it had been killed between taking the order and writing down what became of it.
    orders.put(Order("key-1", "C1", Action.RESET), 60)
    assert len(orders.take()) == 1
    process, _ = serving(tmp_path)
    chargers = open_ocpp(tmp_path / "ocpp.db")
    assert chargers.restart("C1", "key-1") == Unsure(reason="gateway_stopped")
    chargers.close()
    database.close()
    ended(process, signal.SIGKILL)
