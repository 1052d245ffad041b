"""The source systems, as the conversation sees them. tests/contracts has one suite a port, run over every backend.

Reads raise :class:`bot.errors.NotFound` where there is no such thing and :class:`bot.errors.Unavailable` where the
system does not answer or answers nonsense. A read never changes anything and may be repeated. A command carries an
idempotency key; it returns what the system said, and raises Unavailable with ``sent`` telling whether the command may
have arrived.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.tools.values import (
    Account,
    Attachment,
    Charger,
    Outcome,
    PlatformStatus,
    ReportState,
    Session,
    Station,
    Ticket,
    TicketDraft,
    TicketFilter,
    TicketPage,
)


class Accounts(Protocol):
    """Accounts at billing providers and mobility budgets."""

    def account(self, number: str) -> Account:
        """The account of that number."""


class StatusPages(Protocol):
    """Status pages of the vendors' platforms."""

    def status(self, vendor: str, again: bool = False) -> PlatformStatus:
        """What the page says; ``again`` reads it anew even if it was read seconds ago (EP4)."""


class Stations(Protocol):
    """Public stations, own network and roaming partners."""

    def station(self, station: str) -> Station:
        """The station by printed number or canonical EVSE id."""

    def unlock(self, station: str, key: str) -> Outcome:
        """Let go of the cable (OCPI UNLOCK_CONNECTOR). For people of the support team: no driver gets it done directly.

        A charge that runs there may end. "Done" says that the station accepted it, not that the cable is out.
        """


class Sessions(Protocol):
    """Charging sessions that run."""

    def active(self, account: str) -> Session | None:
        """The session that runs on the account, if one does."""

    def stop(self, session: str, key: str) -> Outcome:
        """Stop a session (OCPI STOP_SESSION)."""


class Chargers(Protocol):
    """Chargers that owners manage from afar."""

    def charger(self, charger: str) -> Charger:
        """The charger of that id."""

    def role(self, charger: str, user: str) -> str | None:
        """The role of a user for that charger, such as ``super-administrator``; None: no role there."""

    def restart(self, charger: str, key: str) -> Outcome:
        """Restart it. "Done" says that the command was accepted, not that the charger works (WB8)."""

    def unlock(self, charger: str, key: str) -> Outcome:
        """Let go of the cable (OCPP UnlockConnector); see :meth:`Stations.unlock`."""


class Desk(Protocol):
    """The help desk: fault reports and everything else that people work on."""

    def file(self, draft: TicketDraft, key: str) -> Ticket:
        """File a ticket; the same key again returns the same ticket and files nothing.

        Photos of the draft that are no longer kept are left out: the ticket matters more.
        """

    def ticket(self, ticket: str) -> Ticket:
        """The ticket of that id as it stands now."""

    def of_user(self, user: str) -> list[Ticket]:
        """The tickets of a signed-in driver, newest first."""

    def changed_since(self, at: datetime) -> list[Ticket]:
        """The tickets whose state may have changed at that moment or later, in order of their ``updated_at``."""

    def listed(self, which: TicketFilter, page: int = 0, size: int = 50) -> TicketPage:
        """The tickets that fit, those that were filed last first; ``page`` counts from 0, ``size`` tickets each."""

    def set_state(self, ticket: str, state: ReportState, repair_by: str | None = None) -> Ticket:
        """Move a ticket on; the state that it has already changes nothing.

        ``repair_by`` is the date that the owner named, if they did; a later state without one takes it back.
        """

    def attach(self, ticket: str, photo: str) -> None:
        """Add a photo (an id of :class:`bot.desk.photos.Photos`) to a ticket; the same one again adds nothing.

        Raises UnknownPhoto when it is not kept.
        """

    def attachments(self, ticket: str) -> list[Attachment]:
        """The files on a ticket, oldest first."""

    def attachment(self, ticket: str, attachment: str) -> bytes:
        """The bytes of a file on that ticket."""
