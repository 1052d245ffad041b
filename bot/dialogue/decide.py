"""Decides what one message is in this conversation. Pure. The order is the rule: the first that fits counts.

Danger, a tapped button, a yes or no to a proposal, a command, an answer to the open question, a topic.
"""

from __future__ import annotations

from collections.abc import Container

from bot.dialogue.routes import Routes
from bot.policy import Policy, decide
from bot.state import ConversationState
from bot.types import Choice, Decision, Understanding
from bot.understanding.commands import Command
from bot.understanding.text import says_little

_OPTIONS = {Command.YES: "yes", Command.NO: "no", Command.DONE: "done", Command.STILL: "still", Command.WORKS: "works"}
# Said while a question is open, these are about the question, not about a topic.
_ALWAYS = frozenset(
    {Command.CANCEL, Command.REPEAT, Command.EXPLAIN, Command.BACK, Command.NOT_THAT, Command.AGAIN,
     Command.RESTART_TALK, Command.STEP_BY_STEP}
)  # fmt: skip


def decide_turn(
    said: str,
    heard: Understanding,
    choice: Choice | None,
    state: ConversationState,
    policy: Policy,
    routes: Routes,
) -> Decision:
    """What to do with the message. ``said``: its text, cleaned; ``state``: after the driver said it."""
    if heard.hazards:
        return Decision(kind="danger", confidence=1.0, reason=f"danger: {', '.join(heard.hazards)}")
    if choice is not None and (tapped := _tapped(choice, state)):
        return tapped
    waiting = state.position.waiting
    if waiting is not None and waiting.kind == "confirmation" and heard.consent is not None:
        answer = f"{'yes' if heard.consent else 'no'}:{waiting.name}"
        return Decision(kind="consent", what=answer, confidence=1.0, reason="an explicit answer to the proposal")
    command = Command(heard.command) if heard.command else None
    if command is not None and (decision := _commanded(command, heard, state)):
        return decision
    if waiting is not None and (answer_to := _answer_to(waiting.kind, said, heard, state, policy)):
        return answer_to
    return _topical(said, heard, state, policy, routes)


def _tapped(choice: Choice, state: ConversationState) -> Decision | None:
    waiting = state.position.waiting
    match choice.kind:
        case "topic":
            return Decision(kind="answer", topics=(choice.value,), confidence=1.0, reason="the driver chose it")
        case "answer":
            return Decision(kind="consent", what=choice.value, confidence=1.0, reason="a tap on the card")
        case "command" if choice.value == Command.PERSON:
            return Decision(kind="answer", topics=(PERSON_TOPIC,), confidence=1.0, reason="a tap")
        case "command":
            return Decision(kind="command", what=choice.value, confidence=1.0, reason="a tap")
        case "option" if waiting is not None and choice.value in waiting.options:
            return Decision(kind="inform", what=choice.value, confidence=1.0, reason="the driver chose it")
        case "vendor" if waiting is not None and waiting.name == "vendor":
            return Decision(kind="inform", what=choice.value, confidence=1.0, reason="the driver chose the vendor")
        case "vendor" | "language" if state.topic:
            reason = f"the driver chose the {choice.kind}"
            return Decision(kind="answer", topics=(state.topic,), what="again", confidence=1.0, reason=reason)
    return None


def _commanded(command: Command, heard: Understanding, state: ConversationState) -> Decision | None:
    waiting = state.position.waiting
    option = _OPTIONS.get(command)
    if waiting is not None and waiting.kind == "option" and option in waiting.options:
        return Decision(kind="inform", what=option, confidence=1.0, reason="an answer to the question")
    if state.last_reply is None and command is not Command.PERSON:
        return None
    if command is Command.FOLLOW_UP:
        if state.topic is None or not heard.sections:
            return None
        return Decision(
            kind="answer", topics=(state.topic,), sections=heard.sections, confidence=1.0,
            reason="it leans on the last answer",
        )  # fmt: skip
    if command is Command.PERSON:
        return Decision(kind="answer", topics=(PERSON_TOPIC,), confidence=1.0, reason="the driver wants a person")
    if command in _ALWAYS:
        return Decision(kind="command", what=command, confidence=1.0, reason="about the conversation")
    if command is Command.NO and waiting is not None and waiting.kind in ("slot", "text"):
        return Decision(kind="command", what=Command.MISSING, confidence=1.0, reason="no to the question")
    if command is Command.MISSING and waiting is None:
        return None
    if command in (Command.MISSING, Command.WORKS, Command.DONE):
        return Decision(kind="command", what=command, confidence=1.0, reason="about the conversation")
    return None


def _answer_to(kind: str, said: str, heard: Understanding, state: ConversationState, policy: Policy) -> Decision | None:
    waiting = state.position.waiting
    if waiting is None:
        return None
    sure = bool(heard.topics) and heard.confidence >= policy.answer_at
    about_it = sure and state.position.stack[-1:] and heard.topics[0].id == state.position.stack[-1].topic
    if kind == "slot" and _fills(waiting.slots, heard):
        others = (heard.topics[0].id,) if sure and not about_it and len(said.split()) > FEW_WORDS else ()
        return Decision(kind="inform", topics=others, confidence=1.0, reason="it answers the question")
    if waiting.name == "vendor" and heard.vendor in waiting.options:
        return Decision(kind="inform", what=heard.vendor, confidence=1.0, reason="it answers the question")
    if kind == "text" and not (sure and not about_it and "?" in said) and said.strip():
        return Decision(kind="inform", what=said, confidence=1.0, reason="the driver's own words")
    return None


PERSON_TOPIC = "contact-support"
FEW_WORDS = 6
"""An answer of so few words is an answer and nothing else."""


def _fills(slots: Container[str], heard: Understanding) -> bool:
    given = {found.slot for found in heard.slots if found.valid and not found.rejected}
    return any(slot in slots for slot in given)


def _topical(said: str, heard: Understanding, state: ConversationState, policy: Policy, routes: Routes) -> Decision:
    decision = decide(heard, policy) if heard.topics else Decision(kind="unreadable", reason="no letters or digits")
    if decision.kind == "answer" and says_little(said) and heard.topics[0].score < policy.answer_at:
        # A letter or two look like some example or other; only a topic that stands out is worth an answer.
        return Decision(kind="unreadable", reason="too little to tell")
    if decision.kind == "answer":
        also = (heard.also,) if heard.also and heard.also != decision.topics[0] else ()
        return decision.model_copy(update={"topics": (*decision.topics, *also)})
    told = [found.slot for found in heard.slots if found.valid and not found.rejected]
    mended = [slot for slot in told if slot in state.facts]
    if mended and (state.position.stack or state.position.ended):
        return Decision(kind="inform", confidence=1.0, reason="a value that mends an earlier one")
    flow = next((routes.slots[slot] for slot in routes.slots if slot in told), None)
    if flow is not None and decision.kind != "greeting":
        return Decision(kind="flow", what=flow, confidence=1.0, reason="a value without a question")
    if decision.kind in ("choices", "none") and says_little(said):
        return Decision(kind="unreadable", reason="too little to tell")
    return decision
