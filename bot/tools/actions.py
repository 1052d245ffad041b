"""Runs actions, each exactly once: claim in the ledger, check again, call, record."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bot.errors import NotFound, ToolError, Unavailable
from bot.ports import Clock
from bot.tools.ledger import CoolingDown, Entry, Ledger, Ran
from bot.tools.reads import Tools
from bot.tools.values import ConnectorStatus, Done, Outcome, RefusalReason, Refused, TicketDraft, TicketKind, Unsure

log = logging.getLogger(__name__)
ACTIONS_FILE = Path(__file__).with_name("actions.yaml")
AWAIT_OTHER_S = 2.0
LOOK_AGAIN_S = 0.05
ORPHANED_AFTER = timedelta(seconds=60)
"""An action without an outcome for so long was begun by a process that died; no call takes so long."""


class ActionRule(BaseModel):
    """One action of actions.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: str
    cooldown_s: int
    repeatable: bool
    ticket: TicketKind | None = None


class ActionRules(BaseModel):
    """The rules of actions.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    expires_minutes: int
    actions: dict[str, ActionRule]

    @classmethod
    def load(cls) -> ActionRules:
        """Read the shipped file."""
        return cls.model_validate(yaml.safe_load(ACTIONS_FILE.read_text(encoding="utf-8")))


class Actions:
    """The only way to change anything outside."""

    def __init__(
        self, tools: Tools, ledger: Ledger, rules: ActionRules, clock: Clock, patience_s: float = AWAIT_OTHER_S
    ) -> None:
        """``patience_s``: how long to wait for another worker that runs the same action just now."""
        self._tools, self._ledger, self.rules, self._clock = tools, ledger, rules, clock
        self._patience_s = patience_s

    def run(self, entry: Entry) -> Outcome:
        """Run the action unless it ran before; the outcome, also of the earlier run. Never raises for the outside."""
        rule = self.rules.actions[entry.action]
        match self._ledger.begin(entry, self._clock.now(), timedelta(seconds=rule.cooldown_s)):
            case Ran(outcome):
                return outcome or self._awaited(entry, rule)
            case CoolingDown():
                return Refused(reason=RefusalReason.COOLDOWN)
            case _:
                return self._finished(entry, self._carried_out(entry, rule))

    @property
    def ledger(self) -> Ledger:
        """Where they are kept."""
        return self._ledger

    def recover(self) -> list[tuple[Entry, Outcome]]:
        """Settle what a dead process left: sent again where the other side takes a key once, else unsure for good."""
        settled = []
        for entry in self._ledger.unfinished(self._clock.now() - ORPHANED_AFTER):
            rule = self.rules.actions[entry.action]
            outcome = self._carried_out(entry, rule) if rule.repeatable else Unsure(reason="the process ended midway")
            if not (rule.repeatable and isinstance(outcome, Unsure)):
                settled.append((entry, self._finished(entry, outcome)))
        return settled

    def _awaited(self, entry: Entry, rule: ActionRule) -> Outcome:
        """The outcome of another worker's run; where that died, sent again if the other side takes a key only once."""
        until = time.monotonic() + self._patience_s
        while time.monotonic() < until:
            if outcome := self._ledger.outcome(entry.key):
                return outcome
            time.sleep(LOOK_AGAIN_S)
        if rule.repeatable:
            return self._finished(entry, self._carried_out(entry, rule))
        return Unsure(reason="it was begun and has no outcome yet")

    def _finished(self, entry: Entry, outcome: Outcome) -> Outcome:
        self._ledger.finish(entry.key, outcome, self._clock.now())
        return self._ledger.outcome(entry.key) or outcome

    def _carried_out(self, entry: Entry, rule: ActionRule) -> Outcome:
        try:
            if rule.ticket:
                return self._filed(entry)
            calls: dict[str, Callable[[], Outcome]] = {
                "restart": lambda: self._restarted(entry),
                "stop_session": lambda: self._tools.sessions.stop(entry.arguments["session"], entry.key),
                "unlock_connector": lambda: self._tools.stations.unlock(entry.arguments["station"], entry.key),
                "unlock_charger": lambda: self._tools.chargers.unlock(entry.arguments["charger"], entry.key),
            }
            return calls[entry.action]()
        except NotFound:
            return Refused(reason=RefusalReason.UNKNOWN_TARGET)
        except Unavailable as error:
            log.warning("%s %s: %s", entry.action, entry.target, error.reason)
            return Unsure(reason=error.reason) if error.sent else Refused(reason=RefusalReason.UNREACHABLE)
        except Exception as error:
            # Whatever an adapter did not foresee: nobody can say whether the command arrived.
            log.exception("%s %s failed", entry.action, entry.target)
            return Unsure(reason=f"unexpected {type(error).__name__}")

    def _filed(self, entry: Entry) -> Outcome:
        ticket = self._tools.desk.file(TicketDraft.model_validate_json(entry.draft or ""), entry.key)
        return Done(reference=ticket.id, others=ticket.others)

    def _restarted(self, entry: Entry) -> Outcome:
        """Look once more right before: between the question and the yes somebody may have plugged in (WB3)."""
        try:
            charger = self._tools.chargers.charger(entry.arguments["charger"])
        except NotFound:
            raise
        except ToolError:
            return Refused(reason=RefusalReason.UNREACHABLE)
        busy = charger.connector is not None and charger.connector.status in _CHARGING
        if charger.charging_by is not None or busy:
            return Refused(reason=RefusalReason.IN_USE)
        if not charger.connected:
            return Refused(reason=RefusalReason.NOT_CONNECTED)
        return self._tools.chargers.restart(entry.arguments["charger"], entry.key)


class WithheldActions(Actions):
    """Does nothing: for answers outside of any conversation, which nobody could come back to."""

    def __init__(self, rules: ActionRules) -> None:
        self.rules = rules

    def run(self, entry: Entry) -> Outcome:  # noqa: ARG002 - whatever it is
        """Nothing happens, and that is what is said."""
        return Refused(reason=RefusalReason.UNREACHABLE)


_CHARGING = frozenset({ConnectorStatus.CHARGING, ConnectorStatus.SUSPENDED_EV, ConnectorStatus.SUSPENDED_EVSE})
