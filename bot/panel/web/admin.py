"""Accounts and the audit log, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from pydantic import ValidationError

from bot.errors import AgentExists, LastAdmin, UnknownAgent
from bot.panel.accounts import Accounts
from bot.panel.values import ROLES, Agent, PanelLanguage, Role
from bot.panel.web.access import address_of, needs, panel_of
from bot.panel.web.pages import done, say_to, show
from bot.panel.web.texts import N_, Say

ADMIN = "/agent/admin"
LOG_PAGE = 100
"""Lines of the log on one page."""
Admin = Annotated[Agent, Depends(needs("admin"))]
Text = Annotated[str, Form(max_length=1000)]
Change = Callable[[Accounts, Agent], str]
"""Changes an account, and says what was done."""


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter(prefix=ADMIN)

    @routes.get("")
    def page(request: Request, admin: Admin) -> Response:
        return _page(request)

    @routes.post("/agents")
    def add(
        request: Request,
        admin: Admin,
        role: Annotated[Role, Form()],
        language: Annotated[PanelLanguage, Form()],
        name: Text = "",
        email: Text = "",
    ) -> Response:
        say, typed = say_to(request), {"name": name, "email": email, "role": role, "language": language}
        try:
            agent, password = panel_of(request).accounts.add(name, email, role, language, admin.email)
        except AgentExists:
            return _page(request, 422, typed, say("There is an account with this address already."))
        except ValidationError as error:
            fields = {each["loc"][0] for each in error.errors()}
            told = (
                say("Write a name.") if "name" in fields else say("Write an e-mail address such as kari@example.org.")
            )
            return _page(request, 422, typed, told)
        return show(request, "password", owner=agent, password=password)

    @routes.post("/agents/{agent}/role")
    def set_role(request: Request, admin: Admin, agent: str, role: Annotated[Role, Form()]) -> Response:
        def change(accounts: Accounts, found: Agent) -> str:
            accounts.set_role(found, role, admin.email)
            return say_to(request)(N_("The role of %(name)s is changed."), name=found.name)

        return _changed(request, agent, change)

    @routes.post("/agents/{agent}/lock")
    def lock(request: Request, admin: Admin, agent: str) -> Response:
        def change(accounts: Accounts, found: Agent) -> str:
            accounts.lock(found, admin.email)
            return say_to(request)(N_("The account of %(name)s is locked."), name=found.name)

        return _changed(request, agent, change)

    @routes.post("/agents/{agent}/unlock")
    def unlock(request: Request, admin: Admin, agent: str) -> Response:
        def change(accounts: Accounts, found: Agent) -> str:
            accounts.unlock(found, admin.email)
            return say_to(request)(N_("The account of %(name)s is unlocked."), name=found.name)

        return _changed(request, agent, change)

    @routes.post("/agents/{agent}/sign-out")
    def sign_out(request: Request, admin: Admin, agent: str) -> Response:
        def change(accounts: Accounts, found: Agent) -> str:
            accounts.sign_in.out_everywhere(found, address_of(request), admin.email)
            return say_to(request)(N_("%(name)s is signed out everywhere."), name=found.name)

        return _changed(request, agent, change)

    @routes.post("/agents/{agent}/remove")
    def remove(request: Request, admin: Admin, agent: str) -> Response:
        def change(accounts: Accounts, found: Agent) -> str:
            accounts.remove(found, admin.email)
            return say_to(request)(N_("The account of %(name)s is removed."), name=found.name)

        return _changed(request, agent, change)

    @routes.post("/agents/{agent}/password")
    def new_password(request: Request, admin: Admin, agent: str) -> Response:
        panel = panel_of(request)
        try:
            found = panel.agents.of(agent)
            password = panel.accounts.set_password(found, admin.email)
        except UnknownAgent:
            return _gone(request, say_to(request))
        return show(request, "password", owner=found, password=password)

    @routes.get("/log")
    def log(request: Request, admin: Admin, before: Annotated[int | None, Query(ge=1, le=2**53)] = None) -> Response:
        entries = panel_of(request).audit.latest(LOG_PAGE, before)
        older = entries[-1][0] if len(entries) == LOG_PAGE else None
        return show(request, "log", entries_of_log=[entry for _, entry in entries], older=older)

    return routes


def _page(request: Request, status: int = 200, typed: dict[str, str] | None = None, failed: str = "") -> Response:
    usual = {"name": "", "email": "", "role": "agent", "language": "en"}
    agents = panel_of(request).agents.all()
    return show(request, "admin", status, agents=agents, roles=ROLES, typed=typed or usual, failed=failed)


def _changed(request: Request, agent: str, change: Change) -> Response:
    panel, say = panel_of(request), say_to(request)
    try:
        return done(request, ADMIN, change(panel.accounts, panel.agents.of(agent)))
    except UnknownAgent:
        return _gone(request, say)
    except LastAdmin:
        told = say("This is the last administrator. Make another account an administrator first.")
        return done(request, ADMIN, told, "failed")


def _gone(request: Request, say: Say) -> Response:
    return done(request, ADMIN, say("That account is gone."), "failed")
