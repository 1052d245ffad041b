"""What one message does to the dialogue: an answer, a yes, a command, a new topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dialogue.turn import Turn
from bot.events import Fact, Learned, ProposalAnswered
from bot.replies.plan import ArticleItem, ButtonItem, Line
from bot.types import Choice, Decision, Message
from bot.understanding.commands import Command

if TYPE_CHECKING:
    from bot.dialogue.engine import Stage

AGAIN = "again"
WALKTHROUGH, STILL, PERSON = "walkthrough", "still", "person"


class Move:
    """Changes the stage by what was decided about one message."""

    def __init__(self, turn: Turn, stage: Stage, message: Message) -> None:
        self._turn, self._stage, self._message = turn, stage, message

    def make(self, decision: Decision) -> None:
        """Do it; what is open then goes on by :meth:`Stage.go_on`."""
        match decision.kind:
            case "consent":
                self._consent(decision.what or "")
            case "command":
                self._command(Command(decision.what or ""))
            case "inform":
                self._inform(decision.what)
                self._stage.queued += decision.topics
            case "flow":
                self._stage.leave_idle()
                self._stage.begin(decision.what or "", None, {"text": self._message.text})
            case "answer":
                self._answer(decision)
            case _:
                self._turn.add(Line(decision.kind))
                self._turn.add(*(ButtonItem(Choice(kind="topic", value=topic)) for topic in decision.topics))
                self._stage.untouched = True

    def _answer(self, decision: Decision) -> None:
        first, *others = decision.topics
        if decision.sections:
            self._turn.add(ArticleItem(first, decision.sections))
            self._stage.untouched = True
            return
        if decision.what == Command.PERSON:
            self._begin(PERSON)
            return
        self._stage.open_topic(first, self._message.text, decision.what if decision.what != AGAIN else None)
        self._stage.queued += [topic for topic in others if topic not in self._stage.queued]

    def _consent(self, answer: str) -> None:
        word, _, identity = answer.partition(":")
        known = self._turn.state.proposals.get(identity)
        owner = next((each for each in self._stage.stack if known and each.id == known.proposal.instance), None)
        if known is None or (owner is None and known.outcome is None):
            self._say("command/nothing_open")
        elif known.answer is not None:
            self._say("confirm/already" if known.outcome else "command/nothing_open")
        elif known.proposal.expires_at <= self._turn.now and word == "yes":
            self._turn.note(ProposalAnswered(proposal=identity, answer="expired"))
            self._turn.add(Line("confirm/expired"))
        else:
            self._turn.note(ProposalAnswered(proposal=identity, answer="yes" if word == "yes" else "no"))
            if owner is not None:
                self._stage.stack.remove(owner)
                self._stage.stack.append(owner)

    def _inform(self, value: str | None) -> None:
        """A fact, an option or words for the question that is open; or a fact that mends what was just said."""
        waiting = self._stage.waiting
        if self._message.attached.photos:
            self._turn.add(Line("photo/kept"))
        if waiting is not None and waiting.kind in ("option", "text") and value is not None:
            self._stage.answer(waiting.name, value)
        elif not self._stage.stack:
            self._stage.renew()

    def _command(self, command: Command) -> None:
        match command:
            case Command.CANCEL:
                self._cancel()
            case Command.BACK | Command.NOT_THAT:
                self._back(command)
            case Command.MISSING:
                self._missing()
            case Command.AGAIN | Command.DONE:
                self._again(command)
            case Command.STEP_BY_STEP if self._turn.state.topic:
                self._begin(WALKTHROUGH, topic=self._turn.state.topic)
            case Command.STILL if self._turn.state.topic:
                self._begin(STILL, topic=self._turn.state.topic)
            case Command.RESTART_TALK:
                self._restart()
            case Command.EXPLAIN:
                waiting = self._stage.waiting
                slot = waiting.name if waiting and waiting.kind == "slot" else None
                self._turn.add(Line(f"explain/{slot}" if slot else "command/explain"))
                self._stage.untouched = slot is None
            case Command.WORKS:
                # Whatever was being looked into is settled; nobody wants to be led back to it.
                self._stage.stack.clear()
                self._stage.waiting = None
                self._say("command/works")
            case _:
                self._say("unreadable")

    def _say(self, template: str) -> None:
        self._turn.add(Line(template))
        self._stage.untouched = True

    def _begin(self, flow: str, **arguments: str) -> None:
        running = next((each for each in self._stage.stack if each.flow == flow), None)
        if running is not None:
            self._stage.stack.remove(running)
            self._stage.stack.append(running)
            return
        self._stage.leave_idle()
        self._stage.begin(flow, None, {"text": self._message.text, **arguments})

    def _cancel(self) -> None:
        waiting = self._stage.waiting
        if waiting is not None and waiting.kind == "confirmation":
            self._turn.note(ProposalAnswered(proposal=waiting.name, answer="no"))
        if self._stage.stack:
            self._stage.stack.pop()
            self._stage.waiting = None
            self._turn.add(Line("command/cancelled"))
        else:
            self._say("command/nothing_open")

    def _back(self, command: Command) -> None:
        """Take back what was given last, so that it is asked again."""
        stage, state = self._stage, self._turn.state
        top = stage.stack[-1] if stage.stack else None
        if top is not None and top.answers and command is Command.BACK:
            *kept, _ = top.answers.items()
            stage.stack[-1] = top.model_copy(update={"answers": dict(kept)})
        elif state.last_learned is not None and (stage.stack or stage.renew()):
            self._turn.note(Learned(forgotten=(state.last_learned,)))
        else:
            self._say("command/nothing_open")
            return
        self._turn.add(Line("command/back"))

    def _missing(self) -> None:
        waiting = self._stage.waiting
        if waiting is None or waiting.kind in ("option", "confirmation"):
            self._say("unreadable")
        elif waiting.kind == "slot":
            facts = tuple(Fact(slot=slot, value=None, source="driver") for slot in waiting.slots)
            self._turn.note(Learned(facts=facts))
        elif "skip" in waiting.options:
            self._stage.answer(waiting.name, "")
        else:
            self._turn.add(Line("command/needed"))

    def _again(self, command: Command) -> None:
        self._turn.look_again()
        if not self._stage.renew():
            self._say("command/nothing_open" if command is Command.AGAIN else "unreadable")

    def _restart(self) -> None:
        self._stage.stack.clear()
        self._stage.queued.clear()
        self._stage.waiting = self._stage.ended = None
        given = [slot for slot, fact in self._turn.state.facts.items() if fact.source == "driver"]
        self._turn.note(Learned(forgotten=tuple(given)))
        self._say("greeting")
