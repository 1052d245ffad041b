"""Decides what one message is in this conversation. Pure. The order is the rule: the first that fits counts.

Danger, a tapped button, a yes or no to a proposal, a command, an answer to the open question, a topic.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from bot.dialogue.facts import LOCATION
from bot.dialogue.routes import Routes
from bot.policy import Policy, decide
from bot.state import ConversationState
from bot.types import Attached, Choice, Decision, Message, Understanding
from bot.understanding.commands import Command
from bot.understanding.slots import NUMBERS, Slot
from bot.understanding.text import says_little

_OPTIONS = {Command.YES: "yes", Command.NO: "no", Command.DONE: "done", Command.STILL: "still", Command.WORKS: "works"}
_ALMOST: Mapping[str | None, tuple[str, ...]] = {
    Command.YES: ("works", "done"), Command.NO: ("still", "done"), Command.STILL: ("done",),
    Command.MISSING: ("unsure",), Command.PERSON: ("yes",),
}  # fmt: skip
"""What else a command answers: after a step, "still not working" leads on; "no" to "is it free?" is "still"."""
COSTS = "help_costs"
"""The question whose yes costs the driver money: only an explicit yes answers it (EP7)."""
_ABOUT_PEOPLE = ("person", COSTS)
"""Questions to which asking for a person is a yes."""
# Said while a question is open, these are about the question, not about a topic.
_ALWAYS = frozenset(
    {Command.CANCEL, Command.REPEAT, Command.EXPLAIN, Command.BACK, Command.NOT_THAT, Command.AGAIN,
     Command.RESTART_TALK, Command.STEP_BY_STEP}
)  # fmt: skip


def decide_turn(
    said: str,
    heard: Understanding,
    message: Message,
    state: ConversationState,
    policy: Policy,
    routes: Routes,
) -> Decision:
    """What to do with the message. ``said``: its text, cleaned; ``state``: after the driver said it."""
    choice = message.choice
    if heard.hazards:
        return Decision(kind="danger", confidence=1.0, reason=f"danger: {', '.join(heard.hazards)}")
    if choice is not None and (tapped := _tapped(choice, state)):
        return tapped
    waiting = state.position.waiting
    if decision := _attached(message.attached, said, state):
        return decision
    if waiting is not None and waiting.kind == "confirmation" and heard.consent is not None:
        answer = f"{'yes' if heard.consent else 'no'}:{waiting.name}"
        return Decision(kind="consent", what=answer, confidence=1.0, reason="an explicit answer to the proposal")
    if waiting is None and heard.consent and (latest := _done_just_now(state)):
        return Decision(kind="consent", what=f"yes:{latest}", confidence=1.0, reason="a yes to what was done already")
    if waiting is not None and waiting.kind == "option" and heard.chosen and waiting.name != COSTS:
        return Decision(kind="inform", what=heard.chosen, confidence=1.0, reason="the option, named")
    command = Command(heard.command) if heard.command else None
    if command is not None and (decision := _commanded(command, heard, state)):
        return decision
    if waiting is not None and (answer_to := _answer_to(waiting.kind, said, heard, state, policy)):
        return answer_to
    decision = _topical(said, heard, state, policy, routes)
    return _safe(decision, routes) if state.hazards else decision


def _tapped(choice: Choice, state: ConversationState) -> Decision | None:
    waiting = state.position.waiting
    match choice.kind:
        case "topic":
            return Decision(kind="answer", topics=(choice.value,), confidence=1.0, reason="the driver chose it")
        case "answer":
            return Decision(kind="consent", what=choice.value, confidence=1.0, reason="a tap on the card")
        case "command" if choice.value == Command.PERSON:
            return _person("a tap")
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


def _safe(decision: Decision, routes: Routes) -> Decision:
    """After danger nothing that starts a charge or tries again is told; a restart is refused by its flow (WB3)."""
    wanted = decision.topics[:1] if decision.kind == "answer" else decision.topics
    if decision.kind in ("answer", "choices") and routes.unsafe.intersection(wanted):
        return decision.model_copy(update={"kind": "flow", "what": NO_RETRY, "topics": ()})
    return decision


def _attached(attached: Attached, said: str, state: ConversationState) -> Decision | None:
    """A place or a photo that came along."""
    waiting = state.position.waiting
    if attached.position and waiting is not None and LOCATION in waiting.slots:
        return Decision(kind="inform", confidence=1.0, reason="the place that was asked for")
    if attached.photos and waiting is not None and (waiting.kind, waiting.name) == ("text", PHOTO):
        return Decision(kind="inform", what=attached.photos[-1], confidence=1.0, reason="the photo that was asked for")
    if attached.photos and not any(map(str.isalnum, said)):
        if any(each.flow in REPORTS for each in state.position.stack):
            return Decision(kind="inform", confidence=1.0, reason="a photo for the report")
        return Decision(kind="flow", what=PHOTO, confidence=1.0, reason="a photo without a word")
    if attached.refused and not any(map(str.isalnum, said)):
        return Decision(kind="inform", confidence=1.0, reason="a photo that cannot be used, without a word")
    return None


def _commanded(command: Command, heard: Understanding, state: ConversationState) -> Decision | None:
    waiting = state.position.waiting
    option = _OPTIONS.get(command)
    if waiting is not None and option not in waiting.options:
        option = next((other for other in _ALMOST.get(command, ()) if other in waiting.options), option)
    if command is Command.PERSON and waiting is not None and waiting.name not in _ABOUT_PEOPLE:
        option = None
    if waiting is not None and waiting.kind == "option" and option in waiting.options:
        return Decision(kind="inform", what=option, confidence=1.0, reason="an answer to the question")
    if state.last_reply is None and command is not Command.PERSON:
        return None
    if command is Command.FOLLOW_UP:
        if _mends(heard, state) and _talked(state):
            return Decision(kind="inform", confidence=1.0, reason="the same of another")
        if state.topic is None or not heard.sections:
            return None
        return Decision(
            kind="answer", topics=(state.topic,), sections=heard.sections, confidence=1.0,
            reason="it leans on the last answer",
        )  # fmt: skip
    if command is Command.PERSON:
        return _person("the driver wants a person")
    if command in _ALWAYS:
        return Decision(kind="command", what=command, confidence=1.0, reason="about the conversation")
    if command is Command.NO and waiting is not None and waiting.kind in ("slot", "text"):
        return Decision(kind="command", what=Command.MISSING, confidence=1.0, reason="no to the question")
    if command is Command.MISSING and waiting is None:
        return None
    if command is Command.STILL and state.topic is None:
        return None
    if command in (Command.MISSING, Command.WORKS, Command.DONE, Command.STILL):
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
    if kind == "slot" and Slot.ACCOUNT in waiting.slots and any(each.slot == Slot.CONTRACT for each in heard.slots):
        return Decision(kind="inform", confidence=1.0, reason="a contract's number for an account's")
    if kind == "option" and "?" not in said:
        opened = (heard.opening, *_ALMOST.get(heard.opening, ()))
        option = next((each for each in opened if each and each in waiting.options), None)
        if option is None and about_it and "still" in waiting.options:
            option = "still"
        if option is not None and (waiting.name, option) != (COSTS, "yes"):
            return Decision(kind="inform", what=option, confidence=0.9, reason="it answers the question")
    if heard.opening == Command.NO and kind == "confirmation":
        answer = f"no:{waiting.name}"
        return Decision(kind="consent", what=answer, confidence=0.9, reason="it begins with no")
    if heard.opening == Command.YES and kind == "confirmation" and "?" not in said:
        return Decision(kind="unreadable", confidence=0.9, reason="a yes with something besides is no consent")
    declines = LOCATION in waiting.slots and "?" not in said  # CP3: it may be refused, in any words
    if heard.opening == Command.NO and kind == "slot" and (declines or not sure):
        return Decision(kind="command", what=Command.MISSING, confidence=0.9, reason="it begins with no")
    if waiting.name == "vendor" and heard.vendor in waiting.options:
        return Decision(kind="inform", what=heard.vendor, confidence=1.0, reason="it answers the question")
    if kind == "text" and not (sure and not about_it and "?" in said) and said.strip():
        return Decision(kind="inform", what=said, confidence=1.0, reason="the driver's own words")
    return None


def _person(reason: str) -> Decision:
    topics = (PERSON_TOPIC,)
    return Decision(kind="answer", topics=topics, what=Command.PERSON, confidence=1.0, reason=reason)


PHOTO, NO_RETRY = "photo", "no_retry"
REPORTS = ("report", "not_charging", "station_status", PHOTO)
"""Flows that may end in a report, with which photos go."""
PERSON_TOPIC = "contact-support"
FEW_WORDS = 6
"""An answer of so few words is an answer and nothing else."""


def _talked(state: ConversationState) -> bool:
    return bool(state.position.stack or state.position.ended)


def _mends(heard: Understanding, state: ConversationState) -> bool:
    """Whether a value differs from the one that is known."""
    return any(
        found.slot in NUMBERS and found.slot in state.facts and state.value(found.slot) != found.value
        for found in heard.slots
        if found.valid and not found.rejected
    )


def _done_just_now(state: ConversationState) -> str | None:
    """The proposal that the last reply told the outcome of."""
    ended = state.position.ended
    done = [each for each in state.proposals.values() if each.outcome and ended and each.proposal.instance == ended.id]
    return done[-1].proposal.id if done else None


def _fills(slots: Container[str], heard: Understanding) -> bool:
    given = {found.slot for found in heard.slots if found.valid and not found.rejected}
    return any(slot in slots for slot in given)


def _topical(said: str, heard: Understanding, state: ConversationState, policy: Policy, routes: Routes) -> Decision:
    decision = decide(heard, policy) if heard.topics else Decision(kind="unreadable", reason="no letters or digits")
    if decision.kind == "answer" and says_little(said) and heard.topics[0].score < policy.answer_at:
        # A letter or two look like some example or other; only a topic that stands out is worth an answer.
        return Decision(kind="unreadable", reason="too little to tell")
    if _mends(heard, state) and _talked(state) and heard.opening == Command.NO:
        return Decision(kind="inform", confidence=1.0, reason="no, it is another one")
    if problems := routes.apart(heard.problems):
        return Decision(kind="answer", topics=problems, confidence=policy.second_problem_at, reason="several problems")
    told = [found.slot for found in heard.slots if found.valid and not found.rejected]
    if decision.kind == "answer":
        flow = routes.flow_beside(decision.topics[0], told)
        return decision if flow is None else decision.model_copy(update={"what": flow})
    if _mends(heard, state) and _talked(state):
        return Decision(kind="inform", confidence=1.0, reason="a value that mends an earlier one")
    flow = next((routes.slots[slot] for slot in routes.slots if slot in told), None)
    if flow is not None and routes.trouble.intersection(found.value for found in heard.slots):
        flow = routes.in_trouble.get(flow, flow)
    if flow is not None and decision.kind != "greeting":
        return Decision(kind="flow", what=flow, confidence=1.0, reason="a value without a question")
    if decision.kind in ("choices", "none") and says_little(said):
        return Decision(kind="unreadable", reason="too little to tell")
    return decision
