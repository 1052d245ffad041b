"""An agent looks at an account, a station, a charger, a session or a status page, for one conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.care import Person
from bot.conversation import Conversations
from bot.dialogue.steps import Call
from bot.events import ToolRead
from bot.state import ConversationState
from bot.tools.access import Access

CheckKind = Literal["account", "session", "station", "charger", "status"]
CALLS: dict[CheckKind, tuple[str, str]] = {
    "account": ("accounts.account", "number"),
    "session": ("sessions.active", "account"),
    "station": ("stations.station", "station"),
    "charger": ("chargers.charger", "charger"),
    "status": ("status.status", "vendor"),
}
"""Which read each is, and what it needs."""
SLOTS: dict[CheckKind, str] = {
    "account": "account",
    "session": "account",
    "station": "station",
    "charger": "charger",
    "status": "vendor",
}
"""Where a conversation keeps that value."""
STAFF = Access(identity=None, accounts_need="token", staff=True)


@dataclass(frozen=True)
class Checks:
    """Reads as staff may. What is found stands in that conversation alone, with the name of who looked."""

    talks: Conversations

    def look(self, kind: CheckKind, value: str) -> ToolRead:
        """What the source system says now; nothing is kept. It never raises for the source system."""
        tool, argument = CALLS[kind]
        _, (read,) = self.talks.reads.begin(STAFF, again=True).run([Call(tool, {argument: value})])
        return read

    def run(self, conversation: str, by: Person, kind: CheckKind, value: str) -> ToolRead:
        """Look, and keep what was found in the conversation, or that it could not be read.

        Raises:
            UnknownConversation: when there is no such conversation; nothing is read then.
        """
        self.talks.state(conversation)
        read = self.look(kind, value).model_copy(update={"by": by.id})
        self.talks.append(conversation, lambda _: [read])
        return read


def known(state: ConversationState, kind: CheckKind) -> str:
    """The value that the conversation has for a check; empty where it has none."""
    value = state.vendor if kind == "status" else state.value(SLOTS[kind])
    return value or ""


def kind_of(read: ToolRead) -> CheckKind | None:
    """Which check a read is; None for those that only the bot makes."""
    return next((kind for kind, (tool, _) in CALLS.items() if tool == read.tool), None)
