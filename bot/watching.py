"""Comes back unasked: looks at what is watched, and settles what a dead process left."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.conversation import Conversations
from bot.errors import ConversationConflict, NotFound, ToolError, UnknownConversation
from bot.ports import Clock
from bot.tools.actions import Actions
from bot.tools.reads import Tools
from bot.tools.values import Done, ReportState
from bot.tools.watches import Watched, Watches

log = logging.getLogger(__name__)
OVER = (ReportState.BACK_IN_OPERATION, ReportState.CLOSED)


@dataclass(frozen=True)
class Watcher:
    """One look at everything that is watched is :meth:`tick`; whoever serves calls it every few seconds."""

    conversations: Conversations
    tools: Tools
    watches: Watches
    actions: Actions
    clock: Clock

    def tick(self) -> None:
        """Look once. What cannot be read now is looked at again the next time."""
        for entry, outcome in self.actions.recover():
            reference = outcome.reference if isinstance(outcome, Done) else None
            arguments = {"outcome": outcome.kind, **({"reference": reference} if reference else {})}
            self._tell(entry.conversation, "action_settled", arguments, entry.key)
        for watched in self.watches.open():
            try:
                self._look(watched)
            except ToolError as error:
                log.info("%s %s cannot be looked at: %s", watched.kind, watched.target, error)

    def _look(self, watched: Watched) -> None:
        if watched.kind == "charger":
            self._look_at_charger(watched)
        else:
            self._look_at_ticket(watched)

    def _look_at_charger(self, watched: Watched) -> None:
        """Back means: started again since, and connected (OCPP BootNotification); nothing less is a proof (WB8)."""
        late = self.clock.now() > watched.until
        try:
            charger = self.tools.chargers.charger(watched.target)
            booted = charger.booted_at
        except ToolError:
            if not late:
                raise
            charger, booted = None, None
        back = booted is not None and booted > _since(watched) and charger is not None and charger.connected
        if (back or late) and self.watches.end(watched.id):
            flow = "charger_back" if back else "charger_not_back"
            self._tell(watched.conversation, flow, {"charger": watched.target}, f"watch-{watched.id}")

    def _look_at_ticket(self, watched: Watched) -> None:
        try:
            state = self.tools.desk.ticket(watched.target).state
        except NotFound:
            self.watches.end(watched.id)
            return
        if state != watched.seen and self.watches.see(watched.id, state, watched.seen):
            occasion = f"watch-{watched.id}-{state}"
            self._tell(watched.conversation, "ticket_changed", {"ticket": watched.target}, occasion)
        if state in OVER or self.clock.now() > watched.until:
            self.watches.end(watched.id)

    def _tell(self, conversation: str, flow: str, arguments: Mapping[str, str], occasion: str) -> None:
        for _ in range(MOST_TRIES):
            try:
                self.conversations.speak_up(conversation, flow, arguments, occasion)
                return
            except ConversationConflict:
                continue
            except UnknownConversation:
                return
        log.warning("conversation %s was too busy to be told of %s", conversation, occasion)


MOST_TRIES = 5
"""Another process may take a turn in between; so many times in a row it does not."""


def _since(watched: Watched) -> datetime:
    """The start that was known before the restart, or else the moment of the restart."""
    return datetime.fromisoformat(watched.seen) if watched.seen else watched.since
