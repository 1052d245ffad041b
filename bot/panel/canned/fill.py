"""Fills canned replies in from a conversation. What has no value there is not guessed: that reply is not offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.panel.canned.actions import Action
from bot.panel.canned.replies import CannedReplies, CannedReply
from bot.panel.values import PanelLanguage
from bot.state import ConversationState
from bot.tools.values import Done

Blanks = Mapping[str, str]
"""Values by their names, such as ``station``; what is not known is not in it."""


@dataclass(frozen=True)
class Filled:
    """A reply that can be sent now."""

    name: str
    title: str
    when: str
    text: str
    """In the driver's language."""
    language: str
    readable: str
    """In the agent's."""
    action: Action | None


def blanks_of(state: ConversationState, agent: str) -> Blanks:
    """What the conversation gives to fill in, and the agent's name."""
    known = {slot: state.facts[slot].value for slot in ("station", "account") if slot in state.facts}
    known |= {"ticket": _ticket(state), "agent": agent}
    return {name: value for name, value in known.items() if value}


def filled(reply: CannedReply, blanks: Blanks, driver: str, agent: PanelLanguage) -> Filled | None:
    """The reply in both languages; None where a value is missing."""
    if not reply.blanks <= blanks.keys():
        return None
    return Filled(
        reply.name,
        reply.title[agent],
        reply.when[agent],
        reply.text[driver].format_map(blanks),
        driver,
        reply.text[agent].format_map(blanks),
        reply.action,
    )


def fitting(
    replies: CannedReplies, blanks: Blanks, vendor: str | None, driver: str, agent: PanelLanguage
) -> Sequence[Filled]:
    """All that can be sent to a driver of that vendor, by title, those without an action first."""
    found = _fitting(replies, blanks, vendor, driver, agent)
    return sorted(found, key=lambda each: (each.action is not None, each.title.casefold()))


def _fitting(
    replies: CannedReplies, blanks: Blanks, vendor: str | None, driver: str, agent: PanelLanguage
) -> Iterator[Filled]:
    for reply in replies.all:
        if reply.vendor in (None, vendor) and (found := filled(reply, blanks, driver, agent)) is not None:
            yield found


def _ticket(state: ConversationState) -> str | None:
    """The newest that was linked, or else filed."""
    if state.care.tickets:
        return state.care.tickets[-1]
    filed = [each.reference for each in state.acted.values() if isinstance(each, Done) and each.reference]
    return filed[-1] if filed else None
