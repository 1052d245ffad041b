"""A flow is replayed from its beginning at every turn; an action waits for a yes and runs once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from bot.adapters.ledger.sqlite import SqliteLedger
from bot.adapters.ledger.watches import SqliteWatches
from bot.adapters.sqlite import IN_MEMORY
from bot.dialogue.engine import Dialogue, Stage
from bot.dialogue.moves import Move
from bot.dialogue.routes import Routes
from bot.dialogue.steps import Driver, Steps, ask, choose, confirm, read_account, reject, say
from bot.dialogue.turn import Turn, UngivenValue
from bot.events import Acted, Event, Fact, Learned, ToolRead
from bot.replies.plan import CardItem, Line
from bot.state import ConversationState
from bot.tools.access import Access
from bot.tools.actions import ActionRules, Actions
from bot.tools.reads import Reads
from bot.types import Decision, Identity, Message
from bot.understanding.slots import Slot
from tests.doubles import SteppingClock
from tests.talking import demo_tools

RULES = ActionRules.load()


def balance(_driver: Driver) -> Steps:
    while True:
        number = yield from ask(Slot.ACCOUNT)
        if number is None:
            yield from say("no-number")
            return
        reading = yield from read_account(number)
        if reading.outcome != "missing":
            break
        yield from reject(Slot.ACCOUNT, number)
    yield from say("balance", reading, outcome=reading.outcome)
    if (yield from choose("more", "yes", "no")) == "yes":
        yield from say("more")


def restart(_driver: Driver) -> Steps:
    charger = yield from ask(Slot.CHARGER)
    outcome = yield from confirm("restart", {}, charger=charger or "")
    yield from say("outcome", kind=outcome.kind if outcome else "declined")


def guessing(_driver: Driver) -> Steps:
    yield from read_account("20917")


class Table:
    """A conversation of bare turns: what was said, and what happened."""

    def __init__(self, flow: Callable[[Driver], Steps], access: Access | None = None) -> None:
        self.clock = SteppingClock()
        self.tools = demo_tools(self.clock)
        self.access = access or Access(None, "number")
        self.reads = Reads(self.tools, self.clock)
        self.ledger = SqliteLedger(IN_MEMORY)
        actions = Actions(self.tools, self.ledger, RULES, self.clock)
        self.dialogue = Dialogue({"it": flow}, Routes(topics={}, slots={}), actions, SqliteWatches(IN_MEMORY))
        self.state = ConversationState()
        self.happenings: list[object] = []
        self.later = timedelta(0)
        self.count = 0
        self.turn(Decision(kind="flow", what="it", reason="test"))

    def turn(self, decision: Decision, facts: Mapping[str, str | None] | None = None) -> list[str]:
        self.count += 1
        turn = Turn(
            "talk", f"m{self.count}", "en", self.state, lambda again: self.reads.begin(self.access, again), self.access,
            self.clock.now() + self.later, lambda topic: 0,
        )  # fmt: skip
        if facts:
            turn.note(Learned(facts=tuple(Fact(slot=s, value=v, source="driver") for s, v in facts.items())))
        stage = Stage(turn, self.dialogue, {})
        Move(turn, stage, Message(id=turn.message, text="")).make(decision)
        stage.go_on()
        stage.leave()
        self.state = turn.state
        self.happenings += turn.happenings
        self.plan = turn.plan()
        return [item.template for item in self.plan.items if isinstance(item, Line)]

    def tell(self, **facts: str | None) -> list[str]:
        return self.turn(Decision(kind="inform", reason="test"), facts)

    def answer(self, word: str, proposal: str | None = None) -> list[str]:
        waiting = self.state.position.waiting
        identity = proposal or (waiting.name if waiting else "")
        return self.turn(Decision(kind="consent", what=f"{word}:{identity}", reason="test"))

    def acted(self) -> list[Acted]:
        return [each for each in self.happenings if isinstance(each, Acted)]


def test_the_first_step_without_an_answer_ends_the_turn_with_a_question() -> None:
    table = Table(balance)
    assert table.plan.expects == "account"
    assert table.tell(account="40711") == ["balance", "choose/more"]


def test_what_was_said_is_not_said_again() -> None:
    table = Table(balance)
    table.tell(account="40711")
    assert table.turn(Decision(kind="inform", what="yes", reason="test")) == ["more"]
    assert table.state.position.stack == ()


def test_a_value_that_does_not_exist_is_asked_for_again() -> None:
    table = Table(balance)
    assert table.tell(account="99999") == ["ask/account_unknown", "ask/account"]
    assert table.tell(account="40711")[0] == "balance"


def test_a_corrected_value_is_read_anew() -> None:
    table = Table(balance)
    table.tell(account="40711")
    table.tell(account="10482")
    reads = [each.arguments["number"] for each in table.happenings if isinstance(each, ToolRead)]
    assert reads[-1] == "10482"


def test_the_driver_may_not_have_it() -> None:
    assert Table(balance).tell(account=None) == ["no-number"]


def test_another_persons_account_is_never_read() -> None:
    table = Table(balance, Access(Identity(user="ane", accounts=("10482",)), "number"))
    table.tell(account="40711")
    (read,) = [each for each in table.happenings if isinstance(each, ToolRead)]
    assert (read.outcome, read.value) == ("forbidden", None)


def test_no_read_with_a_value_that_nobody_gave() -> None:
    with pytest.raises(UngivenValue, match="20917"):
        Table(guessing)


def test_an_action_runs_once_after_a_yes_whatever_is_tapped_then() -> None:
    table = Table(restart)
    table.tell(charger="310244")
    (card,) = [item for item in table.plan.items if isinstance(item, CardItem)]
    assert table.acted() == []
    assert table.answer("yes") == ["outcome"]
    assert table.answer("yes", card.proposal) == ["confirm/already"]
    assert [each.outcome.kind for each in table.acted()] == ["done"]
    assert len(table.ledger.audit()) == 2


def test_a_no_runs_nothing() -> None:
    table = Table(restart)
    table.tell(charger="310244")
    assert table.answer("no") == ["outcome"]
    assert table.acted() == []


def test_a_late_yes_runs_nothing_and_is_asked_again() -> None:
    table = Table(restart)
    table.tell(charger="310244")
    table.later = timedelta(minutes=RULES.expires_minutes + 1)
    assert table.answer("yes") == ["confirm/expired"]
    assert table.acted() == []
    assert table.answer("yes") == ["outcome"]


def test_a_yes_holds_for_just_the_arguments_that_were_shown() -> None:
    table = Table(restart)
    table.tell(charger="310244")
    shown = table.state.position.waiting
    table.tell(charger="310245")
    assert shown is not None
    assert table.state.position.waiting != shown
    assert table.acted() == []


def test_the_same_events_give_the_same_state() -> None:
    table = Table(balance)
    table.tell(account="40711")
    state = ConversationState()
    for number, happening in enumerate(table.happenings, start=1):
        event = Event.model_validate({"number": number, "at": table.clock.now(), "happening": happening})
        state = state.after(Event.model_validate_json(event.model_dump_json()))
    assert state == table.state
