"""How both sides sign: HMAC with SHA-256 (RFC 2104) over the moment and the body."""

from __future__ import annotations

import hashlib
import hmac
import re

HEADER = "Plugdesk-Signature"
MISSING = f"The header {HEADER} is missing. Send 't=<seconds since 1970>,v1=<HMAC-SHA256 of time, dot and body>'."
MALFORMED = f"The header {HEADER} cannot be read. It is 't=<seconds since 1970>,v1=<64 hexadecimal digits>'."
STALE = "The signature is of another time. Sign each attempt anew, and let the clock be set right."
WRONG = "The signature does not fit the body. Sign exactly the bytes that are sent, with this channel's secret."
_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class SignatureRefused(Exception):
    """A body is not known to come from who it says; the message says what to do."""


def digest(secret: bytes, body: bytes) -> str:
    """The HMAC in hexadecimal digits."""
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def signed(secret: bytes, body: bytes, at: int) -> str:
    """The header for a body that is sent at that moment, in seconds since 1970."""
    return f"t={at},v1={digest(secret, f'{at}.'.encode() + body)}"


def check(header: str | None, secret: bytes, body: bytes, now: float, window_s: float) -> None:
    """Whether a body was signed with the secret, not longer ago than the window, nor further ahead.

    Parts of later versions of the header are skipped; of several ``v1`` one must fit, so that a sender may change its
    secret.

    Raises:
        SignatureRefused: when it was not.
    """
    if not header:
        raise SignatureRefused(MISSING)
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    digests = [value for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not _TIME.fullmatch(times[0]) or not digests or not all(map(_DIGEST.fullmatch, digests)):
        raise SignatureRefused(MALFORMED)
    wanted = digest(secret, f"{times[0]}.".encode() + body)
    # Compared before the time is looked at: who has no secret learns nothing of our clock.
    if not any(hmac.compare_digest(wanted, each) for each in digests):
        raise SignatureRefused(WRONG)
    if abs(now - int(times[0])) > window_s:
        raise SignatureRefused(STALE)
