"""An article's steps one at a time, for somebody who stands at the station with a phone in one hand."""

from __future__ import annotations

from bot.dialogue.steps import Driver, Steps, choose_after_step, count_steps, offer, say, show, show_step


def walkthrough(driver: Driver) -> Steps:
    """One step, then "done" or "still not working"."""
    topic = driver.arguments["topic"]
    steps = yield from count_steps(topic)
    if not steps:
        yield from show(topic)
        return
    for number in range(1, steps + 1):
        yield from show_step(topic, number)
        answer = yield from choose_after_step(number, "done", "works")
        if answer == "works":
            yield from say("command/works")
            return
    yield from show(topic, "next")
    yield from offer(topics=("report-broken-station",))
