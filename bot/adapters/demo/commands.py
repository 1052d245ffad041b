"""The commands that change the demo world: ``plugdesk world …``. The group's object is the path of its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
import yaml
from pydantic import ValidationError

from bot.adapters.demo.things import Tool, TroubleKind
from bot.tools.values import Account, ConnectorStatus, EvseStatus, Incident, Money
from indexer.errors import PlugdeskError

if TYPE_CHECKING:
    from bot.adapters.demo.world import DemoWorld

OFF = "off"
AMOUNT = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,2})?")


class Amount(click.ParamType[Decimal]):
    """An amount of money, such as 20.00."""

    name = "amount"

    def convert(self, value: str | Decimal, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read it."""
        if not AMOUNT.fullmatch(str(value)):
            self.fail(f"{value!r} is no amount. Write it like 20.00.", param, ctx)
        return Decimal(value)


@contextmanager
def _opened(path: Path) -> Iterator[DemoWorld]:
    """The world; what is wrong with a change ends the command with its message."""
    from bot.adapters.demo.world import DemoWorld

    try:
        world = DemoWorld(path)
        try:
            yield world
        finally:
            world.close()
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None


def _values(words: type[StrEnum]) -> list[str]:
    return [each.value for each in words]


def _words(field: str) -> list[str]:
    """What that field of an incident may say."""
    return list(get_args(Incident.model_fields[field].annotation))


def _money(demo: DemoWorld, account: str, amount: Decimal, currency: str | None) -> Money:
    balance = demo.known(Account, account).balance
    if currency is None and balance is None:
        raise click.UsageError(f"Account {account} has no balance yet. Give --currency, such as CHF.")
    try:
        return Money(amount=amount, currency=currency or (balance.currency if balance else ""))
    except ValidationError:
        raise click.UsageError(f"{currency!r} is no currency. Give three capital letters, such as CHF.") from None


def _balance(account: Account) -> str:
    left = account.balance
    return f"Account {account.number} has {left.currency} {left.amount}." if left else ""


@click.group()
def world() -> None:
    """Look at the demo world, and change it while conversations run."""


@world.command()
@click.pass_obj
def show(path: Path) -> None:
    """Show everything in it, as YAML."""
    with _opened(path) as demo:
        click.echo(yaml.safe_dump(demo.snapshot(), sort_keys=False, allow_unicode=True), nl=False)


@world.command()
@click.pass_obj
def reset(path: Path) -> None:
    """Back to the beginning."""
    with _opened(path) as demo:
        demo.reset()
    click.echo("The demo world is as in the beginning.")


@world.command()
@click.argument("account")
@click.argument("amount", type=Amount())
@click.option("--currency", help="ISO 4217; the account's where it is left out.")
@click.pass_obj
def credit(path: Path, account: str, amount: Decimal, currency: str | None) -> None:
    """Let AMOUNT arrive on ACCOUNT."""
    with _opened(path) as demo:
        changed = demo.credit(account, _money(demo, account, amount, currency))
    click.echo(_balance(changed))


@world.command(context_settings={"ignore_unknown_options": True})
@click.argument("account")
@click.argument("amount", type=Amount())
@click.option("--currency", help="ISO 4217; the account's where it is left out.")
@click.pass_obj
def balance(path: Path, account: str, amount: Decimal, currency: str | None) -> None:
    """Set the balance of ACCOUNT to AMOUNT, which may be below zero."""
    with _opened(path) as demo:
        changed = demo.set_balance(account, _money(demo, account, amount, currency))
    click.echo(_balance(changed))


@world.command()
@click.argument("number")
@click.argument("status", type=click.Choice(_values(EvseStatus)))
@click.option(
    "--connector", type=click.Choice(_values(ConnectorStatus)), help="What the charger itself says (OCPP 1.6)."
)
@click.option("--error", help="An OCPP 1.6 error code, such as GroundFailure.")
@click.pass_obj
def station(path: Path, number: str, status: str, connector: str | None, error: str | None) -> None:
    """Give the station of that printed NUMBER another EVSE STATUS (OCPI 2.2.1)."""
    with _opened(path) as demo:
        changed = demo.set_station_status(number, status, connector, error)
    said = f", its charger says {changed.connector.status} ({changed.connector.error})" if changed.connector else ""
    click.echo(f"Station {number} is {changed.status}{said}.")


