"""The commands around Matrix: ``plugdesk matrix …``. The group's object is the file of channels."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click
import yaml
from pydantic import TypeAdapter, ValidationError

from bot.channels.messengers.config import SafeUrl, read_channels
from bot.channels.messengers.matrix.homeserver import Homeserver, MatrixError, open_http
from bot.channels.messengers.matrix.messenger import Matrix
from bot.channels.messengers.matrix.registration import registration_id, registration_of
from bot.errors import SettingsError
from bot.replies.catalogues import Templates
from bot.understanding.locale import FALLBACK


def _address(context: click.Context, parameter: click.Parameter, value: str) -> str:
    try:
        return TypeAdapter[str](SafeUrl).validate_python(value)
    except ValidationError as error:
        raise click.BadParameter(error.errors()[0]["msg"], context, parameter) from None


@click.group()
def matrix() -> None:
    """Homeservers that are connected."""


@matrix.command()
@click.argument("channel")
@click.option("--public", required=True, callback=_address, help="Where the homeserver reaches Plugdesk: its address.")
@click.pass_obj
def registration(channels: Path, channel: str, public: str) -> None:
    """Print the registration of CHANNEL for the homeserver. It holds both tokens: keep the file to yourself."""
    given = registration_of(_messenger(channels, channel), public)
    click.echo(yaml.safe_dump(given, sort_keys=False), nl=False)


@matrix.command()
@click.argument("channel")
@click.pass_obj
def check(channels: Path, channel: str) -> None:
    """Ask the homeserver of CHANNEL whether it lets Plugdesk in, and whether it reaches the running server."""
    messenger = _messenger(channels, channel)
    base = messenger.account.base
    try:
        asyncio.run(_checked(messenger))
    except MatrixError as error:
        raise click.ClickException(f"{channel}: {base} says {error}. See docs/channels/matrix.md.") from None
    click.echo(f"{channel}: {base} lets {messenger.account.user} in, and reaches Plugdesk.")


async def _checked(messenger: Matrix) -> None:
    async with open_http() as http:
        home = Homeserver(messenger.account, http, tries=1)
        await home.register()
        await home.ping(registration_id(messenger))


def _messenger(channels: Path, name: str) -> Matrix:
    try:
        # None of their texts are needed here.
        found = read_channels(channels, os.environ, Templates([FALLBACK]))
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    messenger = found.get(name)
    if not isinstance(messenger, Matrix):
        of_kind = [each for each, other in found.items() if isinstance(other, Matrix)]
        known = f"It has {', '.join(of_kind)}." if of_kind else "It has none."
        raise click.ClickException(f"{channels} has no channel {name!r} of kind matrix. {known}")
    return messenger
