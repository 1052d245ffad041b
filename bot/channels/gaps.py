"""``plugdesk kb gaps``: which questions the knowledge base leaves open."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.assembly import SystemClock, open_knowledge, open_store
from bot.entry import open_figures, open_gaps
from bot.errors import SettingsError
from bot.panel.cases.targets import Targets
from bot.panel.gaps import GapReport
from bot.panel.values import PANEL_LANGUAGES
from bot.settings import Settings
from indexer.errors import PlugdeskError
from indexer.search import Index

HTML, JSON = ".html", ".json"


def gaps_of(settings: Settings, since: datetime | None, smallest: int | None) -> tuple[GapReport, Index]:
    """The gaps since midnight of a day in the operator's time zone, and the index that they were compared with.

    Raises:
        SettingsError: when conversations are not kept.
        IndexUnusable, StoreError: when what is needed cannot be opened.
    """
    if settings.conversations == "memory:":
        raise SettingsError(
            "PLUGDESK_CONVERSATIONS is memory:, so nothing that drivers asked is kept. Use sqlite:///path/to/file.db"
        )
    knowledge = open_knowledge(settings)
    with ExitStack() as opened:
        store = open_store(settings.conversations)
        opened.callback(store.close)
        figures = open_figures(settings, store, Targets.load(), SystemClock(), opened.callback)
        finder = open_gaps(settings, figures, knowledge)
        finder.catch_up()
        start = since and since.replace(tzinfo=ZoneInfo(settings.timezone))
        return finder.find(start, smallest), knowledge.current()


def as_html(report: GapReport, index: Index, settings: Settings, language: str) -> str:
    """One file that needs no other; texts in a language of the panel."""
    from bot.panel.web.pages import Pages
    from bot.panel.web.static import style_sheet

    values = {"report": report, "title_of": titles(index), "tongue": language, "css": style_sheet()}
    return Pages(settings.timezone).render("gaps_report", language, None, values)


def titles(index: Index) -> Callable[[str, str], str]:
    """The title of a topic's article in a language, or the topic where there is no such article any more."""

    def title(topic: str, language: str) -> str:
        return index.readable_article(topic, language).title if topic in index.contents.topics else topic

    return title


def as_lines(report: GapReport, title: Callable[[str, str], str]) -> list[str]:
    """For a terminal."""
    lines = []
    for gap in report.gaps:
        languages = ", ".join(f"{language or '?'} {count}" for language, count in gap.languages.items())
        near = f"nearest: {title(gap.topic, 'en')} ({gap.topic}#{gap.section}, {gap.similarity:.2f})"
        lines.append(f"{gap.count:>5} {gap.trend:+d}  {languages}; {near}")
        lines += [f"            {each.language or '?'}  {each.text}" for each in gap.examples]
    lines.append(
        f"{report.questions} questions since {report.since:%Y-%m-%d} were not answered or did not help, "
        f"{report.questions_before} in the time before; {report.small} of them are alone."
    )
    if report.left_out:
        lines.append(f"The oldest {report.left_out} of both times were too many to be compared.")
    return lines


@click.command("gaps")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day, in the operator's time zone; usual: 30 days ago."
)
@click.option(
    "--out",
    "files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page (.html) or data (.json) to this file; repeatable. Otherwise lines are printed.",
)
@click.option("--smallest", type=click.IntRange(min=1), help="List gaps of so many questions and more; usual: 2.")
@click.option(
    "--language", default="en", show_default=True, type=click.Choice(PANEL_LANGUAGES), help="Of the page's texts."
)
@click.pass_obj
def gaps(
    settings: Settings, since: datetime | None, files: tuple[Path, ...], smallest: int | None, language: str
) -> None:
    """Gather by meaning what drivers asked and were not helped with, across languages."""
    for path in files:
        if path.suffix not in (HTML, JSON):
            raise click.BadParameter(f"{path} is neither {HTML} nor {JSON}.", param_hint="--out")
        if not path.parent.is_dir():
            raise click.BadParameter(f"There is no folder {path.parent}; make it first.", param_hint="--out")
    try:
        report, index = gaps_of(settings, since, smallest)
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None
    for path in files:
        text = as_html(report, index, settings, language) if path.suffix == HTML else report.model_dump_json(indent=1)
        path.write_text(text + "\n", encoding="utf-8")
        click.echo(f"Written to {path}: {len(report.gaps)} gaps.")
    if not files:
        for line in as_lines(report, titles(index)):
            click.echo(line)
