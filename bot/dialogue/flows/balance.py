"""Balance and top-up (EP2)."""

from __future__ import annotations

from collections.abc import Generator
from decimal import Decimal
from typing import Any

from bot.dialogue.flows.common import readable, the_account
from bot.dialogue.steps import Driver, Reading, Request, Said, Steps, invite, offer, say, show
from bot.tools.values import Account, Money
from bot.understanding.slots import Slot

TOP_UP = "top-up-account"


def balance(driver: Driver) -> Steps:
    """The balance against the minimum, then how to top up."""
    if not driver.has(Slot.ACCOUNT):
        yield from show(driver.topic or TOP_UP)
        _, number = yield from invite(Slot.ACCOUNT, about="balance")
        if number is None:
            yield from show("find-account-number")
            return
    account = yield from the_account()
    if account is None:
        return
    if not (yield from readable(account, "account")):
        if account.outcome == "unknown":
            yield from show(driver.topic or TOP_UP)
        return
    enough = yield from tell_balance(account, driver)
    if not enough or driver.topic == TOP_UP:
        yield from show(TOP_UP)
    yield from offer("again")


def tell_balance(reading: Reading[Account], driver: Driver) -> Generator[Request, Any, bool]:
    """Say the balance as it is now; False where no charge can start with it."""
    account = reading.found
    if not account.active:
        yield from say("account/inactive", reading, account=account.number)
        return False
    if account.balance is None:
        yield from say("account/no_balance", reading, account=account.number)
        return True
    minimum = account.minimum or _vendor_minimum(driver, account.vendor)
    values: dict[str, Said] = {"account": account.number, "balance": account.balance, "at": reading.at}
    if minimum is None or minimum.currency != account.balance.currency:
        yield from say("account/balance", reading, **values)
        return True
    # EP2: 49.80 is blocked, exactly 50.00 starts.
    if account.balance.amount < minimum.amount:
        missing = Money(amount=minimum.amount - account.balance.amount, currency=minimum.currency)
        yield from say("account/low", reading, minimum=minimum, missing=missing, **values)
        return False
    yield from say("account/enough", reading, minimum=minimum, **values)
    return True


def _vendor_minimum(driver: Driver, vendor: str | None) -> Money | None:
    fact = driver.of_vendor(vendor, "minimum_balance")
    return Money(amount=Decimal(fact["amount"]), currency=fact["currency"]) if fact else None
