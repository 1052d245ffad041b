"""What a flow may ask of the engine, one ``yield from`` a step. A flow reads like the conversation it leads:

    def balance(driver: Driver) -> Steps:
        number = yield from ask(Slot.ACCOUNT)
        account = yield from read_account(number)
        yield from say("balance/is", account, balance=account.value.balance)

A flow is run from its beginning at every turn. A step whose answer is known returns it at once; the first one whose
answer is missing ends the turn with a question. What was said before is not said again. So order, corrections,
digressions and coming back need no code in any flow, and a flow must depend on nothing but its driver and its steps.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from bot.events import Fact
from bot.tools.values import (
    Account,
    Charger,
    Money,
    Outcome,
    PlatformStatus,
    Session,
    Station,
    Ticket,
    TicketKind,
)
from bot.tools.watches import WatchKind
from bot.types import Identity
from bot.understanding.slots import Slot

T = TypeVar("T")


@dataclass(frozen=True)
class TopicTitle:
    """Stands for the title of a topic's article in the driver's language."""

    topic: str


@dataclass(frozen=True)
class OneOf:
    """Names of which one is enough; told as "Standard or Business"."""

    names: tuple[str, ...]


Said = TopicTitle | OneOf | str | int | Decimal | Money | datetime | tuple[str, ...] | None
"""What may stand in a template's place; the composer writes it in the driver's language."""


@dataclass(frozen=True)
class Driver:
    """What is known of the driver when a flow runs."""

    facts: Mapping[str, Fact]
    vendor: str | None
    """Identified; nothing of a vendor may be quoted before (product.md, 2)."""
    country: str | None
    identity: Identity | None
    symptom: str | None
    text: str
    """The driver's words that began the flow, secrets masked."""
    now: datetime
    vendor_facts: Mapping[str, Mapping[str, Any]]
    """Of kb/vendors, by vendor."""
    topic: str | None = None
    """The topic that began the flow."""
    photos: tuple[str, ...] = ()
    """Ids of the photos that the driver sent."""
    done: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    """When an action ran in this conversation, by its name and the value of an argument."""
    handed_over: str | None = None
    """The ticket by which people were called already."""
    in_danger: bool = False
    """Danger was told of in this conversation."""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """What the flow was begun with."""

    def has(self, slot: Slot) -> bool:
        """Whether a value of the slot is known."""
        fact = self.facts.get(slot)
        return fact is not None and fact.value is not None

    def fact(self, slot: Slot) -> str | None:
        """The value of the slot, None where it is not known."""
        fact = self.facts.get(slot)
        return fact.value if fact else None

    def of_vendor(self, vendor: str | None, name: str) -> Any:
        """A fact of the vendor's, None where it has none."""
        return self.vendor_facts.get(vendor or "", {}).get(name)


@dataclass(frozen=True)
class Reading(Generic[T]):
    """What a source system said.

    ``missing``: there is no such thing. ``unknown``: it could not be read, which is never "all fine". ``forbidden``:
    this driver may not see it.
    """

    call: str
    """Such as ``accounts.account(40711)``."""
    outcome: Literal["found", "missing", "unknown", "forbidden"]
    value: T | None
    at: datetime

    @property
    def found(self) -> T:
        """The value. Only where the outcome is found.

        Raises:
            LookupError: where nothing was found; a flow has to look at the outcome first.
        """
        if self.value is None:
            raise LookupError(f"{self.call} was {self.outcome}.")
        return self.value


@dataclass(frozen=True)
class Ask:
    """A slot; the question is the template ``ask/<slot>``, or ``ask/<slot>_<about>``."""

    slots: tuple[Slot, ...]
    about: str | None = None
    insists: bool = True


@dataclass(frozen=True)
class AskVendor:
    """Which of these vendors the driver uses, where it is not known yet."""

    vendors: tuple[str, ...]


@dataclass(frozen=True)
class Choose:
    """One of a few options; the template ``choose/<name>``, labels ``options/<option>``."""

    name: str
    options: tuple[str, ...]
    values: Mapping[str, Said]
    insists: bool = True
    labelled: bool = False
    """The options have labels of their own, ``choose/<name>_<option>``."""
    round: int = 0
    """Tells questions of the same name apart, such as one after each step."""


