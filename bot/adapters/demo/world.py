"""How the demo world is changed while conversations run."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import get_args

from bot.adapters.demo import states
from bot.adapters.demo.errors import WorldError, checked
from bot.adapters.demo.kept import KeptWorld, Thing
from bot.adapters.demo.things import LONGEST_TROUBLE, DemoCharger, Tool, Trouble, TroubleKind
from bot.tools.values import (
    Account,
    Charger,
    ConnectorStatus,
    EvseStatus,
    Incident,
    Money,
    PlatformStatus,
    Session,
    SessionStatus,
    Station,
)


class DemoWorld(KeptWorld):
    """Section 6 of product.md in a SQLite file. Several threads and processes may use one file.

    What one of them changes the others see at once. A change returns what was changed, as it is then; it raises
    :class:`bot.adapters.demo.errors.WorldError` and changes nothing where it names something that there is not.
    """

    def credit(self, account: str, money: Money) -> Account:
        """Money that arrived on an account."""
        with self._changing():
            found = self.known(Account, account)
            before = found.balance.amount if found.balance else money.amount * 0
            if found.balance and money.currency != found.balance.currency:
                wrong = f"Account {account} is kept in {found.balance.currency}, not in {money.currency}."
                raise WorldError(f"{wrong} Give an amount in {found.balance.currency}.")
            if money.amount <= 0:
                raise WorldError(f"{money.amount} cannot be credited. Give an amount above 0, or set the balance.")
            balance = Money(amount=before + money.amount, currency=money.currency)
            return self._put(found.model_copy(update={"balance": balance}))

    def set_balance(self, account: str, money: Money) -> Account:
        """Another balance, below zero too."""
        with self._changing():
            return self._put(self.known(Account, account).model_copy(update={"balance": money}))

    def set_station_status(
        self, number: str, status: str, connector: str | None = None, error: str | None = None
    ) -> Station:
        """Another EVSE status (OCPI), and what the charger itself says (OCPP 1.6) where it does not follow from it."""
        evse = EvseStatus(checked("EVSE status", status, EvseStatus))
        plug = self._connector(connector)
        self._error(error)
        with self._changing():
            station = self.known(Station, number)
            return self._put(states.with_status(station, evse, plug, error, self.rules, self.now()))

    def start_session(self, account: str, station: str) -> Session:
        """A driver begins to charge."""
        with self._changing():
            driver, place = self.known(Account, account), self.known(Station, station)
            for each in self.running():
                if driver.number == each.account or place.number == each.station:
                    raise WorldError(
                        f"Session {each.id} of account {each.account} runs at station {each.station}. End it first."
                    )
            rules = self.rules.new_session
            number = rules.first_number + len(self.things.every(Session))
            session = Session(
                id=f"{rules.prefix}{number}", status=SessionStatus.ACTIVE, station=station, account=account,
                started=self.now(),
            )  # fmt: skip
            self.occupy(station, EvseStatus.CHARGING)
            return self._put(session)

    def end_session(self, account: str) -> Session:
        """The driver stops charging and drives away."""
        with self._changing():
            self.known(Account, account)
            running = {each.account: each for each in self.running()}
            if account not in running:
                raise WorldError(f"No session runs on account {account}. Start one first.")
            return self.complete(running[account], EvseStatus.AVAILABLE)

    def complete(self, session: Session, leaving: EvseStatus) -> Session:
        """End a session and leave its station in that status. Inside a transaction only."""
        self.occupy(session.station, leaving)
        return self._put(session.model_copy(update={"status": SessionStatus.COMPLETED}))

    def occupy(self, station: str, status: EvseStatus) -> None:
        """A station's status as a session changes it. Inside a transaction only."""
        place = self.known(Station, station)
        self._put(states.with_status(place, status, None, None, self.rules, self.now()))

    def connect(self, charger: str, online: bool) -> Charger:
        """The charger's connection to the cloud (WB3)."""
        with self._changing():
            return self._put_charger(states.connected(self.known(DemoCharger, charger), online, self.now()))

    def set_charger_status(self, charger: str, status: str, error: str | None = None, by: str | None = None) -> Charger:
        """Another connector status (OCPP 1.6); ``by``: the user who charges there. Ends a restart that is under way."""
        plug = ConnectorStatus(checked("connector status", status, ConnectorStatus))
        self._error(error)
        with self._changing():
            now = self.now()
            demo = states.settled(self.known(DemoCharger, charger), now)
            connector = states.connector_in(plug, error, self.rules, now)
            changed = demo.charger.model_copy(update={"connector": connector, "charging_by": by})
            return self._put_charger(demo.model_copy(update={"charger": changed, "restarting": None}))

    def let_restart_fail(self, charger: str, fails: bool) -> Charger:
        """Whether the charger stays away after the restarts that it accepts from now on (WB8)."""
        with self._changing():
            return self._put_charger(self.known(DemoCharger, charger).model_copy(update={"restart_fails": fails}))

    def open_incident(
        self, vendor: str, name: str, impact: str = "minor", component: str | None = None, status: str = "investigating"
    ) -> PlatformStatus:
        """An incident on a vendor's status page, or news of the one of that name. "monitoring" is not fixed."""
        checked("impact", impact, self.rules.component_of)
        checked("incident status", status, get_args(Incident.model_fields["status"].annotation))
        with self._changing():
            platform = self.known(PlatformStatus, vendor)
            if component is not None:
                checked(f"component of {vendor}", component, (each.name for each in platform.components))
            incident = Incident.model_validate(
                {"name": name, "status": status, "impact": impact, "updated_at": self.now()}
            )
            return self._put(states.with_incident(platform, incident, component, self.rules))

    def resolve_incident(self, vendor: str) -> PlatformStatus:
        """Everything on a vendor's status page is well again."""
        with self._changing():
            return self._put(states.without_incidents(self.known(PlatformStatus, vendor)))

    def trouble(self, tool: str, kind: str | None, seconds: float = 0.0) -> None:
        """Make a source system slow or failing until it is switched off with None; ``seconds``: how long it takes."""
        checked("tool", tool, get_args(Tool))
        if kind is not None:
            checked("kind of trouble", kind, get_args(TroubleKind))
        if not 0 <= seconds <= LONGEST_TROUBLE.total_seconds():
            raise WorldError(f"{seconds:g} s is no time to wait. Give 0 to {LONGEST_TROUBLE / timedelta(seconds=1):g}.")
        with self._changing():
            if kind is None:
                self.things.drop(Trouble, tool)
            else:
                self.things.put(Trouble.model_validate({"tool": tool, "kind": kind, "seconds": seconds}))

    def _changing(self) -> AbstractContextManager[None]:
        return self.things.transaction()

    def _put(self, thing: Thing) -> Thing:
        self.things.put(thing)
        return thing

    def _put_charger(self, demo: DemoCharger) -> Charger:
        return states.seen(self._put(demo), self.now())

    def _connector(self, status: str | None) -> ConnectorStatus | None:
        return None if status is None else ConnectorStatus(checked("connector status", status, ConnectorStatus))

    def _error(self, code: str | None) -> None:
        if code is not None:
            checked("error code", code, self.rules.error_codes)
