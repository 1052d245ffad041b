"""One connected charger: what its messages do, and how it is told something.

The library checks every frame against the standard's schemas, answers what is wrong or unknown with the standard's
CALLERROR, and calls the handler of its action with the fields of the message.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from ocpp.charge_point import ChargePoint
from ocpp.exceptions import OCPPError
from ocpp.messages import Call, unpack
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from bot.adapters.ocpp.database import OcppDatabase
from bot.adapters.ocpp.orders import Action
from bot.adapters.ocpp.people import People
from bot.adapters.ocpp.rules import OcppRules
from bot.adapters.ocpp.state import OcppState

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Central:
    """What the handlers of all chargers work with."""

    database: OcppDatabase
    state: OcppState
    people: People
    rules: OcppRules

    def time(self) -> str:
        """The present moment, as chargers set their clocks by it."""
        return self.database.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Discreet(logging.LoggerAdapter[logging.Logger]):
    """The library logs whole frames, with the tags of cards in them. This keeps which charger and what was wrong."""

    def log(self, level: int, msg: object, *args: object, **_: Any) -> None:  # noqa: ARG002 - the message
        if level < logging.WARNING:
            return
        error, frame = sys.exc_info()[1], args[0] if args else None
        charger, action = (self.extra or {}).get("charger"), getattr(frame, "action", "")
        what = type(error).__name__ if error else getattr(frame, "error_code", "unexpected")
        ours = error if not isinstance(error, OCPPError) else None
        super().log(level, "%s: trouble with a frame %.60r: %.60s", charger, action, what, exc_info=ours)

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return msg, kwargs


class Link(ChargePoint):
    """What both versions of OCPP share."""

    def __init__(self, charger: str, connection: ServerConnection, central: Central) -> None:
        super().__init__(charger, connection, central.rules.answer_s, _Discreet(log, {"charger": charger}))
        self.central, self.awaited = central, 0
        self.close = connection.close

    async def route_message(self, raw_msg: str | bytes) -> None:
        """Handle one frame. Nothing that a charger sends ends the gateway, or anything but its own connection."""
        try:
            if isinstance(unpack(raw_msg), Call) or self.awaited:
                self.central.state.heard(self.id)
                await super().route_message(raw_msg)
            else:
                log.warning("%s: an answer that nobody asked for was dropped", self.id)
        except ConnectionClosed:
            raise
        except OCPPError as error:
            log.warning("%s: a frame that is none was dropped: %s", self.id, error.code)
        except Exception as error:
            log.warning("%s: a frame could not be handled: %s", self.id, type(error).__name__)

    def request(self, action: Action, argument: str) -> object:
        """The request of this version that carries the action out."""
        raise NotImplementedError

    async def ask(self, action: Action, argument: str) -> str:
        """Tell the charger to do it: the word of its answer.

        Raises:
            TimeoutError: it does not answer in time.
            ConnectionClosed: the connection broke.
            NotImplementedError, NotSupportedError: of the library; the charger cannot do that.
            Exception: it answers with another CALLERROR, or against the standard.
        """
        self.awaited += 1
        try:
            answer = await self.call(self.request(action, argument), suppress=False)
        finally:
            self.awaited -= 1
        return str(answer.status)
