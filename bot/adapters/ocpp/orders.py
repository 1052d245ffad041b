"""Commands on their way from the bot to the gateway: each is taken at most once, and has one outcome for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from pydantic import TypeAdapter

from bot.adapters.ocpp.database import OcppDatabase
from bot.tools.values import Outcome, Refused, Unsure

_OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)


class Action(StrEnum):
    """What a charger can be told to do."""

    RESET = "Reset"
    """Start anew, softly."""
    UNLOCK = "UnlockConnector"
    """Let go of the cable; the argument is the number of the connector or EVSE."""
    TRIGGER = "TriggerMessage"
    """Send a message now; the argument is its name."""


@dataclass(frozen=True)
class Order:
    """One command. ``key`` makes it one and the same however often it is given."""

    key: str
    charger: str
    action: Action
    argument: str = ""


class Orders:
    """The orders of all chargers."""

    def __init__(self, database: OcppDatabase) -> None:
        self._database = database

    def put(self, order: Order, take_s: float) -> None:
        """Lay it out for the gateway, which may take it within so many seconds. A known key changes nothing."""
        until = self._database.now() + timedelta(seconds=take_s)
        with self._database.transaction():
            self._database.change(
                "insert into command (key, charger, action, argument, until) values (?, ?, ?, ?, ?)"
                " on conflict (key) do nothing",
                [order.key, order.charger, order.action, order.argument, until.isoformat()],
            )

    def take(self) -> list[Order]:
        """All that are to be carried out now. Nobody else gets them; those whose time is over are never taken.

        So nothing is sent again after a crash, not even after a power cut that loses the note of having taken it.
        """
        waiting = "claimed_at is null and outcome is null and until > ?"
        now = self._database.now().isoformat()
        if not self._database.rows(f"select 1 from command where {waiting} limit 1", [now]):  # noqa: S608 - a constant
            return []
        with self._database.transaction():
            rows = self._database.rows(
                f"update command set claimed_at = ? where {waiting} returning key, charger, action, argument",  # noqa: S608
                [now, now],
            )
        return [Order(key, charger, Action(action), argument) for key, charger, action, argument in rows]

    def settle(self, key: str, outcome: Outcome) -> None:
        """Write the outcome, unless there is one already."""
        with self._database.transaction():
            self._settle(key, outcome)

    def outcome(self, key: str) -> Outcome | None:
        """The outcome, once there is one."""
        rows = self._database.rows("select outcome from command where key = ? and outcome is not null", [key])
        return _OUTCOME.validate_json(rows[0][0]) if rows else None

    def given_up(self, key: str) -> Outcome:
        """The outcome of an order that nobody waits for any longer; what was not taken yet is withdrawn."""
        with self._database.transaction():
            taken = self._database.rows("select 1 from command where key = ? and claimed_at is not null", [key])
            outcome = Unsure(reason="no_answer") if taken else Refused(reason="unreachable")
            self._settle(key, outcome)
        return self.outcome(key) or outcome

    def begin(self) -> None:
        """A gateway starts: nobody knows what became of the orders that the last one had taken."""
        with self._database.transaction():
            self._database.change(
                "update command set outcome = ? where claimed_at is not null and outcome is null",
                [Unsure(reason="gateway_stopped").model_dump_json()],
            )

    def _settle(self, key: str, outcome: Outcome) -> None:
        self._database.change(
            "update command set outcome = ? where key = ? and outcome is null", [outcome.model_dump_json(), key]
        )
