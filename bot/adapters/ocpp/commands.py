"""The commands for chargers that connect directly: ``plugdesk ocpp …``. The group's object is the database's path."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.adapters.ocpp.passwords import generated, hashed
from bot.tools.values import Charger, Done, Outcome
from indexer.errors import PlugdeskError

if TYPE_CHECKING:
    from bot.adapters.ocpp.chargers import OcppChargers
    from bot.adapters.ocpp.database import OcppDatabase

CHARGER_ID = re.compile(r"[A-Za-z0-9*\-_=+|@.]{1,48}")
"""An identifierString of OCPP 2.0.1, without the colon, which basic authentication splits at."""
TRIGGERS = ("Heartbeat", "MeterValues", "StatusNotification")
"""Messages of both versions that can be asked for and mean nothing else; a boot would look like a real one."""


def _charger_id(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not CHARGER_ID.fullmatch(value):
        raise click.BadParameter("Use 1 to 48 letters, digits or characters of *-_=+|@.", context, parameter)
    return value


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def _database(path: Path) -> Iterator[OcppDatabase]:
    from bot.adapters.ocpp.database import OcppDatabase

    with _explained():
        database = OcppDatabase(path)
        try:
            yield database
        finally:
            database.close()


@click.group()
def ocpp() -> None:
    """Chargers that connect directly, over OCPP 1.6 and 2.0.1."""


@ocpp.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=9220, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.pass_obj
def serve(path: Path, host: str, port: int) -> None:
    """Run the gateway that chargers connect to."""
    from bot.adapters.ocpp.gateway import Gateway
    from bot.adapters.ocpp.people import people_file, read_people
    from bot.adapters.ocpp.rules import OcppRules

    def ready(port: int) -> None:
        click.echo(f"Chargers connect to ws://{host}:{port}/CHARGER")

    async def run(database: OcppDatabase) -> None:
        await Gateway(database, read_people(people_file(path)), OcppRules.load()).run(host, port, ready)

    with _database(path) as database, suppress(KeyboardInterrupt):
        asyncio.run(run(database))


@ocpp.command()
@click.argument("charger", callback=_charger_id)
@click.option("--ask", is_flag=True, help="Ask for the password instead of making one up.")
@click.pass_obj
def add(path: Path, charger: str, ask: bool) -> None:
    """Let CHARGER connect, or give it a new password."""
    from bot.adapters.ocpp.rules import OcppRules
    from bot.adapters.ocpp.state import OcppState

    password = click.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else generated()
    with _database(path) as database:
        OcppState(database, OcppRules.load()).add(charger, hashed(password))
    shown = "" if ask else f" It is {password} and not shown again."
    click.echo(f"Charger {charger} may connect with its password.{shown}")


@ocpp.command("list")
@click.pass_obj
def list_chargers(path: Path) -> None:
    """Show all chargers as they last reported."""
    from bot.adapters.ocpp.rules import OcppRules
    from bot.adapters.ocpp.state import OcppState

    with _database(path) as database:
        state = OcppState(database, OcppRules.load())
        for charger in state.all():
            click.echo(_line(charger))
        if not state.alive():
            click.echo("The gateway does not run. Start it with plugdesk ocpp serve.", err=True)


@ocpp.command()
@click.argument("charger")
@click.pass_obj
def restart(path: Path, charger: str) -> None:
    """Restart CHARGER softly, unless somebody charges there."""
    _tell(path, lambda chargers, key: chargers.restart(charger, key))


@ocpp.command()
@click.argument("charger")
@click.option("--connector", default=1, show_default=True, type=click.IntRange(min=1), help="In OCPP 2.0.1 the EVSE.")
@click.pass_obj
def unlock(path: Path, charger: str, connector: int) -> None:
    """Let CHARGER release the cable."""
    _tell(path, lambda chargers, key: chargers.unlock(charger, key, connector))


@ocpp.command()
@click.argument("charger")
@click.argument("message", type=click.Choice(TRIGGERS))
@click.pass_obj
def trigger(path: Path, charger: str, message: str) -> None:
    """Have CHARGER send MESSAGE now."""
    _tell(path, lambda chargers, key: chargers.trigger(charger, message, key))


def _tell(path: Path, tell: Callable[[OcppChargers, str], Outcome]) -> None:
    from bot.adapters.ocpp.chargers import open_ocpp

    with _explained():
        chargers = open_ocpp(path)
        try:
            outcome = tell(chargers, str(uuid.uuid4()))
        finally:
            chargers.close()
    if not isinstance(outcome, Done):
        raise click.ClickException(f"{outcome.kind}: {outcome.reason}")
    click.echo("The charger accepted it.")


def _line(charger: Charger) -> str:
    connector = charger.connector
    reported = f"{connector.status} ({connector.error})" if connector else "-"
    heard = charger.heard_at.isoformat(timespec="seconds") if charger.heard_at else "never"
    state = "connected" if charger.connected else "not connected"
    return f"{charger.id}  {state}  {reported}  {charger.model or '-'}  heard {heard}"
