"""Actions run exactly once: double taps, two workers, cooldown, crashes between claim, call and record."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.ledger.sqlite import SqliteLedger
from bot.adapters.sqlite import IN_MEMORY
from bot.errors import NotFound, Unavailable
from bot.tools.actions import ORPHANED_AFTER, ActionRules, Actions, WithheldActions
from bot.tools.ledger import AuditFilter, Entry
from bot.tools.reads import Tools
from bot.tools.values import (
    Charger,
    Connector,
    ConnectorStatus,
    Done,
    Outcome,
    RefusalReason,
    Refused,
    TicketDraft,
    TicketKind,
)
from tests.doubles import SteppingClock
from tests.talking import demo_tools

RULES = ActionRules.load()
CHARGER = Charger(id="310244", vendor="wallbox", model="Copper SB", connected=True)
RESTART = Entry("k1", "restart", "310244", {"charger": "310244"}, "talk", "ane", "remote-restart")


@dataclass
class CountingChargers:
    """Counts restarts; ``fails`` is raised after the count, as by a system whose answer was lost."""

    reading: Charger = CHARGER
    fails: Exception | None = None
    restarts: list[str] = field(default_factory=list)

    def charger(self, charger: str) -> Charger:
        if charger != self.reading.id:
            raise NotFound(charger)
        return self.reading

    def role(self, charger: str, user: str) -> str | None:
        return "administrator"

    def unlock(self, charger: str, key: str) -> Outcome:
        return Done()

    def restart(self, charger: str, key: str) -> Outcome:
        self.restarts.append(key)
        if self.fails:
            raise self.fails
        return Done()


@dataclass
class ForwardClock(SteppingClock):
    """Can be moved on."""

    def __post_init__(self) -> None:
        super().__init__()

    def move(self, by: timedelta) -> None:
        self._now += by


def tools_with(chargers: CountingChargers) -> Tools:
    return replace(demo_tools(SteppingClock()), chargers=chargers)


def actions_over(chargers: CountingChargers, ledger: SqliteLedger, clock: SteppingClock | None = None) -> Actions:
    return Actions(tools_with(chargers), ledger, RULES, clock or SteppingClock())


@pytest.fixture
def ledger() -> SqliteLedger:
    return SqliteLedger(IN_MEMORY)


def test_the_same_key_runs_once_and_tells_the_same_outcome(ledger: SqliteLedger) -> None:
    chargers = CountingChargers()
    actions = actions_over(chargers, ledger)
    assert [actions.run(RESTART) for _ in range(3)] == [Done()] * 3
    assert chargers.restarts == ["k1"]


def test_many_at_once_run_it_once(tmp_path: Path) -> None:
    chargers = CountingChargers()
    workers = [actions_over(chargers, SqliteLedger(tmp_path / "ledger.db")) for _ in range(4)]
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda number: workers[number % 4].run(RESTART), range(32)))
    assert outcomes == [Done()] * 32
    assert chargers.restarts == ["k1"]


def test_another_restart_of_the_same_charger_has_to_wait(ledger: SqliteLedger) -> None:
    chargers, clock = CountingChargers(), ForwardClock()
    actions = actions_over(chargers, ledger, clock)
    actions.run(RESTART)
    assert actions.run(replace(RESTART, key="k2")) == Refused(reason=RefusalReason.COOLDOWN)
    clock.move(timedelta(minutes=6))
    assert actions.run(replace(RESTART, key="k3")) == Done()
    assert chargers.restarts == ["k1", "k3"]


def test_what_was_refused_keeps_nobody_waiting(ledger: SqliteLedger) -> None:
    busy = CountingChargers(CHARGER.model_copy(update={"charging_by": "per"}))
    assert actions_over(busy, ledger).run(RESTART) == Refused(reason=RefusalReason.IN_USE)
    assert actions_over(CountingChargers(), ledger).run(replace(RESTART, key="k2")) == Done()
    assert busy.restarts == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"charging_by": "per"}, RefusalReason.IN_USE),
        ({"connector": Connector(status=ConnectorStatus.SUSPENDED_EV)}, RefusalReason.IN_USE),
        ({"connected": False}, RefusalReason.NOT_CONNECTED),
        ({"id": "999999"}, RefusalReason.UNKNOWN_TARGET),
    ],
)
def test_right_before_it_runs_it_is_looked_at_once_more(
    ledger: SqliteLedger, changes: dict[str, object], reason: RefusalReason
) -> None:
    chargers = CountingChargers(CHARGER.model_copy(update=changes))
    assert actions_over(chargers, ledger).run(RESTART) == Refused(reason=reason)
    assert chargers.restarts == []


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Unavailable("no answer", sent=True), "unsure"),
        (Unavailable("refused connection", sent=False), "refused"),
        (RuntimeError("a defect"), "unsure"),
    ],
)
def test_an_unclear_outcome_is_told_as_such_and_never_repeated(
    ledger: SqliteLedger, error: Exception, kind: str
) -> None:
    chargers = CountingChargers(fails=error)
    actions = actions_over(chargers, ledger)
    assert [actions.run(RESTART).kind for _ in range(2)] == [kind, kind]
    assert chargers.restarts == ["k1"]


def _dies(folder: str, where: str) -> None:
    """A process that ends at ``where``: before the call, or after it but before the record."""

    class Dying(CountingChargers):
        def restart(self, charger: str, key: str) -> Outcome:
            if where == "after":
                (Path(folder) / "restarted").write_text((Path(folder) / "restarted").read_text() + key + "\n")
            os.kill(os.getpid(), signal.SIGKILL)
            return Done()

    actions_over(Dying(), SqliteLedger(Path(folder) / "ledger.db")).run(RESTART)


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_killed_process_leaves_no_doubled_and_no_forgotten_action(tmp_path: Path, where: str) -> None:
    (tmp_path / "restarted").write_text("")
    process = multiprocessing.get_context("spawn").Process(target=_dies, args=(str(tmp_path), where))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    clock, chargers = ForwardClock(), CountingChargers()
    clock.move(ORPHANED_AFTER * 2)
    actions = actions_over(chargers, SqliteLedger(tmp_path / "ledger.db"), clock)
    ((entry, outcome),) = actions.recover()
    assert (entry.key, outcome.kind) == ("k1", "unsure")
    assert actions.run(RESTART) == outcome
    assert chargers.restarts == []
    assert actions.recover() == []


def test_a_ticket_left_by_a_dead_process_is_filed_after_all_and_once(ledger: SqliteLedger) -> None:
    draft = TicketDraft(kind=TicketKind.URGENT, language="en", summary="danger: fire")
    entry = Entry("k", "urgent", "talk", {}, "talk", "anonymous", "danger", draft.model_dump_json())
    clock = ForwardClock()
    tools = demo_tools(clock)
    ledger.begin(entry, clock.now(), timedelta(0))
    tools.desk.file(draft, "k")  # it was filed, and the process died before it noted that
    clock.move(ORPHANED_AFTER * 2)
    ((_, outcome),) = Actions(tools, ledger, RULES, clock).recover()
    assert isinstance(outcome, Done)
    assert outcome.reference == tools.desk.file(draft, "k").id


def test_a_message_that_is_sent_again_files_what_a_dead_process_had_only_begun(ledger: SqliteLedger) -> None:
    draft = TicketDraft(kind=TicketKind.URGENT, language="en", summary="danger: fire")
    entry = Entry("k", "urgent", "talk", {}, "talk", "anonymous", "danger", draft.model_dump_json())
    clock = SteppingClock()
    tools = demo_tools(clock)
    ledger.begin(entry, clock.now(), timedelta(0))
    outcome = Actions(tools, ledger, RULES, clock).run(entry)
    assert isinstance(outcome, Done)
    assert outcome.reference == tools.desk.file(draft, "k").id


def test_everything_is_in_the_audit_log_which_nobody_can_change(ledger: SqliteLedger) -> None:
    actions_over(CountingChargers(), ledger).run(RESTART)
    lines = ledger.audit(AuditFilter(target="310244"))
    assert [(line.step, line.who, line.why, dict(line.arguments)) for line in lines] == [
        ("done", "ane", "remote-restart", {"charger": "310244"}),
        ("begun", "ane", "remote-restart", {"charger": "310244"}),
    ]
    for change in ("update audit set step = 'x'", "delete from audit"):
        with pytest.raises(Exception, match="append-only"):
            ledger._connection.execute(change)


def test_outside_of_conversations_nothing_is_done() -> None:
    assert WithheldActions(RULES).run(RESTART) == Refused(reason=RefusalReason.UNREACHABLE)
