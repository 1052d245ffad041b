"""Plays written dialogues (tests/transcripts/*.yaml) against the whole bot and says where they differ.

A transcript is a list of steps: what the driver does, or what happens in the world meanwhile.

    - driver: Meine Ladung startet nicht, Station 4521, Konto 40711
      heard: {station: "4521", account: "40711"}
      reads: [accounts.account(40711)]
      says: [account/low]
      has: [CHF 49.80]
    - world: credit 40711 20.00
    - tap: again
      says: [account/enough]

What is not written is not looked at, but for three things that always hold: every part of a reply comes from an
article or a template, nothing is done that ``does`` does not name, and the reply is in the language expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import Field

from bot.events import Acted, Event, ToolRead
from bot.state import ConversationState
from bot.types import Reply, TemplateOrigin
from eval.dialogues import CannotPlay, Deed, Dialogue, Given, Happened, Stage, Written
from eval.given_values import known_to
from eval.grounding import ungrounded

FOLDER = Path(__file__).parents[1] / "tests" / "transcripts"
"""Where the tests are not installed there are none."""
SATURDAY = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
"""All begin then, while nobody of the team is there."""


class Step(Deed):
    """One line of a transcript: a deed, and what must come of it."""

    language: str | None = None
    heard: dict[str, str | None] = Field(default_factory=dict)
    """Facts after the turn; null: the driver does not have it."""
    forgot: tuple[str, ...] = ()
    """Slots that hold nothing after the turn."""
    topic: str | None = None
    reads: tuple[str, ...] | None = None
    """All reads of the turn."""
    says: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    """Templates that must not be said."""
    shows: tuple[str, ...] | None = None
    """All articles that are quoted."""
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    asks: str | None = None
    """What the bot waits for: a slot, the name of a question, or the action of a card; ``nothing``."""
    does: dict[str, str] = Field(default_factory=dict)
    """Actions that run in this turn and their outcomes: ``done``, ``unsure`` or a reason of refusal."""
    urgent: bool = False


class Transcript(Written):
    """A dialogue with what must come of it."""

    name: str
    rules: tuple[str, ...] = ()
    """Of product.md, section 2."""
    given: Given = Given()
    steps: tuple[Step, ...]


def transcripts() -> Iterator[tuple[str, Transcript]]:
    """All of them, each with an id made of its file and name."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for written in yaml.safe_load(path.read_text(encoding="utf-8")):
            transcript = Transcript.model_validate(written)
            yield f"{path.stem}: {transcript.name}", transcript


@dataclass
class Play:
    """One transcript while it is played; ``lines`` is what a person reads when it fails. ``timezone``: of the
    product, in which moments are written."""

    stage: Stage
    transcript: Transcript
    timezone: str
    lines: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def run(self) -> str | None:
        """Play to the first step that differs; the dialogue up to there, or None where all is as written."""
        given = self.transcript.given
        self._language = given.language
        self._dialogue = Dialogue(self.stage, given)
        for number, step in enumerate(self.transcript.steps, start=1):
            self._step(step)
            if self.wrong:
                self.lines += [f"  ! step {number}: {each}" for each in self.wrong]
                return "\n".join(self.lines)
        return None

    def _step(self, step: Step) -> None:
        try:
            happened = self._dialogue.do(step)
        except CannotPlay as error:
            self.wrong.append(str(error))
            return
        choice = happened.choice
        if happened.said:
            self.lines.append(f"> {happened.said}" + (f"   [{choice.kind} {choice.value}]" if choice else ""))
        else:
            self.lines.append(
                f"  ~ {step.model_dump(include={'world', 'desk', 'later', 'unasked'}, exclude_none=True)}"
            )
        talked = (step.driver, step.tap, step.unasked) != (None, None, None)
        if talked:
            self._turn(step, happened)

    def _turn(self, step: Step, happened: Happened) -> None:
        replies = happened.replies
        if step.unasked is False:
            self.wrong += [f"it spoke up: {reply.text}" for reply in replies]
            return
        if not replies:
            self.wrong.append("it said nothing")
            return
        self._show(happened.events, replies[-1])
        self._compare(step, happened.events, replies[-1])

    def _show(self, new: Sequence[Event], reply: Reply) -> None:
        reads = [_call(each.happening) for each in new if isinstance(each.happening, ToolRead)]
        acted = [each.happening for each in new if isinstance(each.happening, Acted)]
        self.lines += [f"  . reads {each}" for each in reads]
        self.lines += [f"  . does {each.action}: {_outcome(each)}" for each in acted]
        self.lines += [f"< {line}" for line in reply.text.splitlines() if line.strip()]
        self.lines.append(f"  . {', '.join(_templates(reply))}; waits for {_waits(self._dialogue.state)}")

    def _compare(self, step: Step, new: Sequence[Event], reply: Reply) -> None:
        wrong, state = self.wrong, self._dialogue.state
        index = self.stage.talks.knowledge.current()
        known = known_to(reply, self._dialogue.events, index, self.timezone)
        wrong += [f"{each.why}: {each.part}" for each in ungrounded(reply, index.article, known)]
        self._language = step.language or self._language
        _differ(wrong, "language", self._language, reply.language)
        _differ(wrong, "urgent", step.urgent, reply.urgent)
        acted = [each.happening for each in new if isinstance(each.happening, Acted)]
        _differ(wrong, "does", step.does, {each.action: _outcome(each) for each in acted})
        for slot, value in step.heard.items():
            fact = state.facts.get(slot)
            _differ(wrong, f"heard {slot}", value, fact.value if fact else "nothing")
        wrong += [f"{slot} is still known: {state.value(slot)}" for slot in step.forgot if state.value(slot)]
        if step.topic is not None:
            _differ(wrong, "topic", step.topic, reply.topic)
        if step.reads is not None:
            reads = {_call(each.happening) for each in new if isinstance(each.happening, ToolRead)}
            _differ(wrong, "reads", sorted(step.reads), sorted(reads))
        said = _templates(reply)
        wrong += [f"it does not say {each}" for each in step.says if each not in said]
        wrong += [f"it says {each}" for each in step.silent if each in said]
        if step.shows is not None:
            _differ(wrong, "shows", list(step.shows), list(dict.fromkeys(source.article for source in reply.sources)))
        text = " ".join(re.split(r"[^\S\n]", reply.text))
        wrong += [f"“{each}” is missing" for each in step.has if each not in text]
        wrong += [f"“{each}” stands there" for each in step.lacks if each in text]
        if step.asks is not None:
            _differ(wrong, "asks", step.asks, _waits(state))


def _differ(wrong: list[str], what: str, wanted: object, found: object) -> None:
    if wanted != found:
        wrong.append(f"{what}: wanted {wanted}, found {found}")


def _templates(reply: Reply) -> list[str]:
    origins = (part.origin for part in reply.parts)
    return list(dict.fromkeys(each.template for each in origins if isinstance(each, TemplateOrigin)))


def _call(read: ToolRead) -> str:
    return f"{read.tool}({', '.join(read.arguments.values())})"


def _outcome(acted: Acted) -> str:
    outcome = acted.outcome
    return str(outcome.reason) if outcome.kind == "refused" else outcome.kind


def _waits(state: ConversationState) -> str:
    waiting = state.position.waiting
    if waiting is None:
        return "nothing"
    if waiting.kind == "confirmation":
        return state.proposals[waiting.name].proposal.action
    return re.sub(r"_\d+$", "", waiting.name)
