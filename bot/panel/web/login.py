"""Signing in and out, the language and the theme of the panel."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from bot.errors import UnknownAgent
from bot.panel.demo import demo_agents, the_demo_agent
from bot.panel.sign_in import SignInRefused
from bot.panel.values import Agent, PanelLanguage
from bot.panel.web import cookies
from bot.panel.web.access import address_of, anybody, needs, panel_of, visit_of
from bot.panel.web.pages import HEADERS, THEMES, done, say_to, show
from bot.panel.web.texts import N_

START = "/agent"
SIGN_IN = "/agent/sign-in"
SIGNED_IN = "/agent/signed-in"
_UNSAFE = re.compile(r"[\\\x00-\x20\x7f]")
Next = Annotated[str, Query(max_length=2000)]
NextField = Annotated[str, Form(max_length=2000)]
Text = Annotated[str, Form(max_length=2000)]
Anybody = Annotated[Agent | None, Depends(anybody)]
SignedIn = Annotated[Agent, Depends(needs("agent"))]


def within_panel(wanted: str) -> str:
    """A page of the panel that one may be sent to: never another host (CWE-601), whatever the address says."""
    if _UNSAFE.search(wanted):
        return START
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return START
    inside = parts.path == START or parts.path.startswith(f"{START}/")
    return START if parts.scheme or parts.netloc or not inside or ".." in parts.path.split("/") else wanted


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get(SIGN_IN)
    def page(request: Request, agent: Anybody, next: Next = "") -> Response:
        if agent is not None:
            return RedirectResponse(within_panel(next), 303, HEADERS)
        return sign_in_form(request, 200, within_panel(next))

    @routes.post(SIGN_IN)
    def sign_in(
        request: Request,
        agent: Anybody,
        email: Text = "",
        password: Text = "",
        next: NextField = "",
    ) -> Response:
        say, panel, wanted = say_to(request), panel_of(request), within_panel(next)
        if not email.strip() or not password:
            return sign_in_form(request, 422, wanted, email, say("Fill in your e-mail address and your password."))
        try:
            leaving = cookies.read("session", request)
            secret = panel.sign_in.with_password(email, password, address_of(request), leaving)
        except SignInRefused as refused:
            if refused.wait is not None:
                told = say("That was tried too often. Try again in %(minutes)s min.", minutes=-(-refused.wait // 60))
                response = sign_in_form(request, 429, wanted, email, told)
                response.headers["Retry-After"] = str(refused.wait)
                return response
            told = say("That did not match. Check the address and the password.")
            return sign_in_form(request, 401, wanted, email, told)
        return let_in(request, secret, wanted)

    @routes.post("/agent/sign-in/demo")
    def demo(request: Request, agent: Anybody, who: Text = "", next: NextField = "") -> Response:
        panel = panel_of(request)
        if not panel.sign_in.demo:
            raise HTTPException(404, "This is no demo server.")
        try:
            found = the_demo_agent(panel.agents, who)
            secret = panel.sign_in.enter(found, address_of(request), "demo", cookies.read("session", request))
        except (UnknownAgent, SignInRefused):
            return sign_in_form(
                request, 401, within_panel(next), failed=say_to(request)(N_("Nobody could be signed in."))
            )
        return let_in(request, secret, within_panel(next))

    @routes.post("/agent/sign-out")
    def sign_out(request: Request, agent: SignedIn, everywhere: Text = "") -> Response:
        panel, visit = panel_of(request), visit_of(request)
        if everywhere:
            panel.sign_in.out_everywhere(agent, address_of(request))
        elif visit.session is not None:
            panel.sign_in.out(agent, visit.session, address_of(request))
        response = done(request, SIGN_IN, say_to(request)(N_("You are signed out.")))
        cookies.drop("session", request, response)
        return response

    @routes.get(SIGNED_IN)
    def signed_in(request: Request, agent: SignedIn) -> Response:
        return show(request, "signed_in")

    @routes.post("/agent/language")
    def language(
        request: Request,
        agent: SignedIn,
        language: Annotated[PanelLanguage, Form()],
        next: NextField = "",
    ) -> Response:
        panel_of(request).agents.save(agent.model_copy(update={"language": language}))
        return done(request, within_panel(next))

    @routes.post("/agent/theme")
    def theme(
        request: Request,
        agent: Anybody,
        theme: Annotated[str, Form(max_length=10)],
        next: NextField = "",
    ) -> Response:
        response = done(request, within_panel(next))
        if theme in THEMES:
            cookies.write("theme", theme, request, response, cookies.YEAR_S)
        return response

    return routes


def let_in(request: Request, secret: str, wanted: str) -> Response:
    """On to the page that was asked for, with the new session's cookie."""
    response = RedirectResponse(wanted, 303, HEADERS)
    cookies.write("session", secret, request, response)
    cookies.drop("form", request, response)
    return response


def sign_in_form(request: Request, status: int, wanted: str, email: str = "", failed: str = "") -> Response:
    """The form, with what was typed before and why that failed; ``wanted``: where to go on afterwards."""
    sign_in = panel_of(request).sign_in
    demo = demo_agents() if sign_in.demo else ()
    empty = not demo and not any(map(sign_in.admits, sign_in.agents.all()))
    oidc = panel_of(request).provider is not None
    return show(request, "sign_in", status, next=wanted, email=email, failed=failed, empty=empty, demo=demo, oidc=oidc)
