"""Who works in the panel, and what they opened."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

from bot.types import Value

Role = Literal["agent", "lead", "admin"]
"""Each may do what the one before it may: answer drivers; see figures and what went unanswered; manage accounts."""
ROLES: tuple[Role, ...] = get_args(Role)
PanelLanguage = Literal["en", "fr", "de", "it", "nb"]
PANEL_LANGUAGES: tuple[PanelLanguage, ...] = get_args(PanelLanguage)
LONGEST_NAME = 80
LONGEST_EMAIL = 254
"""RFC 5321, 4.5.3.1.3, less the angle brackets."""


def known_email(given: str) -> str:
    """An address as accounts are found by it: mailboxes that differ in case alone are one person's."""
    return given.strip().casefold()


def _email(given: str) -> str:
    local, _, domain = (email := known_email(given)).rpartition("@")
    if not local or "." not in domain.strip(".") or not email.isprintable() or any(each.isspace() for each in email):
        raise ValueError("this is no e-mail address, such as kari@example.org")
    return email


def _name(given: str) -> str:
    name = " ".join(given.split())
    if not name or not name.isprintable():
        raise ValueError("a name has letters, and nothing that cannot be shown")
    return name


class Agent(Value):
    """Somebody who may sign in to the panel."""

    id: str
    name: Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(_name)]
    """What drivers and colleagues read."""
    email: Annotated[str, Field(max_length=LONGEST_EMAIL), AfterValidator(_email)]
    role: Role
    language: PanelLanguage
    """Of the panel's own texts."""
    created_at: datetime
    locked: bool = False
    """Whether an administrator shut the account."""
    subject: str | None = None
    """Who this is at the OpenID provider: its issuer and the ``sub`` of its tokens (OpenID Connect Core, 5.7)."""
    demo: bool = False
    """Made up for a demo server; signs in by one click there, and nowhere else."""

    def may(self, role: Role) -> bool:
        """Whether the agent has that role, or one above it."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Session(Value):
    """One browser that an agent signed in with. Its secret is kept nowhere but there."""

    id: str
    """A digest of the secret."""
    agent: str
    started_at: datetime
    seen_at: datetime
    """When the agent did something last, to the minute."""


AuditKind = Literal[
    "signed_in", "refused", "paused", "signed_out", "signed_out_everywhere",
    "added", "role", "password", "locked", "unlocked", "removed",
]  # fmt: skip


class AuditEntry(Value):
    """One line of the audit log: sign-ins, and changes of who may do what."""

    at: datetime
    kind: AuditKind
    agent: str | None = None
    """Whose account it is about, as it was called; None where a sign-in named no account. What was typed there is
    not kept: people type passwords into the wrong field."""
    by: str | None = None
    """Who did it, where that is not the agent: another's address, or the command line."""
    address: str | None = None
    detail: str = ""
    """For ``role``, the new role; for ``signed_in``, how."""
