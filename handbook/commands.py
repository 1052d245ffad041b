"""The page of commands: the help of ``plugdesk`` and everything below it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from bot.cli import main

INTRODUCTION = """# Commands

`plugdesk COMMAND --help` says the same in a terminal. Every command reads the [settings](settings.md), and ends with 1 and a sentence where something is wrong.

<!-- Written by `make reference` from the commands themselves. Change their help, not this page. -->
"""  # noqa: E501
DEEPEST = 4
"""The lowest heading that is used."""


def commands_page() -> str:
    """The page, as Markdown."""
    return "\n".join([INTRODUCTION, *_below(main, click.Context(main, info_name="plugdesk"))])


def _below(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        own = click.Context(command, info_name=name, parent=context)
        yield _one(command, own)
        if isinstance(command, click.Group):
            yield from _below(command, own)


def _one(command: click.Command, context: click.Context) -> str:
    depth = min(len(context.command_path.split()), DEEPEST)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    parts = [f"{'#' * depth} {context.command_path}", inspect.cleandoc(command.help or "")]
    if not isinstance(command, click.Group):
        parts.append(f"```text\n{usage}\n```")
    rows = [record for each in command.get_params(context) if (record := each.get_help_record(context))]
    # A bar would begin another cell. What only repeats a name of the usage says nothing.
    told = [f"| `{_cell(names)}` | {_cell(said)} |" for names, said in rows if said and "--help" not in names]
    if told:
        parts.append("\n".join(["| option | meaning |", "|---|---|", *told]))
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", " / ")
