"""``python -m eval.groundedness``: does every sentence of every reply come from where it says?

All replies of all suites are looked at: the own questions and the same questions in eleven languages, the messages of
danger, the answer cases and the written dialogues. See eval/grounding.py for what must hold.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click
import yaml

from bot.assembly import open_services
from bot.conversation import Conversations
from bot.events import BotSaid, Event
from bot.replies.catalogues import Templates
from bot.settings import Settings
from bot.types import Context, Part, StepsPart
from eval.answer_cases import answer_cases
from eval.consistency import parallel_questions
from eval.dialogues import CannotPlay, Deed, Given, played, staged
from eval.given_values import known_to
from eval.grounding import Articles, ungrounded
from eval.questions import own_questions
from eval.safety import safety_lines
from indexer.knowledge import read_knowledge
from indexer.search import Index

DIALOGUES = Path(__file__).parents[1] / "tests" / "transcripts"
"""Written dialogues; where the tests are not installed there are none."""
SUITES = ("questions", "parallel", "safety", "answers", "dialogues")


@dataclass(frozen=True)
class Ungrounded:
    """A part of a reply that does not come from where it says."""

    suite: str
    asked: str
    said: str
    origin: str
    why: str


@dataclass(frozen=True)
class Tally:
    """Of one suite: replies, their parts, and the parts that are ungrounded."""

    suite: str
    replies: int
    parts: int
    ungrounded: tuple[Ungrounded, ...]


@dataclass(frozen=True)
class Result:
    """The whole run."""

    tallies: tuple[Tally, ...]

    @property
    def share(self) -> float:
        """Of all parts, those that come from where they say."""
        parts = sum(each.parts for each in self.tallies)
        return 1 - sum(len(each.ungrounded) for each in self.tallies) / parts if parts else 1.0

    def passes(self) -> bool:
        """Whether nothing at all is ungrounded."""
        return not any(each.ungrounded for each in self.tallies)

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return {"share": self.share, "suites": [asdict(each) for each in self.tallies]}


@dataclass(frozen=True)
class Judge:
    """Looks at what was said. ``articles``: as they stand in the knowledge base now, not in the index."""

    index: Index
    articles: Articles
    templates: Templates
    timezone: str

    def findings(self, suite: str, asked: str, events: Sequence[Event]) -> Iterator[Ungrounded]:
        """What is ungrounded in the reply that is the last of the events."""
        said = events[-1].happening
        if not isinstance(said, BotSaid):
            return
        reply = said.reply
        known = known_to(reply, events, self.index, self.timezone)
        for found in ungrounded(reply, self.articles, known):
            origin = found.part.origin.model_dump_json()
            yield Ungrounded(suite, asked, _words(found.part), origin, found.why)
        page = self.templates.page(
            "plain", reply.language, parts=reply.parts, quick_replies=reply.quick_replies, sources=reply.sources
        )
        if page != reply.text:
            yield Ungrounded(suite, asked, reply.text, "the text", "it is not what its parts say")


def _words(part: Part) -> str:
    if isinstance(part, StepsPart):
        return " ".join(part.items)
    return part.text if hasattr(part, "text") else part.alt


def articles_of(folder: Path) -> Articles:
    """The articles of a knowledge base, read and rendered anew."""
    by_name = {(each.id, each.language): each for each in read_knowledge(folder).articles}
    return lambda topic, language: by_name.get((topic, language))


def measure(talks: Conversations, judge: Judge, suites: Iterable[str] = SUITES, every: int = 1) -> Result:
    """Look at the replies of the suites; ``every``: only every so manieth line or dialogue of each."""
    return Result(tuple(_tally(suite, talks, judge, every) for suite in suites))


def _tally(suite: str, talks: Conversations, judge: Judge, every: int) -> Tally:
    replies, parts = 0, 0
    found: list[Ungrounded] = []
    for asked, events in conversations(suite, talks, every):
        for number, event in enumerate(events, start=1):
            if isinstance(event.happening, BotSaid):
                replies += 1
                parts += len(event.happening.reply.parts)
                found += judge.findings(suite, asked, events[:number])
    return Tally(suite, replies, parts, tuple(found))


def conversations(suite: str, talks: Conversations, every: int) -> Iterator[tuple[str, Sequence[Event]]]:
    """The conversations of a suite: what names it, and everything that happened."""
    match suite:
        case "questions":
            yield from _single(talks, [each.text for each in own_questions()][::every])
        case "parallel":
            yield from _single(talks, [each.text for block in parallel_questions() for each in block][::every])
        case "safety":
            yield from _single(talks, [each.text for each in safety_lines()][::every])
        case "answers":
            for case in answer_cases()[::every]:
                yield case.id, _dialogue(talks, case.given(), case.turns)
        case _:
            for name, given, deeds in list(written_dialogues())[::every]:
                yield name, _dialogue(talks, given, deeds)


def _single(talks: Conversations, lines: Sequence[str]) -> Iterator[tuple[str, Sequence[Event]]]:
    """Each line in a conversation of its own, all in one demo world."""
    with staged(talks) as stage:
        for line in lines:
            conversation = stage.talks.start(Context())
            stage.talks.turn(conversation, line)
            yield line, stage.talks.events(conversation)


def _dialogue(talks: Conversations, given: Given, deeds: Sequence[Deed]) -> Sequence[Event]:
    """Everything that was said as far as the dialogue can be played; that it can be is for other suites to say."""
    events: Sequence[Event] = ()
    with suppress(CannotPlay):
        for dialogue, _, _ in played(talks, given, deeds):
            events = dialogue.events
    return events


def written_dialogues(folder: Path = DIALOGUES) -> Iterator[tuple[str, Given, list[Deed]]]:
    """The written dialogues without what must come of them: name, what the client says, deeds."""
    fields = set(Deed.model_fields)
    for path in sorted(folder.glob("*.yaml")):
        for written in yaml.safe_load(path.read_text(encoding="utf-8")):
            steps = [{name: value for name, value in step.items() if name in fields} for step in written["steps"]]
            given = Given.model_validate(written.get("given", {}))
            yield f"{path.stem}: {written['name']}", given, [Deed.model_validate(step) for step in steps]


@click.command()
@click.option("--suite", "suites", multiple=True, type=click.Choice(SUITES), help="Only these.")
@click.option("--every", default=1, show_default=True, help="Only every so manieth line of a suite.")
def main(suites: tuple[str, ...], every: int) -> None:
    """Trace every sentence of every reply to its source."""
    settings = replace(Settings.from_environ(os.environ), conversations="memory:")
    services = open_services(settings)
    try:
        index = services.knowledge.current()
        judge = Judge(index, articles_of(settings.kb), Templates(tuple(index.languages)), settings.timezone)
        result = measure(services.conversations, judge, suites or SUITES, every)
    finally:
        services.close()
    for each in (found for tally in result.tallies for found in tally.ungrounded):
        click.echo(f"{each.suite}: {each.asked}\n  said: {each.said}\n  from: {each.origin}\n  but {each.why}")
    click.echo(f"\n{'':>12}{'replies':>9}{'parts':>9}{'ungrounded':>12}")
    for tally in result.tallies:
        click.echo(f"{tally.suite:>12}{tally.replies:>9}{tally.parts:>9}{len(tally.ungrounded):>12}")
    click.echo(f"\nGrounded: {result.share:.4%}")
    if not result.passes():
        click.echo("Below the bar: every sentence must come from where it says.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
