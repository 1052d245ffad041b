"""Refunds, passes and a driver's own data: work for people, filed once after a yes."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from bot.dialogue.flows.common import readable, the_account, told_outcome
from bot.dialogue.steps import (
    Driver,
    Reading,
    Request,
    Steps,
    ask,
    ask_text,
    confirm,
    offer,
    offer_choice,
    say,
    show,
)
from bot.tools.values import Account, Done, Outcome, PassState
from bot.understanding.slots import Slot


def refund(driver: Driver) -> Steps:
    """Records are sealed and may come weeks later (OCPI charge detail records): no instant refund is promised."""
    yield from show(driver.topic or "wrong-charge-refund")
    if (yield from offer_choice("refund", "yes", "no")) == "no":
        yield from say("refund/not_done")
        return
    account = yield from the_account("refund")
    if account is None:
        yield from show("find-account-number")
        return
    if not (yield from readable(account, "account")):
        return
    words = yield from ask_text("complaint")
    number = account.found.number
    outcome = yield from confirm(
        "refund", {"account": number, "description": words}, account=number, description=words or ""
    )
    yield from _tell_filed(outcome, "refund")


def pass_refused(driver: Driver) -> Steps:
    """MB1 to MB8: what the account says of itself and of the pass, then the article."""
    if driver.has(Slot.ACCOUNT):
        account = yield from the_account()
        if account is not None and (yield from readable(account, "account")):
            yield from _tell_pass(account, driver)
    yield from show(driver.topic or "pass-not-recognised")
    yield from offer("still")


def _tell_pass(reading: Reading[Account], driver: Driver) -> Generator[Request, Any, None]:
    account = reading.found
    if not account.active:
        yield from say("account/inactive", reading, account=account.number)
    if account.payment_valid is False:
        yield from say("pass/payment", reading)
    wanted = driver.fact(Slot.PASS)
    for each in account.passes:
        if _bare(wanted) == _bare(each.number) or (wanted is None and each.state is not PassState.ACTIVE):
            yield from say(f"pass/{each.state}", reading, number=each.number)


def _bare(number: str | None) -> str | None:
    """Printed numbers come with spaces, or without."""
    return "".join(number.split()) if number else None


def lost_pass(driver: Driver) -> Steps:
    """Have a lost pass blocked."""
    yield from show(driver.topic or "lost-pass")
    if (yield from offer_choice("block_pass", "yes", "no")) == "no":
        yield from say("block_pass/not_done")
        return
    number = yield from ask(Slot.PASS)
    if number is None:
        account = yield from the_account("block")
        if account is None or not (yield from readable(account, "account")):
            return
        number = account.found.number
    outcome = yield from confirm("block_pass", {"number": number}, **{"pass": number})
    yield from _tell_filed(outcome, "block_pass")


def order_pass(driver: Driver) -> Steps:
    """Order a pass for an account."""
    yield from show(driver.topic or "order-pass")
    if (yield from offer_choice("order_pass", "yes", "no")) == "no":
        yield from say("order_pass/not_done")
        return
    account = yield from the_account("order")
    if account is None:
        yield from show("find-account-number")
        return
    if not (yield from readable(account, "account")):
        return
    number = account.found.number
    outcome = yield from confirm("order_pass", {"account": number}, account=number)
    yield from _tell_filed(outcome, "order_pass")


def my_data(driver: Driver) -> Steps:
    """Export or erase a driver's data: only for who is signed in, never by what a message says."""
    yield from show(driver.topic or "delete-account-privacy")
    wanted = yield from offer_choice("my_data", "export", "erase", "no")
    if wanted == "no":
        yield from say("data/not_done")
        return
    if driver.identity is None:
        yield from say("data/sign_in")
        return
    action = "data_export" if wanted == "export" else "data_erasure"
    outcome = yield from confirm(action, {"user": driver.identity.user}, user=driver.identity.user)
    yield from _tell_filed(outcome, "data")


def _tell_filed(outcome: Outcome | None, what: str) -> Generator[Request, Any, None]:
    if (yield from told_outcome(outcome, what)) and isinstance(outcome, Done):
        yield from say(f"{what}/filed", reference=outcome.reference)
