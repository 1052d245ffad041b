"""Who may open which page: every route of the panel depends on :func:`needs`, or on :data:`anybody`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from anyio import to_thread
from fastapi import Request

from bot.channels.limits import counted_address
from bot.panel.values import Agent, Role, Session
from bot.panel.web import cookies

if TYPE_CHECKING:
    from bot.panel.panel import Panel

FRAGMENT = "X-Fragment"
"""The header that the panel's own script sends, with the name of the fragment that it wants back."""
UNASKED = "here"
"""Its value where an open page says by itself that its agent is there."""
TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105
TOKEN_FIELD = "csrf"  # noqa: S105
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class SignInNeeded(Exception):
    """Nobody is signed in, or not any more."""


class RoleNeeded(Exception):
    """The agent has not the role that a page needs."""

    def __init__(self, role: Role) -> None:
        super().__init__(role)
        self.role = role


class FormRefused(Exception):
    """A form did not come from this browser's own page, or is older than its session."""


@dataclass(frozen=True)
class Visit:
    """Whose request it is."""

    agent: Agent | None
    session: Session | None
    secret: str | None
    """Of the cookie that binds this browser's forms: the session's, or without one the form's."""
    since: str
    """The mark of the news when the request came: what is shown lacks at most what was told after it."""

    @property
    def csrf(self) -> str:
        """The token for the forms of the page; none works where there is no cookie yet."""
        return cookies.csrf_of(self.secret) if self.secret else ""


def panel_of(request: Request) -> Panel:
    """The panel that the application serves."""
    return cast("Panel", request.app.state.panel)


def visit_of(request: Request) -> Visit:
    """Whose request it is, as the route's dependency found out."""
    return cast("Visit", request.state.visit)


def address_of(request: Request) -> str:
    """Where a request comes from, as it is counted and written down."""
    return counted_address(request.client.host) if request.client else ""


def is_fetched(request: Request) -> bool:
    """Whether the panel's script asks, not a browser that would show the answer as a page."""
    return FRAGMENT in request.headers


class Needs:
    """What a route depends on: lets in whoever has the role, and forms only from this browser's own pages.

    It yields the agent. Without a role it lets everybody in; see :data:`anybody`.
    """

    def __init__(self, role: Role | None) -> None:
        self.role = role

    async def __call__(self, request: Request) -> Agent | None:
        """FastAPI calls this.

        Raises:
            SignInNeeded: when nobody is signed in and somebody has to be.
            RoleNeeded: when the agent has a lower role.
            FormRefused: when an unsafe method comes without the right token.
        """
        visit = request.state.visit = await _visit(request)
        if self.role is not None:
            if visit.agent is None:
                raise SignInNeeded
            if not visit.agent.may(self.role):
                raise RoleNeeded(self.role)
        if request.method not in SAFE and not (visit.secret and cookies.same_csrf(await _token(request), visit.secret)):
            raise FormRefused
        return visit.agent


class NeedsAgent(Needs):
    """:class:`Needs` with a role, which therefore always yields somebody."""

    async def __call__(self, request: Request) -> Agent:
        """See :class:`Needs`."""
        agent = await super().__call__(request)
        if agent is None:
            raise SignInNeeded
        return agent


def needs(role: Role) -> NeedsAgent:
    """What a route depends on that only agents of this role, or one above, may use; it yields the agent."""
    return NeedsAgent(role)


anybody = Needs(None)
"""What a route depends on that needs nobody signed in; it yields the agent where there is one."""


async def _visit(request: Request) -> Visit:
    since = panel_of(request).news.mark()
    secret = cookies.read("session", request)
    if secret is not None:
        # What the page does by itself keeps nobody signed in.
        unasked = request.method in SAFE or request.headers.get(FRAGMENT) == UNASKED
        acting = not (unasked and is_fetched(request))
        found = await to_thread.run_sync(panel_of(request).sign_in.who, secret, acting)
        if found is not None:
            return Visit(*found, secret, since)
    return Visit(None, None, cookies.read("form", request), since)


async def _token(request: Request) -> str:
    header = request.headers.get(TOKEN_HEADER)
    if header is not None:
        return header
    if not request.headers.get("content-type", "").startswith(FORMS):
        return ""
    field = (await request.form()).get(TOKEN_FIELD)
    return field if isinstance(field, str) else ""
