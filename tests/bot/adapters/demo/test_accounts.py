from __future__ import annotations

from decimal import Decimal

import pytest

from bot.adapters.demo.accounts import DemoAccounts
from bot.adapters.demo.errors import WorldError
from bot.adapters.demo.world import DemoWorld
from bot.tools.values import Money


def chf(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CHF")


def test_what_is_credited_adds_to_the_balance(world: DemoWorld) -> None:
    world.credit("10482", chf("20.00"))
    assert DemoAccounts(world).account("10482").balance == chf("58.20")


def test_a_balance_can_be_set_below_zero(world: DemoWorld) -> None:
    world.set_balance("10482", chf("-3.10"))
    assert DemoAccounts(world).account("10482").balance == chf("-3.10")


def test_a_credit_changes_nothing_else(world: DemoWorld) -> None:
    before = DemoAccounts(world).account("20917")
    world.credit("20917", chf("1.00"))
    assert DemoAccounts(world).account("20917") == before.model_copy(update={"balance": chf("113.40")})


def test_money_in_another_currency_cannot_be_credited(world: DemoWorld) -> None:
    with pytest.raises(WorldError, match=r"is kept in CHF, not in EUR. Give an amount in CHF"):
        world.credit("10482", Money(amount=Decimal(20), currency="EUR"))
    assert DemoAccounts(world).account("10482").balance == chf("38.20")


@pytest.mark.parametrize("amount", ["0.00", "-5.00"])
def test_only_an_amount_above_zero_can_be_credited(world: DemoWorld, amount: str) -> None:
    with pytest.raises(WorldError, match="Give an amount above 0"):
        world.credit("10482", chf(amount))


def test_an_unknown_account_is_answered_with_those_that_exist(world: DemoWorld) -> None:
    with pytest.raises(WorldError, match=r"no account '99999'. Use one of 40711, 10482, 20917, 30500"):
        world.credit("99999", chf("1.00"))
