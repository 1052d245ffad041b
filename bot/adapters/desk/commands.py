"""The commands that look at tickets and move them on: ``plugdesk tickets …``. The group's object is an opened desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click
import yaml

from bot.adapters.desk.sqlite import SqliteDesk
from bot.errors import NotFound, Unavailable
from bot.tools.ports import Desk
from bot.tools.values import ReportState, Ticket
from indexer.errors import PlugdeskError


@contextmanager
def _explained() -> Iterator[None]:
    """What is wrong ends the command with its message."""
    try:
        yield
    except Unavailable as error:
        raise click.ClickException(f"The help desk {error}.") from None
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None


@click.group()
def tickets() -> None:
    """Look at tickets, and move them on."""


@tickets.command()
@click.argument("ticket")
@click.pass_obj
def show(desk: Desk, ticket: str) -> None:
    """Show TICKET, such as R-20418, as YAML."""
    with _explained():
        told: dict[str, Any] = desk.ticket(ticket).model_dump(mode="json", exclude_none=True)
        told["attachments"] = [each.model_dump(mode="json", exclude_none=True) for each in desk.attachments(ticket)]
        if isinstance(desk, SqliteDesk):
            # Other desks show it to their people themselves.
            told |= _kept(desk, ticket)
    # YAML writes what a terminal would obey as harmless letters.
    click.echo(yaml.safe_dump(told, sort_keys=False, allow_unicode=True), nl=False)


@tickets.command("list")
@click.option("--user", help="The tickets of that driver, newest first.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="What changed since that day (UTC), latest last.")
@click.pass_obj
def list_(desk: Desk, user: str | None, since: datetime | None) -> None:
    """List tickets, one a line."""
    with _explained():
        if user is not None and since is None:
            found = desk.of_user(user)
        elif since is not None and user is None:
            found = desk.changed_since(since.replace(tzinfo=UTC))
        else:
            raise click.UsageError("Give either --user or --since.")
    for ticket in found:
        click.echo(_line(ticket))


@tickets.command()
@click.argument("ticket")
@click.argument("state", type=click.Choice([each.value for each in ReportState]))
@click.option("--repair-by", help="The date that the owner named; without it, an earlier one is taken back.")
@click.pass_obj
def state(desk: Desk, ticket: str, state: str, repair_by: str | None) -> None:
    """Say that TICKET is in STATE now; its driver is told."""
    with _explained():
        click.echo(_line(desk.set_state(ticket, ReportState(state), repair_by)))


def _kept(desk: SqliteDesk, ticket: str) -> dict[str, Any]:
    """What only this desk can show: how the ticket came to be as it is, and what was filed."""
    history = [{"state": state.value, "at": at.isoformat()} for state, at in desk.history(ticket)]
    try:
        filed = desk.draft(ticket).model_dump(mode="json", exclude_none=True)
    except NotFound:
        return {"history": history}
    return {"history": history, "filed": filed}


def _line(ticket: Ticket) -> str:
    of = ticket.station or ticket.charger
    facts = (
        ticket.id,
        f"{ticket.kind} of {of}" if of else ticket.kind,
        ticket.state,
        f"repair by {ticket.repair_by}" if ticket.repair_by else None,
        f"{ticket.incident}, {ticket.others} more" if ticket.incident else None,
        f"{ticket.updated_at:%Y-%m-%d %H:%M} UTC",
    )
    line = "  ".join(str(fact) for fact in facts if fact)
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)