@dataclass(frozen=True)
class CountSteps:
    """How many steps an article has for this driver."""

    topic: str


@dataclass(frozen=True)
class AskText:
    """The driver's own words; the template ``ask/<name>``."""

    name: str
    optional: bool


@dataclass(frozen=True)
class Reject:
    """The value of a slot is wrong: say so (``ask/<slot>_unknown``) and forget it, so that it is asked again."""

    slot: Slot
    value: str


@dataclass(frozen=True)
class Call:
    """One read of a source system."""

    tool: str
    arguments: Mapping[str, str]


@dataclass(frozen=True)
class Check:
    """Reads, side by side."""

    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Say:
    """A template, filled."""

    template: str
    values: Mapping[str, Said]
    readings: tuple[str, ...]


@dataclass(frozen=True)
class Show:
    """An article, cut to what applies; or only some of its sections."""

    topic: str
    sections: tuple[str, ...] | None


@dataclass(frozen=True)
class ShowStep:
    """One step of an article; ``number`` counts from 1."""

    topic: str
    number: int


@dataclass(frozen=True)
class Offer:
    """Buttons: commands such as ``again``, or topics."""

    commands: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Confirm:
    """An action that runs once, after an explicit yes to the summary ``confirm/<action>``."""

    action: str
    arguments: Mapping[str, str]
    values: Mapping[str, Said]


@dataclass(frozen=True)
class File:
    """A ticket that needs no yes: the driver asked for just that, or danger does."""

    kind: TicketKind
    reason: str


@dataclass(frozen=True)
class Alarm:
    """The driver says that there is danger: nothing else counts any more."""

    hazard: str


@dataclass(frozen=True)
class Watch:
    """Look at something until it changes, and come back unasked."""

    kind: WatchKind
    target: str
    seen: str
    """The state that the driver was told; a change from it is news."""


Request = (
    Ask
    | AskVendor
    | Choose
    | CountSteps
    | AskText
    | Reject
    | Check
    | Say
    | Show
    | ShowStep
    | Offer
    | Confirm
    | File
    | Alarm
    | Watch
)
Steps = Generator[Request, Any, None]


def ask(slot: Slot, about: str | None = None) -> Generator[Request, Any, str | None]:
    """The value of a slot; None where the driver does not have it."""
    value: str | None = (yield Ask((slot,), about))[1]
    return value


def invite(*slots: Slot, about: str) -> Generator[Request, Any, tuple[Slot, str | None]]:
    """Like :func:`ask` for any of several slots, but the driver may as well talk of something else."""
    slot, value = yield Ask(slots, about, insists=False)
    return slot, value


def ask_vendor(*vendors: str) -> Generator[Request, Any, str]:
    """The driver's vendor, asked among these where it is not known."""
    vendor: str = yield AskVendor(vendors)
    return vendor


def choose(name: str, *options: str, **values: Said) -> Generator[Request, Any, str]:
    """One of the options."""
    chosen: str = yield Choose(name, options, values)
    return chosen


def offer_choice(name: str, *options: str, labelled: bool = False) -> Generator[Request, Any, str]:
    """Like :func:`choose`, but the driver may as well talk of something else."""
    chosen: str = yield Choose(name, options, {}, insists=False, labelled=labelled)
    return chosen


def choose_after_step(number: int, *options: str) -> Generator[Request, Any, str]:
    """One of the options after a step of a walkthrough."""
    chosen: str = yield Choose("step", options, {}, insists=False, round=number)
    return chosen


def count_steps(topic: str) -> Generator[Request, Any, int]:
    """How many steps the article has for this driver."""
    steps: int = yield CountSteps(topic)
    return steps


def ask_text(name: str, optional: bool = False) -> Generator[Request, Any, str | None]:
    """What the driver says in their own words; None where they may leave it out, and do."""
    text: str | None = yield AskText(name, optional)
    return text


def reject(slot: Slot, value: str) -> Generator[Request, Any, None]:
    """The value does not exist: say so and ask again."""
    yield Reject(slot, value)


