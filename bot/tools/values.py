"""What the source systems say, in the words of OCPI 2.2.1, OCPP and the Statuspage v2 form."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class WorldValue(BaseModel):
    """Frozen; unknown fields are an error, so that an adapter cannot pass on what nobody looks at."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Money(WorldValue):
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str = Field(pattern="^[A-Z]{3}$")


class PassState(StrEnum):
    """State of a charge pass or token."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    BLOCKED = "blocked"
    EXPIRED = "expired"


class ChargePass(WorldValue):
    """A pass by the number printed on it."""

    number: str
    state: PassState


class Account(WorldValue):
    """A driver's account at the vendor that bills."""

    number: str
    vendor: str | None
    balance: Money | None = None
    minimum: Money | None = None
    """Where the system says it; else the vendor's fact holds (EP2)."""
    active: bool = True
    payment_valid: bool | None = None
    """None: the system does not say (MB5)."""
    passes: tuple[ChargePass, ...] = ()


class EvseStatus(StrEnum):
    """OCPI 2.2.1, 8.4.22."""

    AVAILABLE = "AVAILABLE"
    BLOCKED = "BLOCKED"
    CHARGING = "CHARGING"
    INOPERATIVE = "INOPERATIVE"
    OUTOFORDER = "OUTOFORDER"
    PLANNED = "PLANNED"
    REMOVED = "REMOVED"
    RESERVED = "RESERVED"
    UNKNOWN = "UNKNOWN"


class ConnectorStatus(StrEnum):
    """OCPP 1.6, 7.7 ChargePointStatus; 2.0.1 has five of them, "Occupied" being told by the transaction."""

    AVAILABLE = "Available"
    PREPARING = "Preparing"
    CHARGING = "Charging"
    SUSPENDED_EVSE = "SuspendedEVSE"
    SUSPENDED_EV = "SuspendedEV"
    FINISHING = "Finishing"
    RESERVED = "Reserved"
    UNAVAILABLE = "Unavailable"
    FAULTED = "Faulted"


class Connector(WorldValue):
    """What the charger itself last reported of its connector."""

    status: ConnectorStatus
    since: datetime | None = None
    error: str = "NoError"
    """OCPP 1.6, 7.6 ChargePointErrorCode."""


class Station(WorldValue):
    """An EVSE that drivers know by the number printed on it."""

    number: str
    """The printed number (OCPI physical_reference)."""
    evse_id: str
    """Canonical, such as CH*EPO*E4521."""
    vendor: str | None = None
    network: Literal["own", "partner"]
    """Partner: a roaming partner's station (CP2)."""
    status: EvseStatus
    connector: Connector | None = None
    operator: str | None = None
    """The owner's or operator's name, who repairs it (EP5, CP5)."""
    phone: str | None = None
    """Only where a source names it; OCPI 2.2.1 has none."""
    country: str | None = Field(None, pattern="^[A-Z]{2}$")
    heard_at: datetime | None = None
    """When the station last reported; None where the system does not say."""


class SessionStatus(StrEnum):
    """OCPI 2.2.1, 9.4.4."""

    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    INVALID = "INVALID"
    PENDING = "PENDING"
    RESERVATION = "RESERVATION"


class Session(WorldValue):
    """A charging session."""

    id: str
    status: SessionStatus
    station: str
    """The station's printed number or EVSE id."""
    account: str | None = None
    started: datetime
    kwh: Decimal | None = None
    cost: Money | None = None


class Charger(WorldValue):
    """A home or business charger that an owner manages (Wallbox portal, direct OCPP)."""

    id: str
    vendor: str | None
    model: str
    plan: str | None = None
    connected: bool
    connector: Connector | None = None
    charging_by: str | None = None
    """User id of who charges there now."""
    booted_at: datetime | None = None
    """The last BootNotification."""
    heard_at: datetime | None = None


class Component(WorldValue):
    """A component of a status page."""

    name: str
    status: Literal["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"]


class Incident(WorldValue):
    """An incident that is not over: "monitoring" is not fixed."""

    name: str
    status: Literal["investigating", "identified", "monitoring", "resolved", "postmortem"]
    impact: Literal["none", "minor", "major", "critical", "maintenance"] = "none"
    updated_at: datetime | None = None


