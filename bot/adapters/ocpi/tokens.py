"""Tokens over OCPI: which belong to an account, and whether one may charge."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.adapters.ocpi.client import TOKENS, OcpiClient
from bot.adapters.ocpi.directory import Directory
from bot.adapters.ocpi.envelope import shaped
from bot.adapters.ocpi.kept import Kept, in_a_thread
from bot.adapters.ocpi.objects import AllowedType, AuthorizationInfo, Token, same
from bot.adapters.ocpi.paging import Listed
from bot.errors import NotFound, Unavailable
from bot.tools.values import WorldValue

RFID = "RFID"
NOT_WHOLE = "gave a list of tokens that is not whole, and this one is not on it"


class Authorisation(WorldValue):
    """What real-time authorisation says of a token (OCPI 12.3.1)."""

    token: str
    allowed: AllowedType
    reference: str | None = None
    """What a session that follows is known by."""


class OcpiTokens:
    """The tokens of a service provider. Safe to use from several threads."""

    def __init__(
        self,
        client: OcpiClient,
        directory: Directory,
        aside: Callable[[Callable[[], None]], None] = in_a_thread,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._directory = client, directory
        self._tokens = Kept(self._read, client.rules.tokens_fresh_s, aside, monotonic)

    def authorise(self, token_uid: str, station: str | None = None, token_type: str = RFID) -> Authorisation:
        """Ask whether a token may charge, at a station where one is named (OCPI 12.2.2, POST).

        Raises:
            NotFound: when they do not know the token, or there is no such station.
            Unavailable: when they do not say; also where they want a station and none was named (status code 2002).
        """
        body = None
        if station is not None:
            place = self._directory.find(station)
            body = {"location_id": place.location.id, "evse_uids": [place.evse.uid]}
        data = self._client.post(TOKENS, token_uid, "authorize", body=body, params={"type": token_type})
        info = shaped(AuthorizationInfo, data, "an authorisation")
        return Authorisation(token=token_uid, allowed=info.allowed, reference=info.authorization_reference)

    def token(self, token_uid: str) -> Token:
        """The token of that uid.

        Raises:
            NotFound: when there is none.
            Unavailable: when the list cannot be read.
        """
        listed = self._tokens.get()
        found = [each for each in listed.items if same(each.uid, token_uid)]
        if not found and not listed.complete:
            raise Unavailable(NOT_WHOLE)
        if not found:
            raise NotFound("There is no token of that uid.")
        return found[0]

    def of_account(self, account: str) -> tuple[Token, ...]:
        """The tokens of an account, by the field that the connection names; none where it has none.

        Raises:
            Unavailable: when the list cannot be read, or it lacks something that may be theirs and has none of them.
        """
        listed, field = self._tokens.get(), self._client.connection.accounts_by
        theirs = tuple(each for each in listed.items if account and getattr(each, field) == account)
        if not theirs and not listed.complete:
            raise Unavailable(NOT_WHOLE)
        return theirs

    def _read(self) -> Listed[Token]:
        return self._client.every(TOKENS).shaped(Token, "a token")