@world.command()
@click.argument("account")
@click.argument("station", required=False)
@click.option("--end", is_flag=True, help="End the session that runs on the account.")
@click.pass_obj
def session(path: Path, account: str, station: str | None, end: bool) -> None:
    """Begin a session of ACCOUNT at STATION, or end the one that runs."""
    if end == (station is not None):
        raise click.UsageError("Give a station to begin a session, or --end to end the one that runs.")
    with _opened(path) as demo:
        changed = demo.start_session(account, station) if station else demo.end_session(account)
    click.echo(f"Session {changed.id} of account {account} at station {changed.station} is {changed.status}.")


@world.command()
@click.argument("charger")
@click.option("--offline/--online", "offline", default=None, help="Its connection to the cloud.")
@click.option("--status", type=click.Choice(_values(ConnectorStatus)), help="What it says (OCPP 1.6).")
@click.option("--error", help="An OCPP 1.6 error code, such as GroundFailure; with --status.")
@click.option("--by", help="The user who charges there; with --status.")
@click.pass_obj
def charger(
    path: Path, charger: str, offline: bool | None, status: str | None, error: str | None, by: str | None
) -> None:
    """Take CHARGER off line or on line, or give it another status."""
    if offline is None and status is None:
        raise click.UsageError("Give --offline, --online or --status.")
    if status is None and (error or by):
        raise click.UsageError("--error and --by need --status.")
    with _opened(path) as demo:
        if status is not None:
            changed = demo.set_charger_status(charger, status, error, by)
        if offline is not None:
            changed = demo.connect(charger, not offline)
    says = f" and says {changed.connector.status} ({changed.connector.error})" if changed.connector else ""
    click.echo(f"Charger {charger} is {'connected' if changed.connected else 'not connected'}{says}.")


@world.command("restart-fails")
@click.argument("charger")
@click.option("--yes/--no", "fails", default=None, help="Whether it stays away after a restart.")
@click.pass_obj
def restart_fails(path: Path, charger: str, fails: bool | None) -> None:
    """Let the restarts of CHARGER fail from now on, or let them work again."""
    if fails is None:
        raise click.UsageError("Give --yes or --no.")
    with _opened(path) as demo:
        demo.let_restart_fail(charger, fails)
    click.echo(f"Charger {charger} {'stays away' if fails else 'comes back'} after its next restart.")


@world.command()
@click.argument("vendor")
@click.argument("name")
@click.option("--impact", type=click.Choice(_words("impact")), default="minor", show_default=True)
@click.option("--status", type=click.Choice(_words("status")), default="investigating", show_default=True)
@click.option("--component", help="The component that suffers from it.")
@click.pass_obj
def incident(path: Path, vendor: str, name: str, impact: str, status: str, component: str | None) -> None:
    """Put an incident called NAME on the status page of VENDOR, or news of it."""
    with _opened(path) as demo:
        changed = demo.open_incident(vendor, name, impact, component, status)
    click.echo(f"The status page of {vendor} says {changed.indicator}.")


@world.command()
@click.argument("vendor")
@click.pass_obj
def resolve(path: Path, vendor: str) -> None:
    """Let everything on the status page of VENDOR be well again."""
    with _opened(path) as demo:
        changed = demo.resolve_incident(vendor)
    click.echo(f"The status page of {vendor} says {changed.indicator}.")


@world.command()
@click.argument("tool", type=click.Choice(get_args(Tool)))
@click.argument("kind", type=click.Choice([*get_args(TroubleKind), OFF]))
@click.option("--seconds", type=float, default=3.0, show_default=True, help="How long an answer, or none, takes.")
@click.pass_obj
def trouble(path: Path, tool: str, kind: str, seconds: float) -> None:
    """Make the source system TOOL slow or failing, until it is switched off."""
    with _opened(path) as demo:
        demo.trouble(tool, None if kind == OFF else kind, seconds)
    click.echo(f"{tool} is well again." if kind == OFF else f"{tool} is in trouble: {kind}.")
