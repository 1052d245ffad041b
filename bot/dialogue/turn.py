"""One turn as it grows: what happened so far, the state that follows from it, and what will be said."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from bot.dialogue.steps import Call
from bot.events import Event, Happening
from bot.replies.plan import ButtonItem, Line, Plan, PlanItem
from bot.state import ConversationState
from bot.tools.access import Access
from bot.tools.reads import TurnReads


class UngivenValue(ValueError):
    """A flow wanted to read with a value that neither the driver nor a source system gave: a defect of the flow."""


class Turn:
    """Collects happenings and plan items; the only place where a turn keeps anything that changes."""

    def __init__(
        self,
        conversation: str,
        message: str,
        language: str,
        state: ConversationState,
        reads: Callable[[bool], TurnReads],
        access: Access,
        now: datetime,
        count_steps: Callable[[str], int],
    ) -> None:
        self.conversation, self.message, self.language, self.now = conversation, message, language, now
        self.state, self.access = state, access
        self._steps_of = count_steps
        self.happenings: list[Happening] = []
        self.items: list[PlanItem] = []
        self.urgent = False
        self.expects: str | None = None
        self._reads = reads
        self._begun_reads: TurnReads | None = None
        self._again = False
        self._instances = 0

    def note(self, happening: Happening) -> None:
        """Let it have happened."""
        self.happenings.append(happening)
        self.state = self.state.after(Event(number=self.state.last + 1, at=self.now, happening=happening))

    def add(self, *items: PlanItem) -> None:
        """Let it be said."""
        self.items += items

    def look_again(self) -> None:
        """Nothing that is read in this turn may come from a cache."""
        self._again, self._begun_reads = True, None

    @property
    def reads(self) -> TurnReads:
        """The reads of this turn; their deadline begins with the first one."""
        if self._begun_reads is None:
            self._begun_reads = self._reads(self._again)
        return self._begun_reads

    def new_instance_id(self) -> str:
        """An id for a flow that begins in this turn; the same message gives the same ids."""
        self._instances += 1
        return digest(self.conversation, self.message, self._instances)

    def check_given(self, call: Call) -> None:
        """See to it that a call only uses what the driver, the app or a source system gave.

        Raises:
            UngivenValue: where it does not.
        """
        given = {fact.value for fact in self.state.facts.values()} | self.state.returned
        identity = self.state.context.identity
        if identity:
            given |= {identity.user, *identity.accounts}
        for name, value in call.arguments.items():
            if name != "vendor" and value not in given:
                raise UngivenValue(f"{call.tool} was to be called with {name}={value!r}, which nobody gave.")

    def count_steps(self, topic: str) -> int:
        """How many steps the topic's article has for this driver."""
        return self._steps_of(topic)

    def plan(self) -> Plan:
        """What will be said; never nothing."""
        if not any(not isinstance(item, ButtonItem) for item in self.items):
            self.add(Line("nothing_new"))
        return Plan(tuple(self.items), self.expects, self.urgent)


def digest(*parts: object) -> str:
    """A short mark of something that was said."""
    return hashlib.blake2s(repr(parts).encode(), digest_size=8).hexdigest()
