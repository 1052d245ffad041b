"""Signing in and out of the panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.errors import UnknownAgent
from bot.panel.attempts import Attempts
from bot.panel.passwords import Passwords
from bot.panel.ports import Agents, AuditLog, Sessions
from bot.panel.rules import SessionRules
from bot.panel.values import LONGEST_EMAIL, Agent, AuditEntry, AuditKind, Session, known_email
from bot.ports import Clock

NOTE_EVERY = timedelta(minutes=1)
"""A write for each request would cost more than the request."""


class SignInRefused(Exception):
    """Nobody was signed in. It is never said whether the account, the password or a lock was the reason; ``wait``:
    seconds until it may be tried again, where it was tried too often."""

    def __init__(self, wait: int | None = None) -> None:
        super().__init__("signing in was refused")
        self.wait = wait


@dataclass(frozen=True)
class SignIn:
    """Lets agents in and knows who is. Safe to use from several threads."""

    agents: Agents
    sessions: Sessions
    audit: AuditLog
    passwords: Passwords
    attempts: Attempts
    rules: SessionRules
    clock: Clock
    demo: bool = False
    """Whether this is a demo server, where demo agents may come in."""

    def with_password(self, email: str, password: str, address: str, leaving: str | None = None) -> str:
        """Sign in: the secret of a new session; ``leaving``, the browser's session of before, ends.

        Raises:
            SignInRefused: always after the same work, whether there is such an account or not.
        """
        email = known_email(email)[:LONGEST_EMAIL]
        wait = self.attempts.take(email, address)
        agent = self.agents.by_email(email)
        if wait is not None:
            self._note("paused", agent, address)
            raise SignInRefused(wait)
        kept = self.agents.password_of(agent.id) if agent else None
        right = self.passwords.same(password, kept)
        if agent is None or kept is None or not right or not self.admits(agent):
            self._note("refused", agent, address)
            raise SignInRefused
        self.attempts.forget(email, address)
        if self.passwords.outdated(kept):
            self.agents.set_password(agent.id, self.passwords.again(password))
        return self.enter(agent, address, "password", leaving)

    def enter(self, agent: Agent, address: str, how: str, leaving: str | None = None) -> str:
        """Sign somebody in whom another way has proved; ``how`` is written down.

        The session is always a new one: a secret that somebody else planted in the browser opens nothing.

        Raises:
            SignInRefused: when the account is locked.
        """
        now = self.clock.now()
        if not self.admits(agent):
            self._note("refused", agent, address, how)
            raise SignInRefused
        if leaving is not None and (before := self.sessions.of(leaving)) is not None:
            self.sessions.end(before.id)
        self.sessions.forget(now - self.rules.longest)
        self._note("signed_in", agent, address, how)
        return self.sessions.begin(agent.id, now)

    def who(self, secret: str, acting: bool = True) -> tuple[Agent, Session] | None:
        """Whose session a secret opens; None where it opens none, or not any more.

        ``acting``: whether a person asks, which keeps the session open; what a page fetches by itself does not.
        """
        session, now = self.sessions.of(secret), self.clock.now()
        if session is None:
            return None
        if now - session.started_at >= self.rules.longest or now - session.seen_at >= self.rules.idle:
            self.sessions.end(session.id)
            return None
        try:
            agent = self.agents.of(session.agent)
        except UnknownAgent:
            return None
        if not self.admits(agent):
            return None
        if acting and now - session.seen_at >= NOTE_EVERY:
            self.sessions.seen(session.id, now)
        return agent, session

    def out(self, agent: Agent, session: Session, address: str) -> None:
        """Sign out of one browser."""
        self.sessions.end(session.id)
        self._note("signed_out", agent, address)

    def out_everywhere(self, agent: Agent, address: str | None, by: str | None = None) -> int:
        """Sign somebody out of every browser; returns how many there were."""
        ended = self.sessions.end_all(agent.id)
        self._note("signed_out_everywhere", agent, address, str(ended), by)
        return ended

    def admits(self, agent: Agent) -> bool:
        """Whether an account may be signed in to at all."""
        return not agent.locked and (self.demo or not agent.demo)

    def _note(
        self, kind: AuditKind, agent: Agent | None, address: str | None, detail: str = "", by: str | None = None
    ) -> None:
        self.audit.note(
            AuditEntry(
                at=self.clock.now(), kind=kind, agent=agent.email if agent else None,
                by=by, address=address, detail=detail,
            )
        )  # fmt: skip
