"""Signing in with an OpenID provider: authorization code with PKCE (OpenID Connect Core 1.0, RFC 7636)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.panel.values import ROLES, Role
from bot.ports import Clock
from bot.settings import OidcSettings

log = logging.getLogger(__name__)
SCOPE = "openid email profile"
SIGNED_BY = ("RS256", "PS256", "ES256")
"""Never the client's secret or nobody (RFC 8725, 3.1)."""
LEEWAY_S = 60
"""Clocks of two machines differ by so many seconds at most."""
DEADLINE_S = 10.0
TOKEN_BYTES = 32


class ProviderRefused(Exception):
    """Nobody could be signed in with the provider. Why is for the operator's log, not for the page."""


@dataclass(frozen=True)
class Begun:
    """A sign-in that a browser was sent away with; it keeps this until it comes back."""

    url: str
    """Where it is sent."""
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Known:
    """Whom the provider vouches for."""

    subject: str
    """Its issuer and what it calls them, which stays the same for good."""
    email: str | None
    """Only an address that the provider has verified."""
    name: str
    role: Role | None
    """The highest that their groups give; None where none does, or groups give no roles here."""


class Provider:
    """An OpenID provider. ``transport`` carries the requests to it."""

    def __init__(self, settings: OidcSettings, clock: Clock, transport: httpx2.BaseTransport | None = None) -> None:
        self._settings, self._clock, self._transport = settings, clock, transport

    @property
    def gives_roles(self) -> bool:
        """Whether roles come from there, and not from the accounts here."""
        return bool(self._settings.roles)

    def begin(self, back: str) -> Begun:
        """Where to send the browser; ``back``: the page that it comes back to.

        Raises:
            ProviderRefused: when the provider cannot be asked.
        """
        state, nonce, verifier = (secrets.token_urlsafe(TOKEN_BYTES) for _ in range(3))
        with self._client(back) as client:
            endpoint = self._found(client)["authorization_endpoint"]
            url, _ = client.create_authorization_url(endpoint, state=state, nonce=nonce, code_verifier=verifier)
        return Begun(url, state, nonce, verifier)

    def finish(self, back: str, code: str, nonce: str, verifier: str) -> Known:
        """Whom the browser that came back stands for.

        Raises:
            ProviderRefused: when the provider cannot be asked, or its token is not to be trusted.
        """
        with self._client(back) as client:
            found = self._found(client)
            try:
                token = client.fetch_token(found["token_endpoint"], code=code, code_verifier=verifier)
                keys = self._answer(client.request("GET", found["jwks_uri"], withhold_token=True))
                claims = self._trusted(token["id_token"], KeySet.import_key_set(keys), nonce)  # type: ignore[arg-type]
                if {"email", self._settings.claim} - claims.keys() and "userinfo_endpoint" in found:
                    claims |= self._more(client, found["userinfo_endpoint"], claims["sub"])
            except (httpx2.HTTPError, AuthlibBaseError, JoseError, KeyError, ValueError, TypeError) as error:
                raise self._refused(error) from None
        return self._known(claims)

    def is_issuer(self, named: str | None) -> bool:
        """Whether an answer comes from here, as far as it says (RFC 9207, 2.4)."""
        return named is None or named == self._settings.issuer

    def _client(self, back: str) -> OAuth2Client:
        return OAuth2Client(
            self._settings.client_id,
            self._settings.client_secret,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            transport=self._transport,
            timeout=DEADLINE_S,
        )

    def _found(self, client: OAuth2Client) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0, 4), asked anew: sign-ins are rare."""
        address = f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            found = self._answer(client.request("GET", address, withhold_token=True))
            if found["issuer"] != self._settings.issuer:
                raise ValueError(f"it calls itself {found['issuer']!r}")
        except (httpx2.HTTPError, KeyError, ValueError) as error:
            raise self._refused(error) from None
        return found

    def _answer(self, response: httpx2.Response) -> dict[str, Any]:
        response.raise_for_status()
        found = response.json()
        if not isinstance(found, dict):
            raise ValueError(f"{response.url} gives no object")
        return found

    def _trusted(self, token: str, keys: KeySet, nonce: str) -> dict[str, Any]:
        """The claims of an ID token, after everything that OpenID Connect Core, 3.1.3.7, wants checked."""
        ours = self._settings.client_id
        claims = jwt.decode(token, keys, algorithms=list(SIGNED_BY)).claims
        jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": ours},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else ours) != ours:
            raise ValueError("the token was given to another client")
        return dict(claims)

    def _more(self, client: OAuth2Client, address: str, subject: str) -> dict[str, Any]:
        """What the provider tells only on demand (5.3); of somebody else it is never taken (5.3.2)."""
        told = self._answer(client.get(address))
        if told.get("sub") != subject:
            raise ValueError("the user info is somebody else's")
        return told

    def _known(self, claims: Mapping[str, Any]) -> Known:
        email = claims.get("email") if claims.get("email_verified") is True else None
        groups = claims.get(self._settings.claim, ())
        names = {groups} if isinstance(groups, str) else set(map(str, groups)) if isinstance(groups, list) else set()
        given = {role for group, role in self._settings.roles.items() if group in names}
        return Known(
            subject=f"{self._settings.issuer}|{claims['sub']}",
            email=str(email) if email else None,
            name=str(claims.get("name") or claims.get("preferred_username") or email or ""),
            role=max(given, key=ROLES.index, default=None),
        )

    def _refused(self, error: Exception) -> ProviderRefused:
        log.warning("the OpenID provider %s let nobody in: %s", self._settings.issuer, error)
        return ProviderRefused(str(error))
