"""Runs one flow from its beginning: steps whose answers are known return at once, the first other one ends the turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.dialogue.drafts import draft_of
from bot.dialogue.steps import (
    Alarm,
    Ask,
    AskText,
    AskVendor,
    Check,
    Choose,
    Confirm,
    CountSteps,
    Driver,
    File,
    Offer,
    Reading,
    Reject,
    Request,
    Say,
    Show,
    ShowStep,
    Steps,
    Watch,
)
from bot.dialogue.turn import Turn, digest
from bot.events import Acted, Fact, FlowInstance, HandedOver, Learned, Proposal, ProposalAnswered, Proposed, Waiting
from bot.replies.plan import ArticleItem, ButtonItem, CardItem, Line, StepItem
from bot.state import Answered
from bot.tools.actions import Actions
from bot.tools.ledger import Entry
from bot.tools.values import Charger, Done, Outcome, Station, TicketKind
from bot.tools.watches import Watches
from bot.types import Choice
from bot.understanding.safety import HAZARDOUS_ERROR_CODES
from bot.understanding.slots import Slot

Flow = Callable[[Driver], Steps]
WATCH_CHARGER = timedelta(minutes=10)
"""A charger is back after a couple of minutes (WB6); after this long it has not come back."""
WATCH_TICKET = timedelta(days=60)
ARTICLE_MARK = "article:"
"""Before the marks of articles: when the driver asks to look again, what was found is said again, articles are not."""
UNASKED = (TicketKind.HANDOVER, TicketKind.URGENT)


class DangerTold(Exception):
    """A driver says so, or a station or charger reports an error that is a safety case (product.md, 7)."""

    def __init__(self, hazard: str, target: str) -> None:
        super().__init__(hazard)
        self.hazard, self.target = hazard, target


class Replay:
    """Answers the steps of one flow instance in one turn."""

    def __init__(
        self, turn: Turn, instance: FlowInstance, actions: Actions, watches: Watches, vendor_facts: Mapping[str, Any]
    ) -> None:
        self._turn, self.instance = turn, instance
        self._actions, self._watches, self._vendor_facts = actions, watches, vendor_facts
        self.waiting: Waiting | None = None

    def run(self, flow: Flow) -> None:
        """Run the flow as far as it goes; ``waiting`` is None when it has ended.

        Raises:
            DangerTold: when there is danger; nothing else of the flow counts then.
        """
        steps = flow(self._driver())
        answer: Any = None
        while True:
            try:
                request = steps.send(answer)
            except StopIteration:
                return
            answer = self._answer(request)
            if self.waiting is not None:
                self._turn.expects = self.waiting.name if self.waiting.kind == "slot" else self.waiting.kind
                return

    def _driver(self) -> Driver:
        state = self._turn.state
        return Driver(
            facts=state.facts,
            vendor=state.vendor,
            country=state.context.country,
            identity=state.context.identity,
            symptom=state.value("symptom"),
            text=self.instance.arguments.get("text", ""),
            now=self._turn.now,
            vendor_facts=self._vendor_facts,
            topic=self.instance.topic,
            photos=self._photos(),
            done={
                (each.proposal.action, value): each.at
                for each in state.proposals.values()
                if isinstance(each.outcome, Done) and each.at
                for value in each.proposal.arguments.values()
            },
            handed_over=state.handed_over.ticket if state.handed_over else None,
            in_danger=bool(state.hazards),
            arguments=self.instance.arguments,
        )

    def _photos(self) -> tuple[str, ...]:
        """The driver's photos, without those that went with another flow's report."""
        gone = {
            photo
            for each in self._turn.state.proposals.values()
            if isinstance(each.outcome, Done) and each.proposal.instance != self.instance.id
            for photo in each.proposal.arguments.get("photos", "").split(",")
        }
        return tuple(photo for photo in self._turn.state.photos if photo not in gone)

    def _answer(self, request: Request) -> Any:
        match request:
            case Ask():
                return self._ask(request)
            case AskVendor(vendors):
                return self._ask_vendor(vendors)
            case Choose():
                return self._choose(request)
            case AskText():
                return self._ask_text(request)
            case CountSteps(topic):
                return self._turn.count_steps(topic)
            case Reject(slot, value):
                self._say(f"ask/{slot}_unknown", {"value": value}, ())
                self._turn.note(Learned(forgotten=(slot,)))
            case Check():
                return self._check(request)
            case Say(template, values, readings):
                self._say(template, values, readings)
            case Show(topic, sections):
                self._once(ArticleItem(topic, sections), "show", topic, sections)
            case ShowStep(topic, number):
                self._once(StepItem(topic, number), "step", topic, number)
            case Offer(commands, topics):
                for command in commands:
                    self._turn.add(ButtonItem(Choice(kind="command", value=command), f"options/{command}"))
                self._turn.add(*(ButtonItem(Choice(kind="topic", value=topic)) for topic in topics))
            case Confirm():
                return self._confirm(request)
            case File():
                return self._file(request)
            case Alarm(hazard):
                raise DangerTold(hazard, "")
            case Watch(kind, target, seen):
                now = self._turn.now
                until = now + (WATCH_CHARGER if kind == "charger" else WATCH_TICKET)
                self._watches.add(self._turn.conversation, kind, target, now, until, seen)
        return None

    def _once(self, item: Line | ArticleItem | StepItem, *mark: object) -> None:
        said = f"{'' if isinstance(item, Line) else ARTICLE_MARK}{digest(*mark)}"
        if said not in self.instance.said:
            self._turn.add(item)
            self.instance = self.instance.model_copy(update={"said": (*self.instance.said, said)})

    def _say(self, template: str, values: Mapping[str, Any], readings: tuple[str, ...]) -> None:
        # The moment of a reading is no news: what it found is.
        lasting = sorted((name, value) for name, value in values.items() if not isinstance(value, datetime))
        self._once(Line(template, values, readings), template, lasting)

    def _ask(self, request: Ask) -> Any:
        facts = self._turn.state.facts
        given = [slot for slot in request.slots if (fact := facts.get(slot)) and fact.value is not None]
        if given:
            return given[0], facts[given[0]].value
        if all(slot in facts for slot in request.slots):
            return request.slots[0], None
        if Slot.ACCOUNT in request.slots and (contract := facts.get(Slot.CONTRACT)) and contract.value:
            self._say("ask/account_contract", {"value": contract.value}, ())
        open_slots = tuple(slot for slot in request.slots if slot not in facts)
        self._turn.add(Line(f"ask/{request.slots[0]}{f'_{request.about}' if request.about else ''}"))
        # Nobody lacks a place; some would rather not tell it.
        label = "options/skip" if Slot.LOCATION in request.slots else "options/missing"
        self._turn.add(ButtonItem(Choice(kind="command", value="missing"), label))
        self.waiting = Waiting(kind="slot", name=open_slots[0], slots=open_slots, insists=request.insists)
        return None

    def _ask_vendor(self, vendors: tuple[str, ...]) -> str | None:
        if (vendor := self._turn.state.vendor) is not None:
            return vendor
        self._turn.add(Line("which_vendor"))
        self._turn.add(*(ButtonItem(Choice(kind="vendor", value=each)) for each in vendors))
        self.waiting = Waiting(kind="option", name="vendor", options=vendors, insists=False)
        return None

    def _choose(self, request: Choose) -> Any:
        name = f"{request.name}_{request.round}" if request.round else request.name
        if (chosen := self.instance.answers.get(name)) is not None:
            return chosen
        self._turn.add(Line(f"choose/{request.name}", request.values))
        for option in request.options:
            label = f"choose/{request.name}_{option}" if request.labelled else f"options/{option}"
            self._turn.add(ButtonItem(Choice(kind="option", value=option), label))
        self.waiting = Waiting(kind="option", name=name, options=request.options, insists=request.insists)
        return None

    def _ask_text(self, request: AskText) -> Any:
        if (text := self.instance.answers.get(request.name)) is not None:
            return text or None
        self._turn.add(Line(f"ask/{request.name}"))
        if request.optional:
            self._turn.add(ButtonItem(Choice(kind="command", value="missing"), "options/skip"))
        self.waiting = Waiting(kind="text", name=request.name, options=("skip",) if request.optional else ())
        return None

    def _check(self, request: Check) -> tuple[Reading[Any], ...]:
        for call in request.calls:
            self._turn.check_given(call)
        readings, noted = self._turn.reads.run(request.calls)
        for each in noted:
            self._turn.note(each)
        for reading in readings:
            self._look_for_danger(reading)
            vendor = getattr(reading.value, "vendor", None)
            if vendor in self._vendor_facts and self._turn.state.vendor is None:
                self._turn.note(Learned(facts=(Fact(slot="vendor", value=vendor, source="tool"),)))
        return tuple(readings)

    def _look_for_danger(self, reading: Reading[Any]) -> None:
        value = reading.value
        if isinstance(value, Station | Charger) and value.connector and not self._turn.state.hazards:
            hazard = HAZARDOUS_ERROR_CODES.get(value.connector.error)
            if hazard:
                raise DangerTold(hazard, value.number if isinstance(value, Station) else value.id)

    def _confirm(self, request: Confirm) -> Outcome | None:
        known = self._proposal(request)
        if known is not None and known.outcome is not None:
            return known.outcome
        if known is not None and known.answer == "no":
            return None
        if known is not None and known.answer == "yes":
            return self._act(request, known.proposal)
        if known is not None and known.answer is None and known.proposal.expires_at <= self._turn.now:
            self._turn.note(ProposalAnswered(proposal=known.proposal.id, answer="expired"))
            known = None
        proposal = known.proposal if known and known.answer is None else self._propose(request)
        self._turn.add(CardItem(proposal.id, request.action, request.values, proposal.expires_at))
        for answer in ("yes", "no"):
            label = f"confirm/{request.action}_yes" if answer == "yes" else "options/no"
            self._turn.add(ButtonItem(Choice(kind="answer", value=f"{answer}:{proposal.id}"), label))
        self.waiting = Waiting(kind="confirmation", name=proposal.id)
        return None

    def _proposal(self, request: Confirm) -> Answered | None:
        """The latest proposal of just this action with just these arguments."""
        fitting = (
            each for each in reversed(tuple(self._turn.state.proposals.values()))
            if each.proposal.instance == self.instance.id
            and each.proposal.action == request.action
            and each.proposal.arguments == dict(request.arguments)
        )  # fmt: skip
        return next(fitting, None)

    def _propose(self, request: Confirm) -> Proposal:
        number = len(self._turn.state.proposals) + 1
        proposal = Proposal(
            id=f"{self.instance.id}.{number}",
            instance=self.instance.id,
            action=request.action,
            arguments=dict(request.arguments),
            expires_at=self._turn.now + timedelta(minutes=self._actions.rules.expires_minutes),
        )
        self._turn.note(Proposed(proposal=proposal))
        return proposal

    def _act(self, request: Confirm, proposal: Proposal) -> Outcome:
        """Run it. The key is the conversation's and the proposal's: no retry and no other worker runs it twice."""
        key = f"{self._turn.conversation}:{proposal.id}"
        outcome = self._run(key, request.action, proposal.arguments, self.instance.topic or self.instance.flow)
        self._turn.note(
            Acted(key=key, action=request.action, arguments=proposal.arguments, outcome=outcome, proposal=proposal.id)
        )
        return outcome

    def _file(self, request: File) -> Outcome:
        # Somebody in danger writes more than once; the people at the desk are called once for each danger.
        instance = "" if request.kind is TicketKind.URGENT else self.instance.id
        key = f"{self._turn.conversation}:{instance}:{request.kind}:{digest(request.reason)}"
        known = self._turn.state.acted.get(key)
        if known is not None:
            return known
        arguments = {"reason": request.reason}
        outcome = self._run(key, request.kind, arguments, request.reason)
        self._turn.note(Acted(key=key, action=request.kind, arguments=arguments, outcome=outcome))
        if request.kind in UNASKED:
            ticket = outcome.reference if isinstance(outcome, Done) else None
            urgent = request.kind == TicketKind.URGENT
            self._turn.note(HandedOver(ticket=ticket, urgent=urgent, reason=request.reason))
        return outcome

    def _run(self, key: str, action: str, arguments: Mapping[str, str], why: str) -> Outcome:
        turn = self._turn
        rule = self._actions.rules.actions[action]
        draft = draft_of(rule.ticket, arguments, turn, why) if rule.ticket else None
        entry = Entry(
            key=key,
            action=action,
            target=arguments.get(rule.target, turn.conversation),
            arguments=dict(arguments),
            conversation=turn.conversation,
            who=turn.access.user or "anonymous",
            why=why,
            draft=draft.model_dump_json() if draft else None,
        )
        return self._actions.run(entry)
