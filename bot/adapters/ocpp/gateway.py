"""The central system: lets chargers in, keeps what they report, and carries out the orders of the bot.

One gateway a database. What it writes is short, so it writes in the event loop.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from ocpp.exceptions import NotImplementedError, NotSupportedError
from websockets.asyncio.server import ServerConnection, basic_auth, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from bot.adapters.ocpp.database import OcppDatabase
from bot.adapters.ocpp.links import Central, Link
from bot.adapters.ocpp.orders import Action, Order, Orders
from bot.adapters.ocpp.passwords import matches
from bot.adapters.ocpp.people import People
from bot.adapters.ocpp.rules import OcppRules
from bot.adapters.ocpp.state import OcppState
from bot.adapters.ocpp.v16 import Link16
from bot.adapters.ocpp.v201 import Link201
from bot.errors import SettingsError
from bot.tools.values import Outcome, Refused, Unsure

log = logging.getLogger(__name__)
VERSIONS: dict[Subprotocol, type[Link]] = {Subprotocol("ocpp2.0.1"): Link201, Subprotocol("ocpp1.6"): Link16}
"""By WebSocket subprotocol, the preferred one first."""


HASHING = 2
"""Passwords that are checked at once: strangers who try some must not keep connected chargers waiting."""


class Gateway:
    """Serves chargers until it is cancelled."""

    def __init__(self, database: OcppDatabase, people: People, rules: OcppRules) -> None:
        self._database, self._rules = database, rules
        self._state, self._orders = OcppState(database, rules), Orders(database)
        self._central = Central(database, self._state, people, rules)
        self._links: dict[str, Link] = {}
        self._tasks, self._hashing = asyncio.TaskGroup(), asyncio.Semaphore(HASHING)
        self._authenticate = basic_auth("Plugdesk", check_credentials=self._knows)

    async def run(self, host: str, port: int, ready: Callable[[int], object]) -> None:
        """Serve on that address; ``ready`` is told the port, which matters where port 0 left the choice.

        Raises:
            SettingsError: when another gateway runs on the same database, or the address is not to be had.
        """
        with self._alone():
            self._state.begin()
            self._orders.begin()
            self._state.beat()
            try:
                server = await serve(
                    self._session, host, port, process_request=self._admit, subprotocols=list(VERSIONS),
                    max_size=self._rules.largest_bytes, ping_interval=self._rules.ping_s,
                    ping_timeout=self._rules.ping_s, server_header=None,
                )  # fmt: skip
            except OSError as error:
                raise SettingsError(f"Cannot serve on {host}:{port} ({error.strerror}). Choose another port.") from None
            async with server, self._tasks:
                ready(server.sockets[0].getsockname()[1])
                self._tasks.create_task(self._regularly(self._rules.beat_s, self._state.beat))
                self._tasks.create_task(self._regularly(self._rules.look_s, self._look))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A lock that a process loses however it ends."""
        with self._database.path.with_suffix(".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise SettingsError(f"Another gateway runs on {self._database.path}. Stop it first.") from None
            yield

    async def _knows(self, charger: str, password: str) -> bool:
        # Hashing takes a while, on purpose: beside the event loop, and also for a charger that there is not.
        async with self._hashing:
            return await asyncio.to_thread(matches, password, self._state.password(charger))

    async def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """OCPP security profile 1: the name and password of the charger that the address ends with."""
        charger = unquote(urlsplit(request.path).path.rpartition("/")[2])
        refusal = await self._authenticate(connection, request)
        if refusal is None and connection.username != charger:
            refusal = connection.respond(HTTPStatus.UNAUTHORIZED, "The user must be the charger of the address.\n")
        if refusal is not None:
            log.warning("A connection as %.60r was refused.", charger)
        return refusal

    async def _session(self, connection: ServerConnection) -> None:
        """One connection, from the handshake to its end. A charger that connects again replaces the older one."""
        assert connection.username is not None and connection.subprotocol is not None  # noqa: S101 - _admit, VERSIONS
        charger = connection.username
        link = VERSIONS[connection.subprotocol](charger, connection, self._central)
        older, self._links[charger] = self._links.get(charger), link
        if older is not None:
            self._tasks.create_task(older.close())
        self._state.connected(charger, True)
        log.info("%s connected with %s.", charger, connection.subprotocol)
        try:
            await link.start()
        except ConnectionClosed as closed:
            log.info("%s is gone: %.120r.", charger, closed)
        finally:
            if self._links.get(charger) is link:
                del self._links[charger]
                self._state.connected(charger, False)

    @staticmethod
    async def _regularly(seconds: float, act: Callable[[], object]) -> None:
        while True:
            act()
            await asyncio.sleep(seconds)

    def _look(self) -> None:
        for order in self._orders.take():
            self._tasks.create_task(self._carry_out(order))

    async def _carry_out(self, order: Order) -> None:
        outcome = await self._outcome(order)
        log.info("%s: %s %s: %r", order.charger, order.action, order.argument, outcome)
        self._orders.settle(order.key, outcome)

    async def _outcome(self, order: Order) -> Outcome:
        link = self._links.get(order.charger)
        if link is None or not self._state.charger(order.charger).connected:
            return Refused(reason="not_connected")
        if order.action is Action.RESET and self._state.in_use(order.charger):
            return Refused(reason="in_use")
        try:
            return self._rules.outcome(await link.ask(order.action, order.argument))
        except TimeoutError:
            return Unsure(reason="no_answer")
        except ConnectionClosed:
            return Unsure(reason="connection_lost")
        except (NotImplementedError, NotSupportedError):
            return Refused(reason="not_available")
        except Exception as error:
            # A CALLERROR, or an answer that breaks the standard. Whatever it is: the charger has the request.
            log.warning("%s: the answer to %s is unclear: %s", order.charger, order.action, type(error).__name__)
            return Unsure(reason="unclear_answer")
