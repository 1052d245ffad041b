"""One's own account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from bot.errors import WeakPassword
from bot.panel.values import Agent
from bot.panel.web import cookies
from bot.panel.web.access import address_of, needs, panel_of
from bot.panel.web.pages import done, say_to, show

ACCOUNT = "/agent/account"
SignedIn = Annotated[Agent, Depends(needs("agent"))]
Secret = Annotated[str, Form(max_length=2000)]


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter(prefix=ACCOUNT)

    @routes.get("")
    def page(request: Request, agent: SignedIn) -> Response:
        return _page(request, agent)

    @routes.post("/password")
    def change(request: Request, agent: SignedIn, password: Secret = "", new_password: Secret = "") -> Response:
        """Whoever finds an open browser must not take the account over: the old password is asked for, and counted."""
        panel, say, address = panel_of(request), say_to(request), address_of(request)
        if panel.sign_in.attempts.take(agent.email, address) is not None:
            return _page(request, agent, 429, say("That was tried too often. Wait a while, then try again."))
        if not panel.sign_in.passwords.same(password, panel.agents.password_of(agent.id)):
            return _page(request, agent, 422, say("The current password is not right."))
        try:
            panel.accounts.set_password(agent, agent.email, new_password)
        except WeakPassword as error:
            return _page(request, agent, 422, _why(request, error))
        panel.sign_in.attempts.forget(agent.email, address)
        response = done(request, ACCOUNT, say("Your password is changed. Every other browser is signed out."))
        cookies.write("session", panel.sign_in.enter(agent, address, "new password"), request, response)
        return response

    return routes


def _why(request: Request, error: WeakPassword) -> str:
    say, shortest = say_to(request), panel_of(request).sign_in.passwords.shortest
    match error.code:
        case "short":
            return say("The new password is too short. Use at least %(count)s characters.", count=shortest)
        case "long":
            return say("The new password is too long.")
        case "easy":
            return say("The new password is easy to guess. Use four or more words that do not go together.")


def _page(request: Request, agent: Agent, status: int = 200, failed: str = "") -> Response:
    panel = panel_of(request)
    has_password = panel.agents.password_of(agent.id) is not None
    shortest = panel.sign_in.passwords.shortest
    return show(request, "account", status, failed=failed, has_password=has_password, shortest=shortest)
