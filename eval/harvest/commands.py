"""The commands: propose cases, and take over what a person kept."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.assembly import open_store
from bot.panel.review import ReviewFile
from bot.settings import Settings
from eval.harvest.accepting import Role, additions, append, kept, marked, problems
from eval.harvest.candidates import Candidate, from_conversation, from_corrections, gathered
from eval.harvest.known import read_known
from eval.harvest.rules import HarvestRules
from eval.harvest.sheet import grown, read_sheet, write_sheet
from eval.questions import OWN
from indexer.errors import KnowledgeError, PlugdeskError

OUT = Path("var/harvest.yaml")
SET = click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=OWN,
    help="Folder of the question set. The project's own unless you say otherwise.",
)


@click.group(invoke_without_command=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=OUT, show_default=True)
@SET
@click.pass_context
def harvest(context: click.Context, out: Path, into: Path) -> None:
    """Propose cases from what agents corrected and from conversations that did not end well.

    They are written into a review file for a person to read; nothing is taken over by itself. What stands in the file
    already stays as it is.
    """
    if context.invoked_subcommand is not None:
        return
    try:
        settings, rules = Settings.from_environ(os.environ), HarvestRules.load()
        known = read_known(settings.kb, into)
        before = read_sheet(out) if out.exists() else []
        cases = grown(before, gathered(_met(settings, rules), known.all, rules))
        if len(cases) > len(before):
            write_sheet(out, cases)
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None
    new = Counter(each.why for each in cases) - Counter(each.why for each in before)
    told = ", ".join(f"{count} {why.replace('_', ' ')}" for why, count in new.most_common())
    click.echo(f"{new.total()} new candidates{f' ({told})' if told else ''}.")
    if cases:
        waiting = sum(each.keep is None for each in cases)
        click.echo(f"{waiting} wait for a yes or no in {out}. Then: python -m eval.harvest accept {out}")


def _met(settings: Settings, rules: HarvestRules) -> Iterator[Candidate]:
    try:
        corrections = ReviewFile(settings.review).read()
    except ValueError as error:
        raise PlugdeskError(f"PLUGDESK_REVIEW: {settings.review} has a line that is no correction: {error}") from None
    yield from from_corrections(corrections)
    store = open_store(settings.conversations)
    try:
        for conversation in store.appended(0)[1]:
            yield from from_conversation(store.events(conversation), rules.most_changed)
    finally:
        store.close()


@harvest.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--as",
    "role",
    type=click.Choice(["question", "utterance"]),
    default="question",
    show_default=True,
    help="Into the question set, or into kb/utterances; look at the change before you commit it.",
)
@SET
def accept(file: Path, role: Role, into: Path) -> None:
    """Take over the cases of FILE that are kept. Where one cannot be, none is."""
    try:
        settings, rules = Settings.from_environ(os.environ), HarvestRules.load()
        cases = read_sheet(file)
        wanted = kept(cases)
        found = list(problems(file, wanted, role, read_known(settings.kb, into), rules))
        if found:
            raise KnowledgeError(found)
        lines = additions(wanted, role, into, settings.kb)
        append(lines)
        if wanted:
            write_sheet(file, marked(cases, wanted, role, datetime.now(UTC).date()))
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"A line could not be written: {error}") from None
    for path, count in Counter(each.path for each in lines).items():
        click.echo(f"{path}: {count} added")
    undecided = sum(each.keep is None for each in cases)
    click.echo(f"{len(wanted)} taken over, {undecided} undecided.")
