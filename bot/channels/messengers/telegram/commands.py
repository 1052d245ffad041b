"""The commands around Telegram bots: ``plugdesk telegram …``. The group's object has the channels by their name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import anyio
import click
from pydantic import BaseModel

from bot.channels.messengers.calls import CallFailed
from bot.channels.messengers.ports import Messenger
from bot.channels.messengers.telegram.messenger import Telegram
from bot.channels.messengers.telegram.updates import WANTED
from bot.channels.messengers.telegram.webhook import PATH

PORTS = (443, 80, 88, 8443)
"""Telegram posts to no others (setWebhook)."""


class _Known(BaseModel):
    """What Telegram says of a webhook (WebhookInfo)."""

    url: str
    pending_update_count: int
    last_error_date: int | None = None
    last_error_message: str = ""


@click.group()
def telegram() -> None:
    """Telegram bots: where their news are posted."""


def _public(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    parts = urlsplit(value)
    try:
        port = parts.port or 443
    except ValueError:
        port = 0
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise click.BadParameter("Give an address such as https://help.example", context, parameter)
    if port not in PORTS:
        allowed = ", ".join(map(str, PORTS))
        raise click.BadParameter(f"Telegram posts to the ports {allowed} only.", context, parameter)
    return value.rstrip("/")


@telegram.command()
@click.argument("channel")
@click.option(
    "--public", callback=_public, help="Where this server is reached from outside, such as https://help.example"
)
@click.pass_obj
def webhook(channels: Mapping[str, Messenger], channel: str, public: str | None) -> None:
    """Let Telegram post what drivers write to the bot CHANNEL of the file of channels, and show what it knows of that.

    Without --public nothing is changed.
    """
    bot = channels.get(channel)
    if not isinstance(bot, Telegram):
        known = ", ".join(name for name, each in channels.items() if isinstance(each, Telegram)) or "none"
        raise click.ClickException(f"The file of channels has no Telegram bot called {channel!r}. It has: {known}.")
    if bot.secret is None:
        raise click.ClickException(f"channels.{channel}.mode is polling: the server fetches what drivers write itself.")
    try:
        known_of = anyio.run(_registered, bot, public)
    except CallFailed as error:
        raise click.ClickException(f"Telegram: {error}") from None
    for line in _told(known_of):
        click.echo(line)


async def _registered(bot: Telegram, public: str | None) -> _Known:
    api = bot.receiver.api
    async with bot.client() as http:
        if public is not None and bot.secret is not None:
            asked: dict[str, Any] = {
                "url": f"{public}/v1/channels/{bot.name}{PATH}",
                "secret_token": bot.secret.decode(),
                "allowed_updates": list(WANTED),
            }
            await api.call(http, "setWebhook", **asked)
        return _Known.model_validate(await api.call(http, "getWebhookInfo"))


def _told(known: _Known) -> list[str]:
    if not known.url:
        return ["Telegram posts nowhere. Register the address with --public."]
    lines = [f"Telegram posts to {known.url}", f"waiting: {known.pending_update_count}"]
    if known.last_error_date is not None:
        at = datetime.fromtimestamp(known.last_error_date, UTC)
        lines.append(f"last error: {at:%Y-%m-%d %H:%M} UTC: {known.last_error_message}")
    return lines
