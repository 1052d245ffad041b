"""The commands around what the panel keeps of conversations: ``plugdesk panel …``. The group's object projects them."""

from __future__ import annotations

import click

from bot.panel.cases.ports import Filter
from bot.panel.cases.projector import Projector


@click.group()
def panel() -> None:
    """What the agents' panel keeps of conversations."""


@panel.command()
@click.pass_obj
def rebuild(projector: Projector) -> None:
    """Make the inbox and the search anew from the conversations. Servers may run meanwhile."""
    projector.rebuild()
    while projector.catch_up():
        pass
    click.echo(f"{projector.cases.counts(Filter()).all} conversations")
