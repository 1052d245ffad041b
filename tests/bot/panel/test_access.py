"""Every route of the panel says who may use it, and means it: each is tried with every role and with none."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from bot.panel.values import ROLES, Role
from bot.panel.web.access import Needs
from bot.panel.web.router import PAGES
from tests.bot.panel.browsers import PanelWorld

OPEN = {
    ("GET", "/agent/sign-in"), ("POST", "/agent/sign-in"), ("POST", "/agent/sign-in/demo"), ("POST", "/agent/theme"),
    ("GET", "/agent/sign-in/provider"), ("GET", "/agent/sign-in/provider/back"),
}  # fmt: skip
"""Whoever is not signed in may use these, and nothing else."""
ENDLESS = "/agent/stream"


def _routes() -> list[tuple[str, APIRoute]]:
    return [
        (method, route)
        for pages in PAGES
        for route in pages().routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods)
    ]


def _needs(dependant: Dependant) -> Iterator[Needs]:
    for each in dependant.dependencies:
        if isinstance(each.call, Needs):
            yield each.call
        yield from _needs(each)


def _role(route: APIRoute) -> Role | None:
    (need,) = _needs(route.dependant)
    return need.role


ROUTES = _routes()
NAMES = [f"{method} {route.path}" for method, route in ROUTES]
GUARDED = [(method, route) for method, route in ROUTES if (method, route.path) not in OPEN]


def _path(route: APIRoute) -> str:
    return re.sub(r"{[^}]*}", "nothing-of-that-id", route.path)


def test_the_application_serves_these_routes_and_no_other_of_the_panel(shared_world: PanelWorld) -> None:
    served = set(shared_world.app.openapi()["paths"])
    assert not [path for path in served if path.startswith("/agent")]
    assert {route.path for _, route in ROUTES} >= {"/agent", "/agent/stream", "/agent/admin", "/agent/admin/log"}


@pytest.mark.parametrize(("method", "route"), ROUTES, ids=NAMES)
def test_a_route_says_who_may_use_it(method: str, route: APIRoute) -> None:
    assert len(list(_needs(route.dependant))) == 1
    assert (_role(route) is None) == ((method, route.path) in OPEN)


@pytest.mark.parametrize(("method", "route"), GUARDED, ids=[f"{method} {route.path}" for method, route in GUARDED])
def test_who_is_not_signed_in_gets_nowhere(shared_world: PanelWorld, method: str, route: APIRoute) -> None:
    answer = shared_world.browser().client.request(method, _path(route), follow_redirects=False)
    if method == "GET":
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/agent/sign-in?next=")
    else:
        assert answer.status_code == 401


@pytest.mark.parametrize(("method", "route"), GUARDED, ids=[f"{method} {route.path}" for method, route in GUARDED])
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_is_meant_for_it(shared_world: PanelWorld, role: Role, method: str, route: APIRoute) -> None:
    needed = _role(route)
    assert needed is not None
    allowed = ROLES.index(role) >= ROLES.index(needed)
    if allowed and route.path == ENDLESS:
        return
    browser = shared_world.browser(role)
    answer = browser.client.request(
        method, _path(route), headers={"X-CSRF-Token": browser.token()}, follow_redirects=False
    )
    assert (answer.status_code == 403) == (not allowed)
    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("method", "route"),
    [each for each in ROUTES if each[0] != "GET"],
    ids=[n for n in NAMES if not n.startswith("GET")],
)
def test_nothing_is_done_without_the_token_of_the_page(shared_world: PanelWorld, method: str, route: APIRoute) -> None:
    answer = shared_world.browser("admin").client.request(method, _path(route), follow_redirects=False)
    assert answer.status_code == 403
