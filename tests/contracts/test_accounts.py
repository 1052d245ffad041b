"""What every source of accounts must do."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.errors import NotFound, Unavailable
from bot.tools.ports import Accounts
from bot.tools.values import Money
from tests.contracts.backends import ACCOUNTS


@pytest.fixture(params=sorted(ACCOUNTS))
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def accounts(backend: str, tmp_path: Path) -> Iterator[Accounts]:
    with ACCOUNTS[backend](tmp_path, True) as port:
        yield port


@pytest.fixture
def silent(backend: str, tmp_path: Path) -> Iterator[Accounts]:
    with ACCOUNTS[backend](tmp_path, False) as port:
        yield port


@pytest.mark.parametrize(
    ("number", "amount"), [("40711", "49.80"), ("10482", "38.20"), ("20917", "112.40"), ("30500", "50.00")]
)
def test_an_account_has_its_balance(accounts: Accounts, number: str, amount: str) -> None:
    found = accounts.account(number)
    assert (found.number, found.vendor) == (number, "eponet")
    assert found.balance == Money(amount=Decimal(amount), currency="CHF")


def test_the_state_of_a_payment_method_that_the_system_tells_is_told(accounts: Accounts) -> None:
    assert accounts.account("20917").payment_valid is True


def test_the_state_of_a_payment_method_that_the_system_does_not_tell_is_not_guessed(accounts: Accounts) -> None:
    assert accounts.account("40711").payment_valid is None


def test_an_account_that_does_not_exist_is_not_found(accounts: Accounts) -> None:
    with pytest.raises(NotFound):
        accounts.account("99999")


@pytest.mark.parametrize("number", ["", "4071", "40711 ", "40711' or '1'='1", "../40711", "%"])
def test_only_the_very_number_finds_an_account(accounts: Accounts, number: str) -> None:
    with pytest.raises(NotFound):
        accounts.account(number)


def test_a_system_that_does_not_answer_is_unavailable(silent: Accounts) -> None:
    with pytest.raises(Unavailable):
        silent.account("40711")


def test_what_was_read_cannot_be_changed(accounts: Accounts) -> None:
    found = accounts.account("40711")
    with pytest.raises(ValidationError, match="frozen"):
        found.balance = None
