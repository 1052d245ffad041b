"""Who a driver is: a signed token of the host app (JWT, RFC 7519), never anything that the driver writes."""

from __future__ import annotations

from typing import Protocol

import jwt
from pydantic import ValidationError

from bot.errors import IdentityRefused, SettingsError
from bot.types import Identity

LONGEST_TOKEN = 8_192
SHORTEST_SECRET = 32
"""Bytes of an HS256 key (RFC 7518, 3.2)."""
_CLAIMS = ("accounts", "role", "locale", "vendor")


class Tokens(Protocol):
    """Tells who a token says that the driver is."""

    def read(self, token: str) -> Identity:
        """Who it is.

        Raises:
            IdentityRefused: when it is not to be trusted; the message is for the integrator and holds no secret.
        """


class EitherToken:
    """Trusts what one of two readers trusts; the first one says what is wrong with a token that neither does."""

    def __init__(self, first: Tokens, second: Tokens) -> None:
        self._first, self._second = first, second

    def read(self, token: str) -> Identity:
        """See :class:`Tokens`."""
        try:
            return self._first.read(token)
        except IdentityRefused as refused:
            try:
                return self._second.read(token)
            except IdentityRefused:
                raise refused from None


class TokenReader:
    """Verifies tokens with one key, for one audience."""

    def __init__(self, key: str, algorithms: tuple[str, ...], audience: str, issuer: str | None, leeway_s: int) -> None:
        """``key``: the shared secret (HS256) or the public key as PEM (RS256).

        Raises:
            SettingsError: when the secret is too short to be one.
        """
        if "HS256" in algorithms and (len(algorithms) > 1 or "BEGIN" in key):
            raise SettingsError("PLUGDESK_IDENTITY_ALGORITHM is HS256, but the key is a public key. Use RS256.")
        if "HS256" in algorithms and len(key.encode()) < SHORTEST_SECRET:
            wrong = f"PLUGDESK_IDENTITY_KEY is shorter than {SHORTEST_SECRET} bytes."
            raise SettingsError(f"{wrong} Make one with: openssl rand -hex 32")
        self._key, self._algorithms = key, list(algorithms)
        self._audience, self._issuer, self._leeway = audience, issuer, leeway_s

    def read(self, token: str) -> Identity:
        """See :class:`Tokens`."""
        if len(token) > LONGEST_TOKEN:
            raise IdentityRefused("malformed", f"The token is longer than {LONGEST_TOKEN} characters.")
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=self._algorithms,
                audience=self._audience,
                issuer=self._issuer,
                leeway=self._leeway,
                options={"require": ["exp", "aud", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise IdentityRefused("expired", "The token has expired. Fetch a new one.") from None
        except jwt.InvalidAudienceError:
            raise IdentityRefused("audience", f"The token is not for the audience {self._audience!r}.") from None
        except jwt.InvalidAlgorithmError:
            allowed = ", ".join(self._algorithms)
            raise IdentityRefused("algorithm", f"The token is not signed by {allowed}.") from None
        except jwt.InvalidSignatureError:
            raise IdentityRefused("signature", "The token's signature does not fit the key.") from None
        except jwt.MissingRequiredClaimError as error:
            raise IdentityRefused("claims", f"The token lacks the claim {error.claim!r}.") from None
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise IdentityRefused("malformed", "The token cannot be read. Send a signed JWT.") from None
        known = {name: claims[name] for name in _CLAIMS if claims.get(name) is not None}
        try:
            return Identity.model_validate({"user": claims["sub"], **known}, strict=False)
        except ValidationError as error:
            fields = ", ".join(str(each["loc"][0]) for each in error.errors())
            raise IdentityRefused("claims", f"These claims do not fit: {fields}. See /docs for their form.") from None
