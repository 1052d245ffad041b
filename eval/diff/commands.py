"""``plugdesk kb diff`` and ``plugdesk kb release``."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from datetime import UTC, datetime

import click

from bot.channels.indexing import Bar
from bot.settings import Settings
from eval.diff.report import Comparison
from eval.diff.run import compared, question_sets
from eval.diff.versions import Versions, files_of
from indexer.build import adopt
from indexer.embedders import open_embedder
from indexer.errors import PlugdeskError
from indexer.lint.checking import check
from indexer.lint.types import Severity
from indexer.ports import Embedder

USUAL_MOST = 20


def _compare(settings: Settings, base: str | None, embedder: Embedder) -> Comparison:
    bar = Bar()
    versions = Versions(settings.index, embedder, bar)
    with ExitStack() as opened:
        opened.callback(bar.close)
        files = None if base is None else opened.enter_context(files_of(base, settings.kb))
        old = versions.serving() if files is None else versions.of(files)
        return compared(settings, old, versions.of(settings.kb), embedder, question_sets(), bar)


@click.command("diff")
@click.option(
    "--base", help="A folder with a knowledge base, or a commit, branch or tag; usual: the version that serves."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--most", type=click.IntRange(min=0), default=USUAL_MOST, show_default=True, help="Of each list of text.")
@click.option("--strict", is_flag=True, help="Exit with 1 where a language, or all of it, is significantly worse.")
@click.pass_obj
def diff(settings: Settings, base: str | None, form: str, most: int, strict: bool) -> None:
    """Show what the knowledge base as it is written changes in the answers to the question sets. Nothing goes live."""
    try:
        found = _compare(settings, base, open_embedder(settings.model, settings.prefixes))
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None
    if form == "json":
        click.echo(json.dumps(found.data(), ensure_ascii=False, indent=1))
    else:
        for line in found.lines(most):
            click.echo(line)
    if strict and found.significantly_worse:
        sys.exit(1)


@click.command("release")
@click.option("--worse", is_flag=True, help="Release it although answers get significantly worse.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--most", type=click.IntRange(min=0), default=USUAL_MOST, show_default=True, help="Of each list.")
@click.pass_obj
def release(settings: Settings, worse: bool, yes: bool, most: int) -> None:
    """Check the knowledge base, show what it changes in answers, and let it serve once you say yes."""
    try:
        embedder = open_embedder(settings.model, settings.prefixes)
        errors = [
            each for each in check(settings.kb, None, datetime.now(UTC).date()) if each.severity is Severity.ERROR
        ]
        if errors:
            wrong = "\n".join(map(str, errors))
            raise click.ClickException(f"{wrong}\nNothing was released: mend these first; plugdesk kb check has all.")
        found = _compare(settings, None, embedder)
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None
    for line in found.lines(most):
        click.echo(line)
    if not found.files:
        click.echo("Nothing to release: the version that serves has these very files.")
        return
    if found.significantly_worse and not worse:
        raise click.ClickException("Nothing was released: answers get significantly worse. --worse releases it anyway.")
    if not yes:
        click.confirm("Let this version serve?", abort=True)
    try:
        name = adopt(settings.index, found.edit.folder, embedder)
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Now serving {name}. Going back: plugdesk index --rollback")