def say(template: str, *readings: Reading[Any], **values: Said) -> Generator[Request, Any, None]:
    """Say the template; ``readings`` are where its values come from."""
    yield Say(template, values, tuple(reading.call for reading in readings))


def show(topic: str | None, *sections: str) -> Generator[Request, Any, None]:
    """Show the article, or only the sections of those ids; nothing where no topic began the flow."""
    if topic is not None:
        yield Show(topic, sections or None)


def show_step(topic: str, number: int) -> Generator[Request, Any, None]:
    """Show one step of the article."""
    yield ShowStep(topic, number)


def offer(*commands: str, topics: tuple[str, ...] = ()) -> Generator[Request, Any, None]:
    """Buttons for what may come next."""
    yield Offer(commands, topics)


def confirm(action: str, values: Mapping[str, Said], **arguments: str) -> Generator[Request, Any, Outcome | None]:
    """Run the action once, after a yes; None where the driver said no.

    ``values`` stand in the summary only; what the action does hangs on ``arguments`` alone.
    """
    outcome: Outcome | None = yield Confirm(action, arguments, values)
    return outcome


def file(kind: TicketKind, reason: str) -> Generator[Request, Any, Outcome]:
    """File a ticket with everything that was learned."""
    outcome: Outcome = yield File(kind, reason)
    return outcome


def alarm(hazard: str) -> Generator[Request, Any, None]:
    """There is danger: the flow ends here, and what to do now is said."""
    yield Alarm(hazard)


def watch(kind: WatchKind, target: str, seen: str) -> Generator[Request, Any, None]:
    """Watch it and come back unasked when it is no longer as ``seen``."""
    yield Watch(kind, target, seen)


def _read(tool: str, **arguments: str) -> Generator[Request, Any, Any]:
    (reading,) = yield Check((Call(tool, arguments),))
    return reading


def read_account(number: str) -> Generator[Request, Any, Reading[Account]]:
    """The account."""
    reading: Reading[Account] = yield from _read("accounts.account", number=number)
    return reading


def read_station(station: str) -> Generator[Request, Any, Reading[Station]]:
    """The station."""
    reading: Reading[Station] = yield from _read("stations.station", station=station)
    return reading


def read_session(account: str) -> Generator[Request, Any, Reading[Session]]:
    """The session that runs on the account; missing where none does."""
    reading: Reading[Session] = yield from _read("sessions.active", account=account)
    return reading


def read_charger(charger: str) -> Generator[Request, Any, Reading[Charger]]:
    """The charger; forbidden to those who have no role there."""
    reading: Reading[Charger] = yield from _read("chargers.charger", charger=charger)
    return reading


def read_role(charger: str, user: str) -> Generator[Request, Any, Reading[str]]:
    """The driver's role for the charger; missing where they have none."""
    reading: Reading[str] = yield from _read("chargers.role", charger=charger, user=user)
    return reading


def read_platform(vendor: str) -> Generator[Request, Any, Reading[PlatformStatus]]:
    """The vendor's status page; missing where it has none."""
    reading: Reading[PlatformStatus] = yield from _read("status.status", vendor=vendor)
    return reading


def read_ticket(ticket: str) -> Generator[Request, Any, Reading[Ticket]]:
    """The report."""
    reading: Reading[Ticket] = yield from _read("desk.ticket", ticket=ticket)
    return reading


def read_tickets_of(user: str) -> Generator[Request, Any, Reading[tuple[Ticket, ...]]]:
    """The signed-in driver's reports, newest first."""
    reading: Reading[tuple[Ticket, ...]] = yield from _read("desk.of_user", user=user)
    return reading


def together(*steps: Generator[Request, Any, Any]) -> Generator[Request, Any, tuple[Any, ...]]:
    """Several reads side by side, within one deadline."""
    calls: list[Call] = []
    for step in steps:
        request = next(step)
        if not isinstance(request, Check):
            raise TypeError("Only reads run together.")
        calls += request.calls
    readings: tuple[Any, ...] = yield Check(tuple(calls))
    return readings
