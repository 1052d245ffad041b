"""The commands around deliveries to messengers: ``plugdesk hooks …``. The group's object is an opened outbox."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import click

from bot.channels.messengers.outbox import Delivery, DeliveryState, Outbox
from bot.errors import UnknownDelivery

MOST = 10_000
"""Redelivered at once."""


@click.group()
def hooks() -> None:
    """Deliveries to messengers."""


@hooks.command("list")
@click.option("--channel", help="Those of this channel alone.")
@click.option("--state", type=click.Choice(get_args(DeliveryState)), help="Those that are waiting, delivered or dead.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, MOST))
@click.pass_obj
def list_(outbox: Outbox, channel: str | None, state: DeliveryState | None, limit: int) -> None:
    """List deliveries, newest first, one a line."""
    for delivery in outbox.deliveries(channel, state, limit):
        click.echo(_line(delivery))


@hooks.command()
@click.argument("ids", nargs=-1)
@click.option("--dead", "channel", metavar="CHANNEL", help="All that are dead of this channel, instead of IDS.")
@click.pass_obj
def redeliver(outbox: Outbox, ids: tuple[str, ...], channel: str | None) -> None:
    """Let deliveries go out again: those of IDS, dead or delivered. A running server sends them within a second."""
    if bool(ids) == (channel is not None):
        raise click.UsageError("Give either the ids of deliveries, or --dead and a channel.")
    if channel is not None:
        ids = tuple(each.id for each in reversed(outbox.deliveries(channel, "dead", MOST)))
    now = datetime.now(UTC)
    try:
        for each in ids:
            click.echo(_line(outbox.redeliver(each, now)))
    except UnknownDelivery as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{len(ids)} are to go out again.", err=True)


def _line(delivery: Delivery) -> str:
    facts = (
        delivery.id, delivery.channel, delivery.state, f"{delivery.attempts} attempts",
        f"queued {delivery.created_at:%Y-%m-%d %H:%M:%S} UTC",
        f"next {delivery.next_at:%Y-%m-%d %H:%M:%S} UTC" if delivery.state == "waiting" else None, delivery.error,
    )  # fmt: skip
    line = "  ".join(fact for fact in facts if fact)
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)
