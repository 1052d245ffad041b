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
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import yaml
from click.testing import CliRunner
from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.adapters.demo.commands import world as world_command
from bot.conversation import Conversations
from bot.events import Acted, BotSaid, Event, ToolRead
from bot.state import ConversationState, state_of
from bot.tools.values import ReportState
from bot.types import Attached, Choice, Context, Identity, Reply, TemplateOrigin
from tests.bot.grounding import ungrounded
from tests.talking import Played

FOLDER = Path(__file__).with_name("transcripts")


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Given(_Written):
    """What the client says when the conversation begins."""

    language: str = "en"
    locale: str | None = None
    vendor: str | None = None
    country: str | None = "CH"
    user: str | None = None
    accounts: tuple[str, ...] = ()
    timezone: str | None = None

    def context(self) -> Context:
        """The context of the conversation."""
        identity = Identity(user=self.user, accounts=self.accounts) if self.user else None
        locale = self.locale or self.language
        return Context(
            locale=locale, vendor=self.vendor, country=self.country, identity=identity, timezone=self.timezone
        )


class Step(_Written):
    """One line of a transcript; exactly one of the first six."""

    driver: str | None = None
    tap: str | None = None
    """A button of the last reply, by what it stands for: ``yes``, ``again``, a topic."""
    world: str | None = None
    """A ``plugdesk world`` command."""
    desk: str | None = None
    """A ticket and its new state."""
    later: float | None = None
    """Minutes that pass."""
    unasked: bool | None = None
    """Whatever is watched is looked at; whether the bot then speaks up."""

    position: tuple[float, float] | None = None
    photos: tuple[str, ...] = ()
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

    @model_validator(mode="after")
    def _one_deed(self) -> Step:
        deeds = [self.driver, self.tap, self.world, self.desk, self.later, self.unasked]
        if sum(each is not None for each in deeds) != 1:
            raise ValueError("A step is exactly one of driver, tap, world, desk, later, unasked.")
        return self


class Transcript(_Written):
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
    """One transcript while it is played; ``lines`` is what a person reads when it fails."""

    played: Played
    transcript: Transcript
    lines: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def run(self) -> str | None:
        """Play to the first step that differs; the dialogue up to there, or None where all is as written."""
        given = self.transcript.given
        self._language = given.language
        self._conversation = self._talks.start(given.context())
        for number, step in enumerate(self.transcript.steps, start=1):
            self._step(step)
            if self.wrong:
                self.lines += [f"  ! step {number}: {each}" for each in self.wrong]
                return "\n".join(self.lines)
        return None

    @property
    def _talks(self) -> Conversations:
        return self.played.talks

    def _step(self, step: Step) -> None:
        if step.world is not None:
            self.lines.append(f"  ~ world {step.world}")
            result = CliRunner().invoke(world_command, shlex.split(step.world), obj=self.played.world_file)
            if result.exit_code:
                self.wrong.append(f"the world said: {result.output}")
        elif step.desk is not None:
            self.lines.append(f"  ~ desk {step.desk}")
            ticket, state = step.desk.split()
            self.played.desk.set_state(ticket, ReportState(state))
        elif step.later is not None:
            self.lines.append(f"  ~ {step.later:g} minutes later")
            self.played.clock.pass_by(timedelta(minutes=step.later))
        else:
            self._turn(step)

    def _turn(self, step: Step) -> None:
        before = self._events()
        if step.unasked is not None:
            self.lines.append("  ~ what is watched is looked at")
            self.played.watcher.tick()
        else:
            text, choice = self._said(step)
            if self.wrong:
                return
            attached = Attached(photos=step.photos, position=step.position)
            self.lines.append(f"> {text}" + (f"   [{choice.kind} {choice.value}]" if choice else ""))
            self._talks.turn(self._conversation, text, choice=choice, attached=attached)
        new = self._events()[len(before) :]
        replies = [each.happening.reply for each in new if isinstance(each.happening, BotSaid)]
        if step.unasked is False:
            self.wrong += [f"it spoke up: {reply.text}" for reply in replies]
            return
        if not replies:
            self.wrong.append("it said nothing")
            return
        self._show(new, replies[-1])
        self._compare(step, new, replies[-1])

    def _said(self, step: Step) -> tuple[str, Choice | None]:
        if step.driver is not None:
            return step.driver, None
        offered = self._state().offered
        for button in offered:
            if step.tap in (button.choice.value, button.choice.value.partition(":")[0]):
                return button.label, button.choice
        names = ", ".join(f"{each.choice.value} ({each.label})" for each in offered)
        self.wrong.append(f"there is no button {step.tap}; offered: {names}")
        return "", None

    def _events(self) -> list[Event]:
        return self._talks.events(self._conversation)

    def _state(self) -> ConversationState:
        return state_of(self._events())

    def _show(self, new: list[Event], reply: Reply) -> None:
        reads = [_call(each.happening) for each in new if isinstance(each.happening, ToolRead)]
        acted = [each.happening for each in new if isinstance(each.happening, Acted)]
        self.lines += [f"  . reads {each}" for each in reads]
        self.lines += [f"  . does {each.action}: {_outcome(each)}" for each in acted]
        self.lines += [f"< {line}" for line in reply.text.splitlines() if line.strip()]
        self.lines.append(f"  . {', '.join(_templates(reply))}; waits for {_waits(self._state())}")

    def _compare(self, step: Step, new: list[Event], reply: Reply) -> None:
        wrong, state = self.wrong, self._state()
        wrong += [f"this part has no origin: {each}" for each in ungrounded(reply, self._talks.knowledge.current())]
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