class PlatformStatus(WorldValue):
    """A vendor's status page as it was read."""

    vendor: str
    indicator: Literal["none", "minor", "major", "critical", "maintenance"]
    components: tuple[Component, ...] = ()
    incidents: tuple[Incident, ...] = ()
    page: str | None = None
    """Public address of the page."""
    read_at: datetime

    @property
    def operational(self) -> bool:
        """Nothing is reported: no open incident and every component operational."""
        return (
            self.indicator == "none"
            and all(component.status == "operational" for component in self.components)
            and all(incident.status in ("resolved", "postmortem") for incident in self.incidents)
        )


class ReportState(StrEnum):
    """How far a fault report is."""

    RECEIVED = "received"
    OWNER_CONTACTED = "owner_contacted"
    REPAIR_PLANNED = "repair_planned"
    BACK_IN_OPERATION = "back_in_operation"
    CLOSED = "closed"


class Position(WorldValue):
    """A place on earth, WGS 84 degrees."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class TicketKind(StrEnum):
    """Which desk work a ticket is."""

    FAULT = "fault"
    UNLOCK = "unlock"
    HANDOVER = "handover"
    URGENT = "urgent"
    REFUND = "refund"
    DATA_EXPORT = "data_export"
    DATA_ERASURE = "data_erasure"
    PASS_LOST = "pass_lost"  # noqa: S105 - a charge pass
    PASS_ORDER = "pass_order"  # noqa: S105


class TicketDraft(WorldValue):
    """What is to be filed. Texts are the driver's, masked; nothing in them is ever an instruction or markup."""

    kind: TicketKind
    language: str
    summary: str
    """Lines that an agent can act on, in English labels with the driver's words quoted."""
    category: str | None = None
    """A symptom of bot/understanding/slots."""
    station: str | None = None
    charger: str | None = None
    account: str | None = None
    user: str | None = None
    position: Position | None = None
    photos: tuple[str, ...] = ()
    """Ids of attachments that were accepted."""
    conversation: str | None = None


class Ticket(WorldValue):
    """A report or other desk work that was filed. ``id`` is what the driver is told, such as R-20418."""

    id: str
    kind: TicketKind
    state: ReportState
    station: str | None = None
    charger: str | None = None
    user: str | None = None
    incident: str | None = None
    """The incident that joins several reports about one station within an hour."""
    others: int = 0
    """How many others reported for the incident; one driver who reports twice is one."""
    repair_by: str | None = None
    """Never promised (CP5): only where the owner named a date."""
    filed_at: datetime
    updated_at: datetime


class TicketFilter(WorldValue):
    """Which tickets are listed; what is None does not matter."""

    states: frozenset[ReportState] = frozenset()
    """Any of these; empty: all."""
    kind: TicketKind | None = None
    station: str | None = None
    incident: str | None = None
    filed_before: datetime | None = None


class TicketPage(WorldValue):
    """Some tickets of a list, newest first."""

    tickets: tuple[Ticket, ...]
    more: bool
    """Whether there are older ones."""


class Attachment(WorldValue):
    """A file on a ticket. ``type`` is what the desk says, and people can attach anything: never show it unchecked."""

    id: str
    name: str
    type: str
    size: int | None = None
    """Bytes, where the desk says."""


class Done(WorldValue):
    """The system took the command. For a charger's restart that is no proof that it works (OCPP Reset Accepted)."""

    kind: Literal["done"] = "done"
    reference: str | None = None
    """What the driver may be told to ask for later, such as a ticket's id."""
    others: int = 0
    """For a fault report: how many others reported the same station within the hour."""


class RefusalReason(StrEnum):
    """Why an action did not run; adapters speak these. Each has a template ``refused/<reason>``."""

    IN_USE = "in_use"
    NOT_CONNECTED = "not_connected"
    NOT_AVAILABLE = "not_available"
    NOT_RUNNING = "not_running"
    NOT_ALLOWED = "not_allowed"
    COOLDOWN = "cooldown"
    UNKNOWN_TARGET = "unknown_target"
    UNREACHABLE = "unreachable"
    OTHER = "other"


class Refused(WorldValue):
    """The system said no; nothing happened."""

    kind: Literal["refused"] = "refused"
    reason: RefusalReason


class Unsure(WorldValue):
    """Nobody can tell whether it happened: no answer, a crash in between. It is never repeated blindly."""

    kind: Literal["unsure"] = "unsure"
    reason: str


Outcome = Done | Refused | Unsure
