"""What every page of the panel has in common."""

from __future__ import annotations

import pytest

from bot.panel.values import ROLES, Role
from bot.panel.web.static import FILES, address
from tests.bot.panel.browsers import Browser, PanelWorld


@pytest.fixture
def agent(world: PanelWorld) -> Browser:
    return world.browser("agent")


@pytest.mark.parametrize("role", ROLES)
def test_the_first_page_greets_who_is_signed_in(world: PanelWorld, role: Role) -> None:
    page = world.browser(role).get("/agent")
    assert page.status_code == 200
    assert world.panel.agents.of(f"a-{role}").name in page.text


def test_a_page_is_kept_nowhere(agent: Browser) -> None:
    assert agent.get("/agent").headers["Cache-Control"] == "no-store"


def test_a_fragment_comes_alone(agent: Browser) -> None:
    text = agent.fragment("/agent", "cases").text
    assert text.startswith("<section")
    assert 'data-fragment="cases"' in text
    assert "<html" not in text


def test_a_fragment_that_there_is_not_gives_the_page(agent: Browser) -> None:
    assert "<html" in agent.fragment("/agent", "nowhere").text


def test_names_are_text_and_never_markup(world: PanelWorld, agent: Browser) -> None:
    known = world.panel.agents.of("a-agent")
    world.panel.agents.save(known.model_copy(update={"name": '<script>alert(1)</script>"'}))
    page = agent.get("/agent").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("name", sorted(path.name for path in FILES.iterdir()))
def test_files_are_kept_for_good_under_the_address_of_their_version(world: PanelWorld, name: str) -> None:
    browser = world.browser()
    assert "immutable" in browser.get(address(name)).headers["Cache-Control"]
    assert browser.get(address(name).split("?")[0]).headers["Cache-Control"] == "public, no-cache"


def test_pages_ask_only_for_files_of_this_server(agent: Browser) -> None:
    page = agent.get("/agent")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "<style" not in page.text
    assert 'style="' not in page.text
    assert "<script>" not in page.text
