"""Who may do what: every change of it is written down."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.errors import UnknownAgent
from bot.panel.sign_in import SignIn
from bot.panel.values import Agent, AuditEntry, AuditKind, PanelLanguage, Role, known_email

FIRST_PASSWORD_BYTES = 18
"""Of random; nobody needs to like it, since its owner sets another."""


@dataclass(frozen=True)
class Accounts:
    """Changes accounts. ``by`` says who does it: an address, or how else.

    Every method but :meth:`find` raises UnknownAgent when the account is gone, and LastAdmin when nobody would be left
    who manages accounts.
    """

    sign_in: SignIn

    def find(self, email: str) -> Agent:
        """The account of an address.

        Raises:
            UnknownAgent: when there is none.
        """
        agent = self.sign_in.agents.by_email(email)
        if agent is None:
            raise UnknownAgent(f"There is no account {known_email(email)!r}. See them with: plugdesk agents list")
        return agent

    def add(
        self, name: str, email: str, role: Role, language: PanelLanguage, by: str, password: str | None = None
    ) -> tuple[Agent, str]:
        """Make an account, and give it a password of its own where there is none: returns both.

        Raises:
            ValidationError: when name or address cannot be ones.
            AgentExists: when the address is another account's.
            WeakPassword: when the password is too short or easy to guess.
        """
        agent = Agent(
            id=secrets.token_hex(6),
            name=name,
            email=email,
            role=role,
            language=language,
            created_at=self.sign_in.clock.now(),
        )
        given = password or secrets.token_urlsafe(FIRST_PASSWORD_BYTES)
        self.sign_in.agents.add(agent, self.sign_in.passwords.hashed(given, agent.name, agent.email))
        self._note("added", agent, by, role)
        return agent, given

    def set_role(self, agent: Agent, role: Role, by: str) -> None:
        """Let somebody do more, or less, from their next request on."""
        if agent.role != role:
            self.sign_in.agents.save(agent.model_copy(update={"role": role}))
            self._note("role", agent, by, role)

    def set_password(self, agent: Agent, by: str, password: str | None = None) -> str:
        """Set a password, one of its own where none is given, and sign the account out everywhere.

        Raises:
            WeakPassword: when it is too short or easy to guess.
        """
        given = password or secrets.token_urlsafe(FIRST_PASSWORD_BYTES)
        hashed = self.sign_in.passwords.hashed(given, agent.name, agent.email)
        self.sign_in.agents.set_password(agent.id, hashed)
        self.sign_in.sessions.end_all(agent.id)
        self._note("password", agent, by)
        return given

    def lock(self, agent: Agent, by: str) -> None:
        """Shut an account; whoever uses it is out at once."""
        if not agent.locked:
            self.sign_in.agents.save(agent.model_copy(update={"locked": True}))
            self.sign_in.sessions.end_all(agent.id)
            self._note("locked", agent, by)

    def unlock(self, agent: Agent, by: str) -> None:
        """Open an account again."""
        if agent.locked:
            self.sign_in.agents.save(agent.model_copy(update={"locked": False}))
            self._note("unlocked", agent, by)

    def remove(self, agent: Agent, by: str) -> None:
        """Forget an account, and sign it out everywhere."""
        self.sign_in.agents.remove(agent.id)
        self._note("removed", agent, by)

    def _note(self, kind: AuditKind, agent: Agent, by: str, detail: str = "") -> None:
        now = self.sign_in.clock.now()
        self.sign_in.audit.note(AuditEntry(at=now, kind=kind, agent=agent.email, by=by, detail=detail))
