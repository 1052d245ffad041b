"""The bot in a terminal."""

from __future__ import annotations

from dataclasses import replace

import click

from bot.assembly import open_services
from bot.events import DriverSaid
from bot.settings import Settings
from bot.spoken import spoken
from bot.types import Context


def talk(settings: Settings, context: Context, show_events: bool) -> None:
    """Read lines until the end of input; nothing is kept."""
    services = open_services(replace(settings, conversations="memory:"))
    talks = services.conversations
    conversation = talks.start(context)
    click.echo("Ask anything about charging, in your language. A button's number taps it. Leave with Ctrl-D.")
    seen = 1
    while True:
        services.watcher.tick()
        for event in talks.events(conversation, seen):
            seen = event.number
            if reply := spoken(event):
                click.echo(f"\n{reply.text}\n")
            elif show_events and not isinstance(event.happening, DriverSaid):
                told = event.happening.model_dump_json(exclude={"message_id"}, exclude_unset=True)
                click.secho(f"  {event.happening.type}: {told}", dim=True)
        try:
            text = input("> ")
        except (EOFError, KeyboardInterrupt):
            click.echo()
            services.close()
            return
        if text:
            talks.turn(conversation, text)
