"""A gateway that runs, and charge points on real sockets that behave as they are told to.

Both live in an event loop of their own thread, so that tests stay plain functions.
"""

# mypy: disable-error-code="misc, untyped-decorator"
from __future__ import annotations

import asyncio
import threading
from base64 import b64encode
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import ocpp.v16
import ocpp.v201
from ocpp.exceptions import OCPPError
from ocpp.routing import on
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from bot.adapters.ocpp.chargers import OcppChargers
from bot.adapters.ocpp.database import OcppDatabase
from bot.adapters.ocpp.gateway import Gateway
from bot.adapters.ocpp.orders import Orders
from bot.adapters.ocpp.passwords import hashed
from bot.adapters.ocpp.people import People
from bot.adapters.ocpp.rules import OcppRules
from bot.adapters.ocpp.state import OcppState

Result = TypeVar("Result")
PASSWORD = "password-of-tests"
HASH = hashed(PASSWORD)
PEOPLE = People.model_validate(
    {"chargers": {"C1": {"users": {"ane": "super-administrator"}, "tags": {"04AB12CD": "ane", "04AB12CE": "per"}}}}
)
RULES = OcppRules.load().model_copy(update={"take_s": 2.0, "answer_s": 0.5, "look_s": 0.01})


class _Told:
    """What a charge point was told, and what it answers: a status, a CALLERROR, or nothing at all for None."""

    _call_result: Any

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, str | OCPPError | None] = {}

    @on("Reset", skip_schema_validation=True)
    async def on_reset(self, **fields: Any) -> Any:
        return await self._answer("Reset", fields, "Accepted")

    @on("UnlockConnector", skip_schema_validation=True)
    async def on_unlock(self, **fields: Any) -> Any:
        return await self._answer("UnlockConnector", fields, "Unlocked")

    @on("TriggerMessage", skip_schema_validation=True)
    async def on_trigger(self, **fields: Any) -> Any:
        return await self._answer("TriggerMessage", fields, "Accepted")

    async def _answer(self, action: str, fields: dict[str, Any], usual: str) -> Any:
        self.told.append((action, fields))
        word = self.answers.get(action, usual)
        if word is None:
            await asyncio.sleep(60)
        if isinstance(word, OCPPError):
            raise word
        return getattr(self._call_result, action)(status=word)


class ChargePoint16(_Told, ocpp.v16.ChargePoint):
    protocol = Subprotocol("ocpp1.6")


class ChargePoint201(_Told, ocpp.v201.ChargePoint):
    protocol = Subprotocol("ocpp2.0.1")


AnyChargePoint = ChargePoint16 | ChargePoint201


class Plugged:
    """A charge point that is connected."""

    def __init__(self, running: Running, point: AnyChargePoint, connection: ClientConnection) -> None:
        self._running, self._connection = running, connection
        self.point = point

    def send(self, payload: Any) -> Any:
        """Its message; the gateway's answer, None for a CALLERROR."""
        return self._running.do(self.point.call(payload))

    def boot(self, model: str = "Copper SB") -> Any:
        if isinstance(self.point, ChargePoint16):
            return self.send(ocpp.v16.call.BootNotification(charge_point_vendor="Maker", charge_point_model=model))
        station = ocpp.v201.datatypes.ChargingStationType(vendor_name="Maker", model=model)
        return self.send(ocpp.v201.call.BootNotification(charging_station=station, reason="PowerUp"))

    def unplug(self) -> None:
        self._running.do(self._connection.close())

    def wait_gone(self) -> None:
        """Wait until the gateway hangs up."""
        self._running.do(self._connection.wait_closed())

    def break_off(self) -> None:
        """Break the connection without a word."""
        self._running.do(self._abort())

    async def _abort(self) -> None:
        self._connection.transport.abort()


class Running:
    """A gateway that runs on a loopback port; ``chargers`` is the bot's side of it."""

    def __init__(self, database: OcppDatabase, chargers: OcppChargers, loop: asyncio.AbstractEventLoop) -> None:
        self.state, self.orders = OcppState(database, RULES), Orders(database)
        self.chargers, self.loop, self.port = chargers, loop, 0
        self._listening: list[asyncio.Task[None]] = []

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def plug(self, kind: type[AnyChargePoint] = ChargePoint16, charger: str = "C1") -> Plugged:
        return self.do(self._plugged(kind, charger))

    async def _plugged(self, kind: type[AnyChargePoint], charger: str) -> Plugged:
        connection = await connect(
            f"ws://127.0.0.1:{self.port}/ocpp/{charger}",
            subprotocols=[kind.protocol],
            additional_headers=authorization(charger, PASSWORD),
            proxy=None,
        )
        point = kind(charger, connection, 5)
        self._listening.append(asyncio.create_task(_listen(point)))
        return Plugged(self, point, connection)


async def _listen(point: AnyChargePoint) -> None:
    try:
        await point.start()
    except ConnectionClosed:
        return


def authorization(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


@contextmanager
def running(folder: Path, *chargers: str, people: People = PEOPLE, rules: OcppRules = RULES) -> Iterator[Running]:
    """A gateway that knows these chargers."""
    own, bots = OcppDatabase(folder / "ocpp.db"), OcppDatabase(folder / "ocpp.db")
    for charger in chargers:
        OcppState(own, rules).add(charger, HASH)
    loop, ready = asyncio.new_event_loop(), threading.Event()
    found = Running(bots, OcppChargers(bots, people, rules), loop)

    def started(port: int) -> None:
        found.port = port
        ready.set()

    async def serve() -> None:
        await Gateway(own, people, rules).run("127.0.0.1", 0, started)

    serving = loop.create_task(serve())

    def work() -> None:
        try:
            loop.run_until_complete(serving)
        except asyncio.CancelledError:
            loop.run_until_complete(_settled())
        loop.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert ready.wait(10)
        yield found
    finally:
        loop.call_soon_threadsafe(serving.cancel)
        thread.join()
        own.close()
        bots.close()


async def _settled() -> None:
    """Nothing of the loop is left behind."""
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
