"""Leads the dialogue: which flow is talked about, what comes back after a digression, what a command does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.facts import learned
from bot.dialogue.moves import Move
from bot.dialogue.replay import ARTICLE_MARK, DangerTold, Flow, Replay
from bot.dialogue.routes import Routes
from bot.dialogue.steps import TopicTitle
from bot.dialogue.turn import Turn
from bot.events import Decided, Endangered, FlowInstance, Moved, ProposalAnswered, Waiting
from bot.replies.plan import ArticleItem, ButtonItem, Line
from bot.tools.actions import Actions
from bot.tools.watches import Watches
from bot.types import Choice, Decision, Message, Understanding

DANGER = "danger"
TOO_LARGE = frozenset({"too_large", "too_many_pixels", "bomb"})
"""Codes of :class:`bot.errors.PhotoRefused` of which a smaller copy is the remedy."""
TOO_LARGE_PHOTO, UNREADABLE_PHOTO = "photo/too_large", "photo/unreadable"


@dataclass(frozen=True)
class Dialogue:
    """Acts on what was decided. All that lasts goes through the turn's happenings."""

    flows: Mapping[str, Flow]
    routes: Routes
    actions: Actions
    watches: Watches

    def act(
        self, turn: Turn, message: Message, heard: Understanding, decision: Decision, vendors: Mapping[str, Any]
    ) -> None:
        """Do what was decided, then go on with what is open. ``vendors``: the facts of kb/vendors by vendor."""
        given = learned(message, heard, turn.state)
        if given.facts or given.forgotten:
            turn.note(given)
        stage = Stage(turn, self, vendors)
        asides = _asides(message)
        if decision.kind == "danger":
            stage.danger(heard.hazards, "")
            turn.add(*asides)
        else:
            turn.add(*asides)
            Move(turn, stage, message).make(decision)
            stage.go_on()
        stage.leave()

    def begin(self, turn: Turn, flow: str, arguments: Mapping[str, str], vendors: Mapping[str, Any]) -> None:
        """Begin a flow that nobody asked for: what was watched has changed."""
        stage = Stage(turn, self, vendors)
        stage.leave_idle()
        stage.begin(flow, None, arguments)
        stage.go_on()
        stage.leave()


def _asides(message: Message) -> list[Line]:
    """What is to be said of the message itself, whatever it is about."""
    lines = [Line("masked")] if message.masked else []
    unusable = (TOO_LARGE_PHOTO if code in TOO_LARGE else UNREADABLE_PHOTO for code in message.attached.refused)
    return lines + [Line(template) for template in dict.fromkeys(unusable)]


