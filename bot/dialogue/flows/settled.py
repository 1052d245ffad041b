"""Unasked, after a crash: what became of an action that was under way."""

from __future__ import annotations

from bot.dialogue.steps import Driver, Steps, say


def action_settled(driver: Driver) -> Steps:
    """It ran, it was refused, or nobody can tell; in that case it is not tried again."""
    reference = driver.arguments.get("reference")
    if driver.arguments["outcome"] == "done":
        yield from say("settled/done_reference" if reference else "settled/done", reference=reference)
    else:
        yield from say(f"settled/{driver.arguments['outcome']}")
