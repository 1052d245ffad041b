"""What agents do to chargers, stations and sessions: each once, after a yes to a summary, and never in danger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.care import Person
from bot.conversation import Conversations
from bot.dialogue.replay import WATCH_CHARGER
from bot.dialogue.turn import digest
from bot.errors import DangerForbids, StaleForm
from bot.events import Acted, Event
from bot.panel.checks import Checks
from bot.tools.ledger import Entry
from bot.tools.values import Charger, Done, Outcome, Unsure
from bot.understanding.safety import HAZARDOUS_ERROR_CODES

ActionName = Literal["restart", "stop_session", "unlock_connector", "unlock_charger"]
TARGETS: dict[ActionName, str] = {
    "restart": "charger",
    "stop_session": "session",
    "unlock_connector": "station",
    "unlock_charger": "charger",
}
"""What each is done to; a session by its own id."""
NEVER_IN_DANGER = frozenset({"restart"})
WHY = "an agent did it"


@dataclass(frozen=True)
class Doings:
    """Runs actions for agents, through the ledger as every action."""

    talks: Conversations
    checks: Checks

    def round(self, conversation: str, action: ActionName, target: str) -> int:
        """How often it was done to that target in this conversation; a form that asks for it carries the number.

        Whoever sends a form of the same round again, from another tab or after a crash, gets the same outcome.
        """
        return _rounds(self.talks.events(conversation), action, target)

    def check(self, conversation: str, action: ActionName, target: str) -> Charger | None:
        """See to it that it may be done now; the charger as it was read for that, if it could be.

        Raises:
            UnknownConversation: when there is no such conversation.
            DangerForbids: when danger was told of here, or the charger itself reports it (product.md, 3.4).
        """
        state = self.talks.state(conversation)
        if action not in NEVER_IN_DANGER:
            return None
        if state.hazards:
            raise DangerForbids(state.hazards[0])
        value = self.checks.look("charger", target).value
        charger = Charger.model_validate(value) if value else None
        if charger and charger.connector and (hazard := HAZARDOUS_ERROR_CODES.get(charger.connector.error)):
            raise DangerForbids(hazard)
        return charger

    def run(self, conversation: str, by: Person, action: ActionName, target: str, number: int) -> Outcome:
        """Do it, once for each round, and keep what came of it.

        Raises:
            UnknownConversation: when there is no such conversation.
            DangerForbids: see :meth:`check`; nothing was done.
            StaleForm: when ``number`` is of no round that there was or is.
        """
        key = f"{conversation}:agent:{digest(action, target)}:{number}"
        if (before := self.talks.state(conversation).acted.get(key)) is not None:
            return before
        if number != self.round(conversation, action, target):
            raise StaleForm
        before_it = self.check(conversation, action, target)
        arguments = {TARGETS[action]: target}
        actions = self.talks.dialogue.actions
        outcome = actions.run(Entry(key, action, target, arguments, conversation, by.id, WHY))
        if isinstance(outcome, Unsure) and actions.ledger.outcome(key) is None:
            # Another request runs it at this moment and will keep what comes of it.
            return outcome
        acted = Acted(key=key, action=action, arguments=arguments, outcome=outcome, by=by.id)
        self.talks.append(conversation, lambda state: [] if key in state.acted else [acted])
        if action == "restart" and isinstance(outcome, Done):
            booted_at = before_it.booted_at if before_it else None
            self._watch(conversation, target, booted_at.isoformat() if booted_at else "")
        return outcome

    def _watch(self, conversation: str, charger: str, booted: str) -> None:
        """As after a driver's restart: "accepted" is no proof that it works (WB8)."""
        now = self.talks.clock.now()
        self.talks.dialogue.watches.add(conversation, "charger", charger, now, now + WATCH_CHARGER, booted)


def _rounds(events: list[Event], action: ActionName, target: str) -> int:
    acts = [event.happening for event in events if isinstance(event.happening, Acted)]
    return sum(1 for act in acts if act.by and act.action == action and target in act.arguments.values())
