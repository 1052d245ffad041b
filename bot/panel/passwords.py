"""Passwords: which are good enough, and how they are kept (argon2id, RFC 9106)."""

from __future__ import annotations

import secrets
import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import WeakPassword
from bot.panel.rules import Argon2Rules, PasswordRules

READ_BY_ESTIMATOR = 72
"""Letters; zxcvbn takes no more, and a password is judged well before."""
OWN_WORDS = ("plugdesk",)


class Passwords:
    """Hashes and checks passwords. So many compute at once as the machine has memory for; others wait."""

    def __init__(self, rules: PasswordRules, cost: Argon2Rules) -> None:
        self._rules = rules
        self._hasher = PasswordHasher(time_cost=cost.time, memory_cost=cost.memory, parallelism=cost.lanes)
        self._room = BoundedSemaphore(cost.at_once)
        self._nobodys = self._hashed(secrets.token_urlsafe())

    @property
    def shortest(self) -> int:
        """Characters that a new password has at least."""
        return self._rules.shortest

    def hashed(self, password: str, *about: str) -> str:
        """What is kept of a new password. ``about``: words that others know of its owner.

        Raises:
            WeakPassword: when it is too short or too long, or easy to guess (NIST SP 800-63B-4, 3.1.1.2).
        """
        from zxcvbn import zxcvbn  # its lists of passwords and words take a moment to load, and few commands need them

        given, rules = normalised(password), self._rules
        if len(given) < rules.shortest:
            raise WeakPassword("short", f"The password is too short. Use at least {rules.shortest} characters.")
        if len(given) > rules.longest:
            raise WeakPassword("long", f"The password is too long. Use at most {rules.longest} characters.")
        words = [part for word in (*OWN_WORDS, *about) for part in (word, *word.replace("@", " ").split())]
        if zxcvbn(given[:READ_BY_ESTIMATOR], user_inputs=words)["score"] < rules.weakest:
            raise WeakPassword("easy", "The password is easy to guess. Use four or more words that do not go together.")
        return self._hashed(given)

    def same(self, password: str, kept: str | None) -> bool:
        """Whether it is the password that is kept. Without one the answer is no, after the same work."""
        given = normalised(password[: self._rules.longest + 1])
        with self._room:
            try:
                return self._hasher.verify(kept or self._nobodys, given) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, kept: str) -> bool:
        """Whether it was hashed at another cost than is set now."""
        return self._hasher.check_needs_rehash(kept)

    def again(self, password: str) -> str:
        """The hash of a password that was accepted once, at the cost of now."""
        return self._hashed(normalised(password))

    def _hashed(self, given: str) -> str:
        with self._room:
            return self._hasher.hash(given)


def normalised(password: str) -> str:
    """The same password, however a keyboard writes its letters (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFC", password)
