"""The commands around API keys: ``plugdesk keys …``. The group's object is what keeps the keys."""

from __future__ import annotations

import click

from bot.errors import UnknownKey
from bot.keys import LONGEST_NAME, SCOPES, Key, Keys, Scope


@click.group()
def keys() -> None:
    """API keys: who may come in, and what for."""


def _name(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not value.strip() or len(value) > LONGEST_NAME or not value.isprintable():
        raise click.BadParameter(f"Use 1 to {LONGEST_NAME} letters.", context, parameter)
    return value.strip()


@keys.command()
@click.argument("name", callback=_name)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(SCOPES),
    help="chat: hold conversations for drivers; read: read any conversation; deliver: post to webhooks. Repeat it.",
)
@click.pass_obj
def add(keeper: Keys, name: str, scopes: tuple[Scope, ...]) -> None:
    """Make a key called NAME and show it, this once."""
    key, secret = keeper.add(name, tuple(dict.fromkeys(scopes)))
    click.echo(secret)
    click.echo(f"This is key {key.id}. Keep it now: it cannot be shown again.", err=True)


@keys.command("list")
@click.pass_obj
def list_(keeper: Keys) -> None:
    """List keys, one a line: id, name, scopes, when it was made, last used and revoked."""
    for key in keeper.all():
        click.echo(_line(key))


@keys.command()
@click.argument("key")
@click.pass_obj
def revoke(keeper: Keys, key: str) -> None:
    """Let KEY (its id) open nothing from now on."""
    try:
        click.echo(_line(keeper.revoke(key)))
    except UnknownKey as error:
        raise click.ClickException(str(error)) from None


def _line(key: Key) -> str:
    used = f"used {key.used_at:%Y-%m-%d %H:%M} UTC" if key.used_at else "never used"
    facts = [key.id, key.name, " ".join(key.scopes), f"made {key.created_at:%Y-%m-%d}", used]
    if key.revoked_at:
        facts.append(f"revoked {key.revoked_at:%Y-%m-%d %H:%M} UTC")
    return "  ".join(facts)
