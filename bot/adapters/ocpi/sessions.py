"""Sessions over OCPI."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.adapters.ocpi.client import SESSIONS, OcpiClient
from bot.adapters.ocpi.commands import OcpiCommands
from bot.adapters.ocpi.directory import Directory
from bot.adapters.ocpi.evse_ids import canonical
from bot.adapters.ocpi.objects import OcpiSession, Token, same
from bot.adapters.ocpi.paging import Listed
from bot.adapters.ocpi.tokens import OcpiTokens
from bot.errors import NotFound, Unavailable
from bot.tools.values import Money, Outcome, RefusalReason, Refused, Session, SessionStatus


def _system_now() -> datetime:
    return datetime.now(UTC)


class OcpiSessions:
    """See :class:`bot.tools.ports.Sessions`. An account's sessions are those of its tokens."""

    def __init__(
        self,
        client: OcpiClient,
        directory: Directory,
        tokens: OcpiTokens,
        commands: OcpiCommands,
        now: Callable[[], datetime] = _system_now,
    ) -> None:
        self._client, self._directory, self._tokens = client, directory, tokens
        self._commands, self._now = commands, now

    def active(self, account: str) -> Session | None:
        """See :class:`bot.tools.ports.Sessions`. Of several that run, the one that began last."""
        tokens = self._tokens.of_account(account)
        if not tokens:
            return None
        recent = self._recent()
        running = [each for each in recent.items if each.status == SessionStatus.ACTIVE and _of_one(each, tokens)]
        if not running and not recent.complete:
            raise Unavailable("gave a list of sessions that is not whole, and none of this account is on it")
        return self._session(max(running, key=lambda each: each.start_date_time), account) if running else None

    def stop(self, session: str, key: str) -> Outcome:
        """See :class:`bot.tools.ports.Sessions`.

        An operator that rejects does not say why; what the list says of the session is then the reason.
        """
        try:
            outcome = self._commands.stop_session(session, key)
        except NotFound:
            if explained := self._explained(session):
                return explained
            raise
        return (self._explained(session) or outcome) if isinstance(outcome, Refused) else outcome

    def _explained(self, session: str) -> Refused | None:
        try:
            recent = self._recent()
        except Unavailable:
            return None
        over = [each for each in recent.items if same(each.id, session) and each.status != SessionStatus.ACTIVE]
        return Refused(reason=RefusalReason.NOT_RUNNING) if over else None

    def _recent(self) -> Listed[OcpiSession]:
        since = self._now() - timedelta(hours=self._client.rules.sessions_back_hours)
        # OCPI 9.2.1: a beginning must be named.
        listed = self._client.every(SESSIONS, {"date_from": since.strftime("%Y-%m-%dT%H:%M:%SZ")})
        return listed.shaped(OcpiSession, "a session")

    def _session(self, found: OcpiSession, account: str) -> Session:
        paid = found.total_cost.incl_vat if found.total_cost else None
        return Session(
            id=found.id,
            status=SessionStatus.ACTIVE,
            station=self._station(found),
            account=account,
            started=found.start_date_time,
            kwh=found.kwh,
            # A price without the tax is not what the driver pays, so it is not told.
            cost=Money(amount=paid, currency=found.currency.upper()) if paid is not None else None,
        )

    def _station(self, found: OcpiSession) -> str:
        try:
            place = self._directory.at(found.location_id, found.evse_uid)
        except Unavailable:
            place = None
        if place is None:
            return found.evse_uid
        return place.evse.physical_reference or canonical(place.evse.evse_id or place.evse.uid)


def _of_one(session: OcpiSession, tokens: tuple[Token, ...]) -> bool:
    return any(same(session.cdr_token.uid, each.uid) for each in tokens)
