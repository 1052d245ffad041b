"""``plugdesk kb …``: is the knowledge base right?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime

import click

from bot.settings import Settings
from indexer.embedders import open_embedder
from indexer.errors import PlugdeskError


@click.group()
def kb() -> None:
    """The knowledge base: what is wrong in it."""


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
        found = check(settings.kb, embedder, datetime.now(UTC).date())
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None
    errors = sum(each.severity is Severity.ERROR for each in found)
    if form == "json":
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1))
    else:
        for each in found:
            click.echo(str(each))
        click.echo(f"{errors} errors, {len(found) - errors} warnings")
    if strict and errors:
        sys.exit(1)
