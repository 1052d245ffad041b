"""``plugdesk connector check FILE``, run as from a shell."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.bot.adapters.http.opened import EXAMPLE, a_file, environment
from tests.bot.adapters.http.server import TOKEN, ExampleServer

ACCOUNT = ("--call", "accounts.account", "--with")
RESTART = ("--call", "chargers.restart", "--with", "charger=310244")


def check(file: Path, *options: str, url: str | None = None) -> Result:
    variables = environment(url) if url else {"EXAMPLE_URL": None, "EXAMPLE_TOKEN": None}
    return CliRunner(env=variables).invoke(main, ["connector", "check", str(file), *options])


def assert_explained(result: Result, *words: str) -> None:
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code in (1, 2)
    assert [word for word in words if word not in result.stderr] == []


def test_ports_and_variables_are_told(server: ExampleServer) -> None:
    result = check(EXAMPLE, url=server.url)
    assert result.exit_code == 0
    assert "  chargers: chargers.charger, chargers.role, chargers.restart, chargers.unlock\n" in result.stdout
    assert "  EXAMPLE_TOKEN: set\n" in result.stdout
    assert TOKEN not in result.output
    assert server.seen == []


def test_a_variable_that_is_missing_is_told() -> None:
    result = check(EXAMPLE)
    assert result.exit_code == 0
    assert "  EXAMPLE_TOKEN: missing\n" in result.stdout


def test_a_port_that_lacks_a_call_is_told(tmp_path: Path) -> None:
    role = {"method": "GET", "path": "/{charger}/{user}", "response": {"role": "role"}}
    result = check(a_file(tmp_path, calls={"chargers.role": role}))
    assert "  chargers: chargers.role; cannot serve without chargers.charger\n" in result.stdout


def test_a_secret_that_would_travel_in_the_clear_is_warned_of(server: ExampleServer, tmp_path: Path) -> None:
    assert "travels in the clear" in check(EXAMPLE, url=server.url).stdout
    assert "travels in the clear" not in check(EXAMPLE, url="https://example.com").stdout


def test_a_call_shows_what_was_read(server: ExampleServer) -> None:
    result = check(EXAMPLE, *ACCOUNT, "number=40711", url=server.url)
    assert result.exit_code == 0
    assert '"amount": "49.80"' in result.stdout


def test_a_thing_that_there_is_not_is_told(server: ExampleServer) -> None:
    result = check(EXAMPLE, *ACCOUNT, "number=99999", url=server.url)
    assert "accounts.account: The system says that there is no such thing." in result.stdout


def test_a_value_that_no_system_can_be_asked_for_is_told(server: ExampleServer) -> None:
    result = check(EXAMPLE, *ACCOUNT, "number=../x", url=server.url)
    assert "No system can be asked for this number; nothing was sent." in result.stdout
    assert server.seen == []


def test_what_does_not_fit_is_shown_with_its_expression(server: ExampleServer) -> None:
    server.behaviour = "wrong_types"
    result = check(EXAMPLE, *ACCOUNT, "number=40711", url=server.url)
    assert_explained(result, "vendor: input should be a valid string", "    provider\n", '    gave {"a": 1}')


@pytest.mark.parametrize(("behaviour", "says"), [("error", "answered 500."), ("html", "a page of HTML.")])
def test_a_system_that_does_not_answer_is_told(server: ExampleServer, behaviour: str, says: str) -> None:
    server.behaviour = behaviour
    assert_explained(check(EXAMPLE, *ACCOUNT, "number=40711", url=server.url), "example-back-end answered", says)


def test_a_command_is_not_sent(server: ExampleServer) -> None:
    assert_explained(check(EXAMPLE, *RESTART, url=server.url), "chargers.restart is a command", "--really")
    assert server.seen == []


def test_a_command_is_sent_where_that_is_really_meant(server: ExampleServer) -> None:
    result = check(EXAMPLE, *RESTART, "--really", url=server.url)
    assert '"reference": "C-1"' in result.stdout
    assert server.seen[0].headers["idempotency-key"].startswith("check-")


def test_a_refusal_is_told(server: ExampleServer) -> None:
    result = check(EXAMPLE, "--call", "chargers.restart", "--with", "charger=310246", "--really", url=server.url)
    assert "refused: not_connected (refused_when)" in result.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--call", "accounts.acount"), "has no call accounts.acount. It has accounts.account, "),
        (("--call", "accounts.account"), "accounts.account needs --with number="),
        ((*ACCOUNT, "nmuber=1"), "accounts.account has no argument 'nmuber'. Use number."),
    ],
)
def test_a_call_that_cannot_be_made_says_what_can(server: ExampleServer, options: tuple[str, ...], says: str) -> None:
    assert_explained(check(EXAMPLE, *options, url=server.url), says)


def test_a_call_without_its_secret_says_which(server: ExampleServer) -> None:
    assert_explained(check(EXAMPLE, *ACCOUNT, "number=40711"), "needs EXAMPLE_URL. Set it in the environment.")


def test_a_file_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    assert_explained(check(a_file(tmp_path, name=None)), "connector.yaml cannot be used", "the key name is missing")