class Stage:
    """The stack of flows while a turn is acted on. The last one is talked about."""

    def __init__(self, turn: Turn, dialogue: Dialogue, vendors: Mapping[str, Any]) -> None:
        before = turn.state.position
        self._turn, self._dialogue, self._vendors = turn, dialogue, vendors
        self.stack = list(before.stack)
        self.waiting = before.waiting
        self.ended = before.ended
        self.queued = list(before.queued)
        self._announced = set(before.queued)
        self.untouched = False
        """Nothing of the message concerns what is open; a question that does not insist is left alone then."""

    def leave(self) -> None:
        """Note where the dialogue stands, if it has moved."""
        position = self.position()
        if position != self._turn.state.position:
            self._turn.note(position)

    def position(self) -> Moved:
        """Where the dialogue stands."""
        return Moved(stack=tuple(self.stack), waiting=self.waiting, ended=self.ended, queued=tuple(self.queued))

    def begin(self, flow: str, topic: str | None, arguments: Mapping[str, str]) -> None:
        """Put a new flow on top."""
        instance = FlowInstance(id=self._turn.new_instance_id(), flow=flow, topic=topic, arguments=dict(arguments))
        self.stack.append(instance)
        self.waiting = None

    def open_topic(self, topic: str, text: str, flow: str | None = None) -> None:
        """Answer a topic: by its flow, or the one given, or by its article alone."""
        self.queued = [each for each in self.queued if each != topic]
        flow = flow or self._dialogue.routes.topics.get(topic)
        running = next((each for each in self.stack if each.flow == flow), None)
        if running is not None:
            self.stack.remove(running)
            self.stack.append(running.model_copy(update={"said": ()}))
        elif flow is not None:
            self.leave_idle()
            self.begin(flow, topic, {"text": text})
        else:
            self.leave_idle()
            self._turn.add(ArticleItem(topic, headed=bool(self._turn.items)))
            self.untouched = True

    def leave_idle(self) -> None:
        """Let go of the flow on top if its question does not insist."""
        if self.stack and self.waiting is not None and not self.waiting.insists:
            self.ended = self.stack.pop()
            self.waiting = None

    def renew(self) -> bool:
        """Let the flow on top, or else the one that ended last, say again what it finds; False if there is none."""
        if not self.stack and self.ended is not None:
            # It stays the same instance, so that what it has done already is not done again.
            self.stack.append(self.ended)
            self.ended = None
        if not self.stack:
            return False
        top = self.stack[-1]
        articles = tuple(mark for mark in top.said if mark.startswith(ARTICLE_MARK))
        self.stack[-1] = top.model_copy(update={"said": articles})
        return True

    def answer(self, name: str, value: str) -> None:
        """Answer a question of the flow on top."""
        top = self.stack[-1]
        self.stack[-1] = top.model_copy(update={"answers": {**top.answers, name: value}})

    def danger(self, hazards: tuple[str, ...], target: str) -> None:
        """Before everything else: what to do now. Nothing that was open goes on."""
        turn = self._turn
        turn.note(Endangered(hazards=hazards, targets=(target,) if target else ()))
        for answered in list(turn.state.proposals.values()):
            if answered.answer is None:
                turn.note(ProposalAnswered(proposal=answered.proposal.id, answer="no"))
        self.stack, self.queued, self.waiting = [], [], None
        turn.urgent = True
        turn.items.clear()
        place = target or turn.state.value("station") or turn.state.value("charger") or ""
        self.begin(DANGER, None, {"hazards": ",".join(turn.state.hazards), "target": place, "text": turn.state.said})
        self.go_on()

    def go_on(self) -> None:
        """Run what is on top until something waits; then what lies beneath; then what was asked besides."""
        if self.untouched and self.waiting is not None and not self.waiting.insists:
            return
        below = len(self.stack)
        while self.stack or self.queued:
            if not self.stack:
                self._open_queued()
                continue
            if self._turn.items and (self.untouched or len(self.stack) < below):
                self._turn.add(Line("back_to"))
            below = len(self.stack)
            try:
                self.waiting = self._run_top()
            except DangerTold as read:
                self.danger((read.hazard,), read.target)
                return
            if self.waiting is not None:
                break
            self.ended = self.stack.pop()
            self.untouched = False
        self._announce()

    def _run_top(self) -> Waiting | None:
        replay = Replay(self._turn, self.stack[-1], self._dialogue.actions, self._dialogue.watches, self._vendors)
        replay.run(self._dialogue.flows[self.stack[-1].flow])
        self.stack[-1] = replay.instance
        return replay.waiting

    def _open_queued(self) -> None:
        topic = self.queued.pop(0)
        self._turn.note(
            Decided(
                message_id=self._turn.message,
                decision=Decision(kind="answer", topics=(topic,), confidence=1.0, reason="the driver also asked"),
            )
        )
        self._turn.add(Line("also_now", {"topic": TopicTitle(topic)}))
        self.open_topic(topic, self._turn.state.said)
        self.untouched = False

    def _announce(self) -> None:
        new = [topic for topic in self.queued if topic not in self._announced]
        self._turn.add(*(Line("also_later", {"topic": TopicTitle(topic)}) for topic in new))
        self._turn.add(*(ButtonItem(Choice(kind="topic", value=topic)) for topic in new))
