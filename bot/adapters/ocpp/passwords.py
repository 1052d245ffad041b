"""Passwords of chargers (OCPP security profile 1), kept as salted scrypt hashes."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets

from bot.errors import SettingsError

_ALLOWED = re.compile(r"[A-Za-z0-9*\-_=:+|@.]{16,40}")
"""OCPP 2.0.1 part 2, BasicAuthPassword: 16 to 40 characters of an identifierString."""
_COST, _BLOCK, _PARALLEL, _SALT_BYTES = 2**14, 8, 1, 16
"""RFC 7914's parameters for interactive logins: 16 MiB and some tens of milliseconds a try."""


def generated() -> str:
    """A new password that every charger takes."""
    return secrets.token_hex(16)


def hashed(password: str) -> str:
    """The salted hash to be kept.

    Raises:
        SettingsError: when chargers would not take that password; it does not repeat it.
    """
    if not _ALLOWED.fullmatch(password):
        raise SettingsError("The password must have 16 to 40 letters, digits or characters of *-_=:+|@. (OCPP 2.0.1).")
    salt = os.urandom(_SALT_BYTES)
    return f"{salt.hex()}${_scrypt(password, salt).hex()}"


def matches(password: str, kept: str | None) -> bool:
    """Whether the password is the one of that hash; takes as long where there is none (an unknown charger)."""
    salt, _, expected = (kept or f"{'00' * _SALT_BYTES}$").partition("$")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)).hex(), expected)


def _scrypt(password: str, salt: bytes) -> bytes:
    # A charger may send any bytes; what is no UTF-8 reaches us as surrogates.
    given = password.encode(errors="surrogateescape")
    return hashlib.scrypt(given, salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL)
