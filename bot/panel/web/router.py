"""Puts the pages together, and says what is shown where one may not be opened."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from bot.channels.problems import problem
from bot.panel.panel import Panel
from bot.panel.web import (
    account,
    actions_log,
    admin,
    answers,
    figures,
    inbox,
    knowledge,
    live,
    login,
    provider,
    thread,
    thread_desk,
    tickets,
)
from bot.panel.web.access import FormRefused, RoleNeeded, SignInNeeded, is_fetched
from bot.panel.web.login import SIGN_IN
from bot.panel.web.pages import HEADERS, refusal, say_to
from bot.panel.web.static import URL, VersionedFiles
from bot.panel.web.texts import N_

SIGNED_OUT = N_("You are signed out. Sign in again; what you typed is still here.")
ROLE_MISSING = N_("This page is not for your role. An administrator can change that.")
FORM_OLD = N_("This form is too old to be sent. Go back, load the page again and send it once more.")
PAGES = (
    login.router, provider.router, inbox.router, live.router, account.router, admin.router, figures.router,
    knowledge.router, thread.router, thread.beats, answers.router, thread_desk.router, tickets.router,
    actions_log.router,
)  # fmt: skip
"""Each gives the routes of a group of pages."""


def install_panel(app: FastAPI, panel: Panel) -> None:
    """Let the application serve the panel."""
    app.state.panel = panel
    for pages in PAGES:
        app.include_router(pages(), include_in_schema=False)
    app.mount(URL, VersionedFiles(), name="panel-static")

    @app.exception_handler(SignInNeeded)
    async def sign_in_needed(request: Request, error: SignInNeeded) -> Response:
        if is_fetched(request):
            return problem(401, say_to(request)(SIGNED_OUT), HEADERS)
        if request.method != "GET":
            return await _kept(request)
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{SIGN_IN}?next={quote(here, safe='')}", 303, HEADERS)

    @app.exception_handler(RoleNeeded)
    async def role_needed(request: Request, error: RoleNeeded) -> Response:
        return refusal(request, 403, ROLE_MISSING)

    @app.exception_handler(FormRefused)
    async def form_refused(request: Request, error: FormRefused) -> Response:
        return refusal(request, 403, FORM_OLD)


async def _kept(request: Request) -> Response:
    """A form was sent after its session had ended: nothing was done, and what was typed is shown to be taken along."""
    form = await request.form()
    typed = [value for name, value in form.multi_items() if isinstance(value, str) and _is_text(name, value)]
    return refusal(
        request, 401, N_("You were signed out meanwhile, and nothing was sent. Sign in, then send it again."), typed
    )


def _is_text(name: str, value: str) -> bool:
    return bool(value.strip()) and name != "csrf" and "password" not in name
