"""What the panel asks of the world."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from bot.panel.values import Agent, AuditEntry, Session


class Agents(Protocol):
    """Keeps accounts. Safe to use from several threads and processes."""

    def add(self, agent: Agent, password: str | None = None) -> None:
        """Keep a new account. ``password``: its hash; None: the account signs in in another way.

        Raises:
            AgentExists: when the address or the subject is another account's.
        """

    def of(self, agent: str) -> Agent:
        """The account of that id.

        Raises:
            UnknownAgent: when there is none.
        """

    def by_email(self, email: str) -> Agent | None:
        """The account of an address, in any case."""

    def by_subject(self, subject: str) -> Agent | None:
        """The account of somebody at the OpenID provider."""

    def all(self) -> list[Agent]:
        """Every account, by name."""

    def save(self, agent: Agent) -> None:
        """Keep what changed of an account.

        Raises:
            UnknownAgent: when there is none of that id.
            AgentExists: when the address or the subject is another account's.
            LastAdmin: when no administrator who may sign in would be left.
        """

    def remove(self, agent: str) -> None:
        """Forget an account.

        Raises:
            UnknownAgent: when there is none of that id.
            LastAdmin: when no administrator who may sign in would be left.
        """

    def password_of(self, agent: str) -> str | None:
        """The hash of an account's password; None where it has none, or there is no such account."""

    def set_password(self, agent: str, password: str) -> None:
        """Keep the hash of a new password.

        Raises:
            UnknownAgent: when there is none of that id.
        """


class Sessions(Protocol):
    """Keeps who is signed in. What it stores opens nothing. Safe to use from several threads and processes."""

    def begin(self, agent: str, at: datetime) -> str:
        """Sign in: the secret that the browser keeps, with 256 random bits."""

    def of(self, secret: str) -> Session | None:
        """The session of a secret, however old; None where there is none."""

    def seen(self, session: str, at: datetime) -> None:
        """Note that its agent did something."""

    def end(self, session: str) -> None:
        """Sign out; nothing happens where it has ended."""

    def end_all(self, agent: str) -> int:
        """Sign out everywhere; returns how many sessions that ended."""

    def forget(self, before: datetime) -> None:
        """Drop sessions that began before."""


class AuditLog(Protocol):
    """Keeps what happened around accounts, append-only."""

    def note(self, entry: AuditEntry) -> None:
        """Append."""

    def latest(self, limit: int, before: int | None = None) -> Sequence[tuple[int, AuditEntry]]:
        """The newest entries first, each with its number; ``before``: only those of lower numbers."""


class NewsListener(Protocol):
    """One open page."""

    async def changed(self) -> frozenset[str] | None:
        """Wait for news: the names of what changed since the last look; None once the process ends."""


class PanelNews(Protocol):
    """Tells open pages what changed, so that they fetch those fragments anew."""

    def tell(self, *names: str) -> None:
        """Let pages know that what these names stand for has changed, such as ``cases``. From any thread."""

    def mark(self) -> str:
        """The moment of now: a page that is made after it lacks at most what is told after it."""

    def listen(
        self, wanted: frozenset[str] | None = None, since: str | None = None
    ) -> AbstractContextManager[NewsListener]:
        """Follow what changes, or of that only ``wanted`` names, from a coroutine.

        What was told after the mark ``since`` is told at once; all of ``wanted`` where that is not known, since the
        mark is too old or another process gave it.
        """

    def close(self) -> None:
        """Let every listener end."""


class Translator(Protocol):
    """A translation service. Safe to use from several threads."""

    def translate(self, text: str, source: str, target: str) -> str:
        """The text in another language; languages are ISO 639-1 codes, such as ``nb``.

        Raises:
            Unavailable: when the service does not answer, or has no such languages.
        """
