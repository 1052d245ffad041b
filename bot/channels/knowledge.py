"""``plugdesk kb …``: is the knowledge base right, and what does it lack?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime

import click

from bot.adapters.panel.knowledge_files import LAST_CHECK, CheckFile
from bot.channels.gaps import gaps
from bot.panel.knowledge.librarian import fingerprint
from bot.panel.knowledge.values import Checked, Defect
from bot.settings import Settings
from indexer.embedders import open_embedder
from indexer.errors import PlugdeskError
from indexer.manifest import source_digests


@click.group()
def kb() -> None:
    """The commands; the group that people call stands in bot/cli.py."""


kb.add_command(gaps)


@kb.command("check")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Exit with 1 where there is an error; warnings do not count.")
@click.option("--quick", is_flag=True, help="Leave out what needs the embedding model: findability and confusion.")
@click.pass_obj
def check_(settings: Settings, form: str, strict: bool, quick: bool) -> None:
    """Look for what drivers would be told wrongly, or could not read or find."""
    from indexer.lint.checking import check
    from indexer.lint.types import Severity

    try:
        embedder = None if quick else open_embedder(settings.model, settings.prefixes)
        sources, now = source_digests(settings.kb), datetime.now(UTC)
        found = check(settings.kb, embedder, now.date())
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None
    defects = tuple(Defect.model_validate(asdict(each)) for each in found)
    _keep(settings, Checked(at=now, whole=not quick, sources=fingerprint(sources), defects=defects))
    errors = sum(each.severity is Severity.ERROR for each in found)
    if form == "json":
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1))
    else:
        for each in found:
            click.echo(str(each))
        click.echo(f"{errors} errors, {len(found) - errors} warnings")
    if strict and errors:
        sys.exit(1)


@kb.command("versions")
@click.pass_obj
def versions_(settings: Settings) -> None:
    """List the versions that can serve; plugdesk index --rollback lets one of them."""
    from bot.channels.indexing import versions

    try:
        for line in versions(settings):
            click.echo(line)
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None


def _keep(settings: Settings, checked: Checked) -> None:
    """For the panel's page. The findings are told here too, so a folder that cannot be written to is no failure."""
    try:
        CheckFile(settings.index / LAST_CHECK).keep(checked)
    except OSError as error:
        click.echo(f"The panel will not show these findings: {error}", err=True)
