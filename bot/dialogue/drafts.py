"""The ticket that people get: what was asked for, and everything that was learned on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.dialogue.turn import Turn
from bot.tools.values import Position, TicketDraft, TicketKind

LONGEST_WORDS = 600
"""Characters of the driver's own words in a summary; the whole conversation is linked."""


def draft_of(kind: TicketKind, arguments: Mapping[str, str], turn: Turn, why: str) -> TicketDraft:
    """The draft of a ticket. Arguments are the confirmed ones; facts fill what they leave open."""
    state = turn.state

    def known(slot: str) -> str | None:
        return arguments.get(slot) or state.value(slot)

    return TicketDraft(
        kind=kind,
        language=turn.language,
        summary="\n".join(_summary(arguments, turn, why)),
        category=arguments.get("category") or state.value("symptom"),
        station=known("station"),
        charger=known("charger"),
        account=known("account"),
        user=turn.access.user,
        position=_position(state.value("location")),
        photos=tuple(filter(None, arguments.get("photos", "").split(","))),
        conversation=turn.conversation,
    )


def _summary(arguments: Mapping[str, str], turn: Turn, why: str) -> Iterator[str]:
    state = turn.state
    yield f"About: {why}"
    yield f"Driver's words: {state.said[:LONGEST_WORDS]!r}"
    if description := arguments.get("description"):
        yield f"Description: {description[:LONGEST_WORDS]!r}"
    yield f"Language: {turn.language}"
    yield f"Vendor: {state.vendor or 'not identified'}"
    yield f"User: {turn.access.user or 'anonymous'}"
    for fact in state.facts.values():
        yield f"{fact.slot}: {fact.value if fact.value is not None else 'the driver does not have it'} ({fact.source})"
    for call, read in state.readings.items():
        yield f"{call}: {read.outcome} {read.value or read.reason or ''}"[:LONGEST_WORDS]
    for answered in state.proposals.values():
        outcome = answered.outcome.kind if answered.outcome else answered.answer or "not answered"
        yield f"Action {answered.proposal.action}: {outcome}"
    if state.topic:
        yield f"Last article: {state.topic}"


def _position(location: str | None) -> Position | None:
    if not location:
        return None
    latitude, longitude = map(float, location.split(","))
    return Position(latitude=latitude, longitude=longitude)
