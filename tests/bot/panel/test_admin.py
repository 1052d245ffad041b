"""Accounts and the audit log, as an administrator sees them; and one's own account."""

from __future__ import annotations

import re
from html import unescape

import pytest

from bot.panel.values import Role
from tests.bot.panel.browsers import PASSWORD, Browser, PanelWorld

ADMIN = "/agent/admin"
NEW = {"name": "Luc Favre", "email": "luc@example.org", "role": "lead", "language": "fr"}
BETTER = "seven brass spoons over a lake"


@pytest.fixture
def admin(world: PanelWorld) -> Browser:
    return world.browser("admin")


def shown_password(page: str) -> str:
    found = re.search(r"<code>([^<]+)</code>", page)
    assert found
    return unescape(found[1])


def test_an_account_is_added_with_a_password_that_opens_it(world: PanelWorld, admin: Browser) -> None:
    page = admin.post(f"{ADMIN}/agents", NEW)
    assert page.status_code == 200
    secret = world.panel.sign_in.with_password("luc@example.org", shown_password(page.text), "192.0.2.1")
    found = world.panel.sign_in.who(secret)
    assert found is not None
    assert (found[0].name, found[0].role, found[0].language) == ("Luc Favre", "lead", "fr")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": "  "}, "Write a name."),
        ({"name": "a" * 200}, "Write a name."),
        ({"email": "luc"}, "Write an e-mail address"),
        ({"email": "AGENT@example.org"}, "an account with this address"),
    ],
)
def test_what_cannot_be_an_account_is_told_and_kept_to_be_mended(
    world: PanelWorld, admin: Browser, changed: dict[str, str], told: str
) -> None:
    page = admin.post(f"{ADMIN}/agents", NEW | changed)
    assert page.status_code == 422
    assert told in page.text
    assert f'value="{(NEW | changed)["email"]}"' in page.text
    assert len(world.panel.agents.all()) == 3


def test_a_role_counts_from_the_next_request_on(world: PanelWorld, admin: Browser) -> None:
    agent = world.browser("agent")
    assert agent.get(ADMIN).status_code == 403
    admin.post(f"{ADMIN}/agents/a-agent/role", {"role": "admin"})
    assert agent.get(ADMIN).status_code == 200


def test_a_locked_agent_is_out_at_once_and_may_come_again_later(world: PanelWorld, admin: Browser) -> None:
    agent = world.browser("agent")
    admin.post(f"{ADMIN}/agents/a-agent/lock")
    assert agent.get("/agent").status_code == 303
    admin.post(f"{ADMIN}/agents/a-agent/unlock")
    assert world.browser("agent").get("/agent").status_code == 200


def test_an_agent_can_be_signed_out_everywhere(world: PanelWorld, admin: Browser) -> None:
    agent = world.browser("agent")
    admin.post(f"{ADMIN}/agents/a-agent/sign-out")
    assert agent.get("/agent").status_code == 303


def test_a_new_password_ends_what_was_open_with_the_old_one(world: PanelWorld, admin: Browser) -> None:
    agent = world.browser("agent")
    password = shown_password(admin.post(f"{ADMIN}/agents/a-agent/password").text)
    assert agent.get("/agent").status_code == 303
    assert world.panel.sign_in.with_password("agent@example.org", password, "192.0.2.1")


@pytest.mark.parametrize("what", ["lock", "remove", "role"])
def test_the_last_administrator_stays(world: PanelWorld, admin: Browser, what: str) -> None:
    answer = admin.post(f"{ADMIN}/agents/a-admin/{what}", {"role": "agent"})
    assert answer.status_code == 303
    page = admin.get(ADMIN)
    assert page.status_code == 200
    assert "last administrator" in page.text


def test_one_of_two_may_go(world: PanelWorld, admin: Browser) -> None:
    admin.post(f"{ADMIN}/agents/a-lead/role", {"role": "admin"})
    admin.post(f"{ADMIN}/agents/a-admin/lock")
    assert admin.get(ADMIN).status_code == 303


@pytest.mark.parametrize("what", ["lock", "unlock", "remove", "role", "sign-out", "password"])
def test_an_account_that_is_gone_is_told(admin: Browser, what: str) -> None:
    admin.post(f"{ADMIN}/agents/nobody/{what}", {"role": "agent"})
    assert "That account is gone." in admin.get(ADMIN).text


def test_names_are_text(world: PanelWorld, admin: Browser) -> None:
    admin.post(f"{ADMIN}/agents", NEW | {"name": '<img src=x onerror="alert(1)">'})
    assert "<img src=x" not in admin.get(ADMIN).text


def test_the_log_says_who_changed_what(world: PanelWorld, admin: Browser) -> None:
    admin.post(f"{ADMIN}/agents/a-agent/role", {"role": "lead"})
    admin.post(f"{ADMIN}/agents/a-agent/lock")
    newest = [(entry.kind, entry.agent, entry.by) for _, entry in world.panel.audit.latest(2)]
    assert newest == [
        ("locked", "agent@example.org", "admin@example.org"), ("role", "agent@example.org", "admin@example.org"),
    ]  # fmt: skip
    page = admin.get(f"{ADMIN}/log").text
    assert "role changed: Lead" in page
    assert "account locked" in page


def test_older_entries_stand_on_further_pages(world: PanelWorld, admin: Browser) -> None:
    for _ in range(60):
        for role in ("lead", "agent"):
            world.panel.accounts.set_role(world.panel.agents.of("a-agent"), role, "test")
    older = re.search(r'href="([^"]+before=\d+)"', admin.get(f"{ADMIN}/log").text)
    assert older
    assert not re.search(r'href="[^"]+before=', admin.get(older[1]).text)


@pytest.mark.parametrize("role", ["agent", "lead"])
def test_the_menu_leads_nobody_else_there(world: PanelWorld, role: Role) -> None:
    assert f'href="{ADMIN}"' not in world.browser(role).get("/agent").text


def test_a_password_is_changed_by_who_knows_it(world: PanelWorld) -> None:
    browser, other = world.browser("agent"), world.browser("agent")
    browser.post("/agent/account/password", {"password": PASSWORD, "new_password": BETTER})
    assert (browser.get("/agent").status_code, other.get("/agent").status_code) == (200, 303)
    assert world.panel.sign_in.with_password("agent@example.org", BETTER, "192.0.2.1")


@pytest.mark.parametrize(
    ("password", "new", "told"),
    [
        ("wrong", BETTER, "The current password is not right."),
        (PASSWORD, "short", "at least 15 characters"),
        (PASSWORD, "passwordpassword", "easy to guess"),
        (PASSWORD, "agent@example.org", "easy to guess"),
        (PASSWORD, "long enough " * 50, "too long"),
    ],
)
def test_a_password_that_cannot_be_one_is_told(world: PanelWorld, password: str, new: str, told: str) -> None:
    browser = world.browser("agent")
    answer = browser.post("/agent/account/password", {"password": password, "new_password": new})
    assert answer.status_code == 422
    assert told in answer.text
    assert world.panel.sign_in.with_password("agent@example.org", PASSWORD, "192.0.2.1")


def test_the_present_password_cannot_be_guessed_there(world: PanelWorld) -> None:
    browser = world.browser("agent")
    form = {"password": "wrong", "new_password": BETTER}
    assert [browser.post("/agent/account/password", form).status_code for _ in range(6)] == [422] * 5 + [429]
