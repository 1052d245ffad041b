"""The bot in a terminal."""

from __future__ import annotations

from dataclasses import replace

import click

from bot.assembly import open_services
from bot.events import Decided, Understood
from bot.settings import Settings
from bot.types import Context


def talk(settings: Settings, context: Context, show_events: bool) -> None:
    """Read lines until the end of input; nothing is kept."""
    talks = open_services(replace(settings, conversations="memory:")).conversations
    conversation = talks.start(context)
    click.echo("Ask anything about charging, in your language. Leave with Ctrl-D.")
    seen = 1
    while True:
        try:
            text = input("> ")
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return
        reply = talks.turn(conversation, text)
        for event in talks.events(conversation, seen):
            seen = event.number
            if show_events and isinstance(event.happening, Understood | Decided):
                click.secho(f"  {event.happening.model_dump_json(exclude={'type', 'message_id'})}", dim=True)
        click.echo(f"\n{reply.text}\n")
