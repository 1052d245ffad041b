"""``plugdesk import``: articles from elsewhere become drafts, and a draft becomes an article when a person says yes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.settings import Settings
from indexer.errors import IndexUnusable, PlugdeskError, Problem

if TYPE_CHECKING:
    from indexer.importers.drafts import Draft
    from indexer.importers.importing import Outcome
    from indexer.importers.ports import Source, Suggester

EXTRA = "pip install -c constraints.txt -e '.[import]'"
OPTIONAL = ("charset_normalizer", "defusedxml", "mammoth", "protego", "pypdf", "selectolax")
DRAFTS = Path("var/drafts")


class MachineTime:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)

    def wait(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)


@click.command("import")
@click.argument("source", required=False)
@click.option("--review", is_flag=True, help="List the drafts that wait for a person, and why.")
@click.option("--accept", "accepted", multiple=True, metavar="DRAFT", help="Make this draft an article; repeatable.")
@click.option("--topic", help="The topic that the accepted draft becomes the article of.")
@click.option("--dismiss", "dismissed", multiple=True, metavar="DRAFT", help="Do not want this draft; repeatable.")
@click.option("--drafts", type=click.Path(path_type=Path), default=DRAFTS, show_default=True, help="Their folder.")
@click.option("--yes", is_flag=True, help="Accept without being shown the change and asked.")
@click.pass_obj
def import_(
    settings: Settings,
    source: str | None,
    review: bool,
    accepted: tuple[str, ...],
    topic: str | None,
    dismissed: tuple[str, ...],
    drafts: Path,
    yes: bool,
) -> None:
    """Import articles from SOURCE as drafts.

    SOURCE is the URL of a help centre, of one page or of a sitemap; a file (HTML, Markdown, text, DOCX, PDF, CSV of
    questions and answers, an export of Zendesk Guide, Intercom, BookStack or WordPress); or a folder of such files.
    """
    if sum((source is not None, review, bool(accepted), bool(dismissed))) != 1:
        raise click.UsageError("Give a SOURCE, or --review, or --accept DRAFT --topic TOPIC, or --dismiss DRAFT.")
    if bool(accepted) != (topic is not None):
        raise click.UsageError("--accept and --topic belong together.")
    try:
        if source is not None:
            _import(settings, source, drafts)
        elif review:
            _review(drafts)
        elif accepted:
            _accept(settings, drafts, accepted, topic or "", yes)
        else:
            _dismiss(drafts, dismissed)
    except PlugdeskError as error:
        raise click.ClickException(str(error)) from None
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in OPTIONAL:
            raise
        raise click.ClickException(f"Importing needs {error.name}. Install it: {EXTRA}") from None


def _import(settings: Settings, text: str, drafts: Path) -> None:
    from indexer.importers.drafts import DraftFolder
    from indexer.importers.importing import Importer
    from indexer.importers.published import read_published
    from indexer.importers.rules import shipped_rules

    counts: Counter[str] = Counter()
    with ExitStack() as opened:
        source = _source(text, opened)
        importer = Importer(
            DraftFolder(drafts), tuple(read_published(settings.kb)), _suggester(settings), shipped_rules()
        )
        _complain(importer.problems)
        for outcome in importer.run(source):
            counts[outcome.kind] += 1
            click.echo(_outcome(outcome))
    total = ", ".join(f"{counts[kind]} {kind}" for kind in ("new", "changed", "unchanged", "skipped"))
    click.echo(
        f"{total}." + (" Review them with: plugdesk import --review" if counts["new"] + counts["changed"] else "")
    )
    if counts.total() == counts["skipped"]:
        raise click.ClickException("Nothing could be imported.")


def _source(text: str, opened: ExitStack) -> Source:
    from indexer.errors import ImportRefused
    from indexer.importers.files import Files
    from indexer.importers.rules import shipped_rules

    rules = shipped_rules()
    if "://" in text:
        import httpx

        from indexer.importers.fetching import HttpFetcher
        from indexer.importers.website import Website

        url = httpx.URL(text) if text.isprintable() else httpx.URL("")
        if url.scheme not in ("http", "https") or not url.host or url.userinfo:
            raise ImportRefused(f"{text!r} cannot be imported. Give an address such as https://help.example.org/en/")
        client = opened.enter_context(httpx.Client(timeout=rules.limits.seconds, follow_redirects=False))
        return Website(text, HttpFetcher(client, rules.limits), rules, MachineTime())
    path = Path(text)
    if not path.exists():
        raise ImportRefused(f"There is no file or folder {text!r}. The address of a site begins with https://")
    return Files(path, rules, MachineTime())


def _suggester(settings: Settings) -> Suggester | None:
    """The index that serves, if there is one; without it drafts have no suggested topic."""
    from indexer.embedders import open_embedder
    from indexer.importers.suggesting import IndexSuggester
    from indexer.search import open_index

    try:
        return IndexSuggester(open_index(settings.index, open_embedder(settings.model, settings.prefixes)))
    except IndexUnusable as error:
        click.echo(f"No topics are suggested: {error}", err=True)
        return None


def _review(drafts: Path) -> None:
    from indexer.importers.drafts import DraftFolder

    problems: list[Problem] = []
    waiting = [draft for draft in DraftFolder(drafts).read_all(problems) if draft.front.status == "open"]
    for draft in waiting:
        click.echo(_draft(draft))
    _complain(problems)
    click.echo(
        f"{len(waiting)} drafts wait."
        + (" Accept one with: plugdesk import --accept DRAFT --topic TOPIC" if waiting else "")
    )


def _draft(draft: Draft) -> str:
    front, origin = draft.front, draft.front.origin
    topics = ", ".join(f"{each.id} ({each.probability:.0%})" for each in front.suggested) or "none suggested"
    lines = [
        f"{draft.path}",
        f"    {front.title}",
        f"    from {origin.source}, {origin.importer}, {origin.fetched:%Y-%m-%d %H:%M} UTC",
        f"    language {front.language} ({origin.confidence:.0%}); topic: {topics}",
        *(f"    - {reason}" for reason in draft.reasons),
    ]
    return "\n".join(map(_shown, lines))


def _accept(settings: Settings, folder: Path, names: Sequence[str], topic: str, yes: bool) -> None:
    from indexer.errors import KnowledgeError
    from indexer.importers.accepting import prepare, publish
    from indexer.importers.drafts import DraftFolder
    from indexer.knowledge import read_knowledge

    found = [DraftFolder(folder).find(name) for name in names]
    prepared = prepare(found, topic, settings.kb, read_knowledge(settings.kb), datetime.now(UTC).date())
    if prepared.problems:
        missing = KnowledgeError(list(prepared.problems))
        raise click.ClickException(f"Nothing was published. This is missing:\n{missing}")
    if not yes:
        for candidate in prepared.candidates:
            click.echo("\n".join(map(_shown, candidate.diff.splitlines())))
        click.confirm(f"Publish as the article of {topic}?", abort=True)
    publish(prepared)
    for candidate in prepared.candidates:
        click.echo(f"Written: {candidate.path}. Now build the index: plugdesk index")


def _dismiss(folder: Path, names: Sequence[str]) -> None:
    from indexer.importers.drafts import DraftFolder, marked, write_draft

    for draft in [DraftFolder(folder).find(name) for name in names]:
        write_draft(marked(draft, "dismissed"))
        click.echo(f"Dismissed: {draft.path}. It comes back only if its source changes.")


def _outcome(outcome: Outcome) -> str:
    lines = [f"{outcome.kind:9}  {outcome.address}" + (f": {outcome.reason}" if outcome.reason else "")]
    if outcome.path is not None:
        lines.append(f"           → {outcome.path}")
    lines += [f"           like {each.name} ({each.similarity:.0%} in common)" for each in outcome.alike]
    return "\n".join(map(_shown, [*lines, *outcome.diff.splitlines()]))


def _complain(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(_shown(str(problem)), err=True)


def _shown(line: str) -> str:
    """A line with nothing in it that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)
