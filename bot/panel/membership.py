"""Which account somebody has for whom an OpenID provider vouches."""

from __future__ import annotations

import secrets
from contextlib import suppress

from pydantic import ValidationError

from bot.errors import AgentExists, LastAdmin
from bot.panel.accounts import Accounts
from bot.panel.oidc import Known, Provider, ProviderRefused
from bot.panel.values import LONGEST_NAME, Agent, AuditEntry, PanelLanguage

BY = "OpenID provider"


def account_of(known: Known, provider: Provider, accounts: Accounts, language: PanelLanguage) -> Agent:
    """The account, found by the provider's own name for them, or by a verified address, or made.

    Where groups give roles, who has none of them gets in nowhere, and a role that changed there changes here. Else
    only who has an account already gets in.

    Raises:
        ProviderRefused: when there is no account, and none is to be made.
    """
    agents = accounts.sign_in.agents
    found = agents.by_subject(known.subject) or _by_email(known, accounts)
    if provider.gives_roles and known.role is None:
        raise ProviderRefused("none of the groups gives a role")
    if found is None:
        return _made(known, accounts, language)
    if found.subject is None:
        agents.save(found := found.model_copy(update={"subject": known.subject}))
    if known.role is not None:
        with suppress(LastAdmin):  # somebody has to manage accounts, until another one does
            accounts.set_role(found, known.role, BY)
    return agents.of(found.id)


def _by_email(known: Known, accounts: Accounts) -> Agent | None:
    found = accounts.sign_in.agents.by_email(known.email) if known.email else None
    if found is not None and found.subject is not None:
        raise ProviderRefused("the address belongs to an account of somebody else at the provider")
    return found


def _made(known: Known, accounts: Accounts, language: PanelLanguage) -> Agent:
    if known.role is None or known.email is None:
        raise ProviderRefused("there is no account, and none can be made without a role and a verified address")
    sign_in = accounts.sign_in
    now = sign_in.clock.now()
    try:
        agent = Agent(
            id=secrets.token_hex(6),
            name=known.name[:LONGEST_NAME],
            email=known.email,
            role=known.role,
            language=language,
            created_at=now,
            subject=known.subject,
        )
        sign_in.agents.add(agent)
    except (ValidationError, AgentExists) as error:
        raise ProviderRefused(str(error)) from None
    sign_in.audit.note(AuditEntry(at=now, kind="added", agent=agent.email, by=BY, detail=agent.role))
    return agent
