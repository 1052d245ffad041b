"""Chargers over OCPP: a gateway that runs, and simulated charge points that are those of the demo world."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ocpp.v16 import call

from bot.adapters.demo.seed import Seed
from bot.adapters.ocpp.chargers import OcppChargers
from bot.adapters.ocpp.database import OcppDatabase
from bot.adapters.ocpp.people import People
from bot.adapters.ocpp.state import OcppState
from bot.tools.ports import Chargers
from tests.bot.adapters.ocpp.simulator import HASH, RULES, running


@contextmanager
def ocpp_chargers(folder: Path, answers: bool) -> Iterator[Chargers]:
    seeded = [each.charger for each in Seed.load(datetime.now(UTC)).chargers]
    if not answers:
        database = OcppDatabase(folder / "ocpp.db")
        for each in seeded:
            OcppState(database, RULES).add(each.id, HASH)
        chargers = OcppChargers(database, People(), RULES)
        yield chargers
        chargers.close()
        return
    with running(folder, *(each.id for each in seeded)) as gateway:
        for each in seeded:
            charger = gateway.plug(charger=each.id)
            charger.boot(each.model)
            charger.send(call.StatusNotification(connector_id=1, error_code="NoError", status="Available"))
            if not each.connected:
                charger.unplug()
        yield gateway.chargers
