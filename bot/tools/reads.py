"""Reads source systems side by side, within one deadline. What did not answer in time is unknown, never guessed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from bot.dialogue.steps import Call, Reading
from bot.errors import NotFound, ToolError, Unavailable
from bot.events import ToolRead
from bot.ports import Clock
from bot.tools.access import Access
from bot.tools.ports import Accounts, Chargers, Desk, Sessions, Stations, StatusPages
from bot.tools.values import TicketKind

log = logging.getLogger(__name__)
DEADLINE = 2.0
"""Seconds that all reads of one turn may take together."""
SIDE_BY_SIDE = 32


@dataclass(frozen=True)
class Tools:
    """The source systems, opened."""

    accounts: Accounts
    status: StatusPages
    stations: Stations
    sessions: Sessions
    chargers: Chargers
    desk: Desk


class _Forbidden(ToolError):
    """This driver may not see it."""


class Reads:
    """Runs the reads that flows ask for."""

    def __init__(self, tools: Tools, clock: Clock, deadline: float = DEADLINE) -> None:
        self.tools, self._clock, self._deadline = tools, clock, deadline
        self._pool = ThreadPoolExecutor(SIDE_BY_SIDE, "reads")

    def begin(self, access: Access, again: bool) -> TurnReads:
        """The reads of one turn; ``again``: the driver asked to look anew, so nothing may come from a cache."""
        return TurnReads(self, access, again, time.monotonic() + self._deadline)

    def close(self) -> None:
        """Let go of the threads; those that wait for a slow system end with it."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def submit(self, function: Callable[[], Any]) -> Future[Any]:
        """Run beside others."""
        return self._pool.submit(function)

    def function(self, call: Call, access: Access, again: bool) -> Callable[[], Any]:
        """What the call runs."""
        arguments: Mapping[str, str] = call.arguments
        functions: dict[str, Callable[[], Any]] = {
            "accounts.account": lambda: self._account(arguments["number"], access),
            "status.status": lambda: self.tools.status.status(arguments["vendor"], again),
            "stations.station": lambda: self.tools.stations.station(arguments["station"]),
            "sessions.active": lambda: self._session(arguments["account"], access),
            "chargers.charger": lambda: self._charger(arguments["charger"], access),
            "chargers.role": lambda: self._role(arguments["charger"], access),
            "desk.ticket": lambda: self._ticket(arguments["ticket"], access),
            "desk.of_user": lambda: self._tickets(arguments["user"], access),
        }
        return functions[call.tool]

    def now(self) -> Any:
        """The present moment."""
        return self._clock.now()

    def _account(self, number: str, access: Access) -> Any:
        if not access.account(number):
            raise _Forbidden(number)
        return self.tools.accounts.account(number)

    def _session(self, account: str, access: Access) -> Any:
        if not access.account(account):
            raise _Forbidden(account)
        found = self.tools.sessions.active(account)
        if found is None:
            raise NotFound(f"No session runs on account {account}.")
        return found

    def _charger(self, charger: str, access: Access) -> Any:
        if access.staff:
            return self.tools.chargers.charger(charger)
        if access.user is None or self.tools.chargers.role(charger, access.user) is None:
            raise _Forbidden(charger)
        return self.tools.chargers.charger(charger)

    def _role(self, charger: str, access: Access) -> Any:
        if access.user is None:
            raise _Forbidden(charger)
        role = self.tools.chargers.role(charger, access.user)
        if role is None:
            raise NotFound(f"The user has no role for {charger}.")
        return role

    def _ticket(self, ticket: str, access: Access) -> Any:
        found = self.tools.desk.ticket(ticket)
        if found.kind != TicketKind.FAULT and found.user != access.user:
            raise _Forbidden(ticket)
        return found

    def _tickets(self, user: str, access: Access) -> Any:
        if user != access.user:
            raise _Forbidden(user)
        return tuple(self.tools.desk.of_user(user))


class TurnReads:
    """The reads of one turn: each call once, all within one deadline."""

    def __init__(self, reads: Reads, access: Access, again: bool, until: float) -> None:
        self._reads, self._access, self._again, self._until = reads, access, again, until
        self._known: dict[str, Reading[Any]] = {}

    def run(self, calls: Iterable[Call]) -> tuple[list[Reading[Any]], list[ToolRead]]:
        """A reading for each call, and what to note of those that were not made before in this turn."""
        wanted = list(calls)
        started = time.monotonic()
        new = {name_of(call): call for call in wanted if name_of(call) not in self._known}
        futures = {
            name: self._reads.submit(self._reads.function(call, self._access, self._again))
            for name, call in new.items()
        }
        wait(futures.values(), timeout=max(0.0, self._until - time.monotonic()))
        took = (time.monotonic() - started) * 1000
        noted = [self._note(name, new[name], future, took) for name, future in futures.items()]
        return [self._known[name_of(call)] for call in wanted], noted

    def _note(self, name: str, call: Call, future: Future[Any], took: float) -> ToolRead:
        value, outcome, reason = _result(name, future)
        self._known[name] = Reading(name, outcome, value, self._reads.now())
        return ToolRead(
            tool=call.tool, arguments=dict(call.arguments), outcome=outcome, reason=reason, value=_dumped(value),
            took_ms=round(took, 1),
        )  # fmt: skip


def name_of(call: Call) -> str:
    """The call as sources name it, such as ``accounts.account(40711)``."""
    return f"{call.tool}({', '.join(call.arguments.values())})"


def _dumped(value: Any) -> dict[str, object] | None:
    if isinstance(value, tuple):
        return {"value": [each.model_dump(mode="json") for each in value]}
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return {"value": value} if value else None


def _result(name: str, future: Future[Any]) -> tuple[Any, Any, str | None]:
    if not future.done():
        future.cancel()
        log.warning("%s did not answer in time", name)
        return None, "unknown", "no answer in time"
    try:
        return future.result(), "found", None
    except NotFound as error:
        return None, "missing", str(error)
    except _Forbidden:
        return None, "forbidden", "not this driver's"
    except Unavailable as error:
        log.warning("%s cannot be read: %s", name, error.reason)
        return None, "unknown", error.reason
    except Exception as error:
        # An adapter that fails in a way it did not foresee must not end the conversation.
        log.exception("%s failed", name)
        return None, "unknown", f"unexpected {type(error).__name__}"
