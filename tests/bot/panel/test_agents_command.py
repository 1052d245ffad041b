"""``plugdesk agents …``: accounts from the command line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from bot.adapters.panel.commands import agents as commands
from bot.adapters.panel.sqlite import PanelFile
from bot.adapters.sqlite import IN_MEMORY
from bot.panel.accounts import Accounts
from tests.bot.panel.browsers import PASSWORD, a_sign_in
from tests.doubles import SteppingClock

KARI = "kari@example.org"


@pytest.fixture
def accounts() -> Iterator[Accounts]:
    file = PanelFile(IN_MEMORY)
    yield Accounts(a_sign_in(file, SteppingClock()))
    file.close()


def run(accounts: Accounts, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(commands, words, obj=accounts, input=typed)


@pytest.fixture
def kari(accounts: Accounts) -> Accounts:
    assert run(accounts, "add", KARI, "Kari", "--role", "admin", typed=f"{PASSWORD}\n").exit_code == 0
    return accounts


def test_an_account_is_made_with_the_password_of_standard_input(kari: Accounts) -> None:
    secret = kari.sign_in.with_password(KARI, PASSWORD, "192.0.2.1")
    found = kari.sign_in.who(secret)
    assert found is not None
    assert (found[0].name, found[0].role) == ("Kari", "admin")


@pytest.mark.parametrize(
    ("email", "name", "typed", "told"),
    [
        (KARI, "Kari", "", "There is no password"),
        (KARI, "Kari", "short\n", "at least 15 characters"),
        (KARI, "Kari", "passwordpassword\n", "easy to guess"),
        ("kari", "Kari", f"{PASSWORD}\n", "email: this is no e-mail address"),
        (KARI, " ", f"{PASSWORD}\n", "name: a name has letters"),
    ],
)
def test_what_cannot_be_an_account_is_told(accounts: Accounts, email: str, name: str, typed: str, told: str) -> None:
    result = run(accounts, "add", email, name, typed=typed)
    assert result.exit_code == 1
    assert told in result.output
    assert accounts.sign_in.agents.all() == []


def test_a_second_account_of_an_address_is_refused(kari: Accounts) -> None:
    result = run(kari, "add", "KARI@example.org", "Other", typed=f"{PASSWORD}\n")
    assert "There is an account for kari@example.org already." in result.output


def test_accounts_are_listed(kari: Accounts) -> None:
    assert run(kari, "list").output == "kari@example.org  Kari  admin  en  made 2026-11-21\n"


@pytest.mark.parametrize("words", [("lock", KARI), ("remove", KARI), ("role", KARI, "agent")], ids=str)
def test_the_last_administrator_stays(kari: Accounts, words: tuple[str, ...]) -> None:
    result = run(kari, *words)
    assert result.exit_code == 1
    assert "last administrator" in result.output


def test_accounts_are_changed(kari: Accounts) -> None:
    kari.add("Ada", "ada@example.org", "admin", "en", "test")
    assert "  lead  " in run(kari, "role", KARI, "lead").output
    assert "locked" in run(kari, "lock", KARI).output
    assert "locked" not in run(kari, "unlock", KARI).output
    assert run(kari, "remove", KARI).output == "kari@example.org is removed.\n"
    by = {entry.by for _, entry in kari.sign_in.audit.latest(4)}
    assert by == {"command line"}


def test_a_new_password_and_signing_out_end_sessions(kari: Accounts) -> None:
    secret = kari.sign_in.with_password(KARI, PASSWORD, "192.0.2.1")
    assert run(kari, "sign-out", KARI).output == "kari@example.org is signed out of 1 browser.\n"
    assert kari.sign_in.who(secret) is None
    secret = kari.sign_in.with_password(KARI, PASSWORD, "192.0.2.1")
    assert run(kari, "password", KARI, typed="seven brass spoons over a lake\n").exit_code == 0
    assert kari.sign_in.who(secret) is None


@pytest.mark.parametrize("words", [("lock", "x@example.org"), ("sign-out", "x"), ("role", "x", "lead")], ids=str)
def test_an_account_that_there_is_not_is_told(accounts: Accounts, words: tuple[str, ...]) -> None:
    result = run(accounts, *words)
    assert result.exit_code == 1
    assert "plugdesk agents list" in result.output
