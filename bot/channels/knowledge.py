"""``plugdesk kb …``: is the knowledge base right, and what do drivers ask that it does not answer?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.settings import Settings
from indexer.embedders import open_embedder
from indexer.errors import PlugdeskError


@click.group()
def kb() -> None:
    """The knowledge base: what is wrong in it, and what is missing."""


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


@kb.command()
@click.option("--html", "page", type=click.Path(path_type=Path), help="Write a page to this file.")
@click.option("--json", "data", type=click.Path(path_type=Path), help="Write the figures to this file.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Begin of the period; else as many days as gaps.yaml has.")
@click.pass_obj
def gaps(settings: Settings, page: Path | None, data: Path | None, since: datetime | None) -> None:
    """Show what drivers asked and got no answer to, the same question in any language together."""
    from bot.assembly import open_store
    from bot.gaps.clusters import GapRules, Period, clustered
    from bot.gaps.report import html_page, lines
    from bot.gaps.unanswered import unanswered
    from indexer.search import open_index

    rules, now = GapRules.load(), datetime.now(UTC)
    try:
        period = Period.since(since.date() if since else None, now, rules)
        embedder = open_embedder(settings.model, settings.prefixes)
        index = open_index(settings.index, embedder)
        store = open_store(settings.conversations)
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None
    try:
        report = clustered(unanswered(store, index.contents.topics), period, index, rules)
    finally:
        store.close()
    if page:
        page.write_text(html_page(report), encoding="utf-8")
    if data:
        data.write_text(report.model_dump_json(indent=1), encoding="utf-8")
    for line in lines(report):
        click.echo(line)
