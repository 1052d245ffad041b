"""Signing in to the panel over its pages: well, badly, and with bad intent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.conversation import Conversations
from bot.panel.web import cookies
from bot.panel.web.login import within_panel
from tests.bot.panel.browsers import PASSWORD, Browser, PanelWorld, a_panel, an_app
from tests.doubles import SteppingClock

SIGN_IN = "/agent/sign-in"
WRONG = "not the password at all"


def signing_in(browser: Browser, email: str = "agent@example.org", password: str = PASSWORD, **more: Any) -> Any:
    return browser.post(SIGN_IN, {"email": email, "password": password} | more, SIGN_IN)


def is_in(browser: Browser) -> bool:
    return browser.get("/agent").status_code == 200


def test_who_is_not_signed_in_is_led_to_the_form_and_back(world: PanelWorld) -> None:
    browser = world.browser()
    answer = browser.get("/agent?open=1&by=age")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        "/agent/sign-in?next=%2Fagent%3Fopen%3D1%26by%3Dage",
    )
    assert 'value="/agent?open=1&amp;by=age"' in browser.get(answer.headers["Location"]).text
    entered = signing_in(browser, next="/agent?open=1&by=age")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/agent?open=1&by=age")
    assert is_in(browser)


@pytest.mark.parametrize("email", ["AGENT@Example.org", "  agent@example.org "])
def test_an_address_is_the_same_in_any_case(world: PanelWorld, email: str) -> None:
    browser = world.browser()
    assert signing_in(browser, email).status_code == 303


def test_the_script_is_told_and_no_page_is_shown(world: PanelWorld) -> None:
    answer = world.browser().fragment("/agent", "welcome")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")


@pytest.mark.parametrize(
    ("email", "password"), [("agent@example.org", WRONG), ("nobody@example.org", PASSWORD), ("x" * 300, WRONG)]
)
def test_what_does_not_match_is_refused_in_the_same_words(world: PanelWorld, email: str, password: str) -> None:
    browser = world.browser()
    answer = signing_in(browser, email, password)
    assert answer.status_code == 401
    assert "Check the address and the password." in answer.text
    assert f'value="{email}"' in answer.text
    assert password not in answer.text
    assert not is_in(browser)


def test_empty_fields_are_asked_for(world: PanelWorld) -> None:
    answer = signing_in(world.browser(), "", "")
    assert answer.status_code == 422
    assert "Fill in" in answer.text


def test_a_locked_account_is_refused_like_a_wrong_password(world: PanelWorld) -> None:
    world.panel.accounts.lock(world.panel.agents.of("a-agent"), "test")
    assert signing_in(world.browser()).status_code == 401


def test_markup_in_what_was_typed_stays_text(world: PanelWorld) -> None:
    answer = signing_in(world.browser(), '"><script>alert(1)</script>', WRONG)
    assert "<script>alert" not in answer.text


def test_a_new_session_begins_at_each_sign_in_and_the_one_before_ends(world: PanelWorld) -> None:
    browser = world.browser()
    browser.plant("session", "planted-by-somebody-else")
    signing_in(browser)
    first = browser.cookie("session")
    assert first not in (None, "planted-by-somebody-else")
    assert world.panel.sign_in.who("planted-by-somebody-else") is None
    again = world.panel.sign_in.with_password("agent@example.org", PASSWORD, "192.0.2.1", leaving=first)
    assert world.panel.sign_in.who(again) is not None
    assert world.panel.sign_in.who(str(first)) is None


def set_cookies(answer: Any) -> dict[str, Any]:
    found: SimpleCookie = SimpleCookie()
    for each in answer.headers.get_list("set-cookie"):
        found.load(each)
    return dict(found)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(world: PanelWorld) -> None:
    morsel = set_cookies(signing_in(world.browser()))["plugdesk-session"]
    assert (morsel["httponly"], morsel["samesite"], morsel["secure"], morsel["domain"]) == (True, "lax", "", "")


def test_over_https_cookies_are_secure_and_of_this_host_alone(world: PanelWorld) -> None:
    with TestClient(world.app, base_url="https://testserver") as client:
        morsel = set_cookies(signing_in(Browser(client)))["__Host-plugdesk-session"]
    assert (morsel["httponly"], morsel["secure"], morsel["path"]) == (True, True, "/")


def test_after_too_many_attempts_even_the_right_password_has_to_wait(world: PanelWorld) -> None:
    browser = world.browser()
    assert [signing_in(browser, password=WRONG).status_code for _ in range(5)] == [401] * 5
    answer = signing_in(browser)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert "too often" in answer.text
    assert signing_in(browser, "lead@example.org").status_code == 303


def test_the_session_in_the_file_opens_nothing(world: PanelWorld) -> None:
    browser = world.browser("agent")
    secret = str(browser.cookie("session"))
    session = world.panel.sessions.of(secret)
    assert session is not None
    assert secret not in session.model_dump_json()
    assert world.panel.sign_in.who(session.id) is None


def test_a_session_ends_when_nothing_was_done_for_an_hour(world: PanelWorld, clock: SteppingClock) -> None:
    browser = world.browser("agent")
    clock.pass_by(timedelta(minutes=50))
    assert is_in(browser)
    clock.pass_by(timedelta(minutes=50))
    assert is_in(browser)
    clock.pass_by(timedelta(minutes=61))
    assert not is_in(browser)


def test_what_a_page_fetches_by_itself_keeps_nobody_signed_in(world: PanelWorld, clock: SteppingClock) -> None:
    browser = world.browser("agent")
    clock.pass_by(timedelta(minutes=50))
    assert browser.fragment("/agent", "welcome").status_code == 200
    clock.pass_by(timedelta(minutes=11))
    assert browser.fragment("/agent", "welcome").status_code == 401


def test_a_session_ends_after_a_shift_whatever_is_done(world: PanelWorld, clock: SteppingClock) -> None:
    browser = world.browser("agent")
    for _ in range(14):
        clock.pass_by(timedelta(minutes=50))
        browser.get("/agent")
    clock.pass_by(timedelta(minutes=30))
    assert not is_in(browser)


def test_signing_out_ends_the_session_itself(world: PanelWorld) -> None:
    browser, other = world.browser("agent"), world.browser("agent")
    secret = str(browser.cookie("session"))
    assert browser.post("/agent/sign-out").headers["Location"] == SIGN_IN
    assert world.panel.sign_in.who(secret) is None
    assert is_in(other)


def test_signing_out_everywhere_ends_every_session_of_the_agent_alone(world: PanelWorld) -> None:
    browsers, lead = [world.browser("agent"), world.browser("agent")], world.browser("lead")
    browsers[0].post("/agent/sign-out", {"everywhere": "yes"})
    assert [is_in(each) for each in (*browsers, lead)] == [False, False, True]


@pytest.mark.parametrize("token", ["", "0" * 64, "é"], ids=["missing", "wrong", "no letters"])
def test_a_form_of_another_site_does_nothing(world: PanelWorld, token: str) -> None:
    browser = world.browser("agent")
    assert browser.post("/agent/sign-out", {"csrf": token}).status_code == 403
    assert is_in(browser)


def test_the_token_of_another_session_does_nothing(world: PanelWorld) -> None:
    browser, other = world.browser("agent"), world.browser("lead")
    assert browser.post("/agent/sign-out", {"csrf": other.token()}).status_code == 403


def test_a_token_may_come_in_a_header(world: PanelWorld) -> None:
    browser = world.browser("agent")
    answer = browser.client.post("/agent/sign-out", headers={"X-CSRF-Token": browser.token()}, follow_redirects=False)
    assert answer.status_code == 303


def test_nobody_is_signed_in_by_a_form_of_another_site(world: PanelWorld) -> None:
    browser = world.browser()
    answer = browser.client.post(SIGN_IN, data={"email": "agent@example.org", "password": PASSWORD, "csrf": ""})
    assert answer.status_code == 403
    assert not is_in(browser)


def test_a_form_that_comes_after_the_session_has_ended_gives_back_what_was_typed(world: PanelWorld) -> None:
    browser = world.browser("agent")
    form = {"csrf": browser.token(), "text": "<b>Dear driver</b>", "new_password": "do-not-show"}
    world.panel.sessions.end_all("a-agent")
    answer = browser.client.post("/agent/language", data=form)
    assert answer.status_code == 401
    assert "&lt;b&gt;Dear driver&lt;/b&gt;" in answer.text
    assert "do-not-show" not in answer.text


@pytest.mark.parametrize(("by", "stays"), [("here", False), ("typing", True)])
def test_an_open_page_keeps_nobody_signed_in_but_typing_in_it_does(
    world: PanelWorld, clock: SteppingClock, by: str, stays: bool
) -> None:
    browser = world.browser("agent")
    given = {"csrf": browser.token(), "typing": "yes" if by == "typing" else ""}
    clock.pass_by(timedelta(minutes=50))
    answer = browser.client.post("/agent/here", data=given, headers={"X-Fragment": by})
    assert answer.status_code == 200
    clock.pass_by(timedelta(minutes=11))
    assert (browser.fragment("/agent/session", "session").status_code == 200) is stays


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example/agent", "/\\evil.example", "\\agent", "/agentx", "/v1/demo",
        "javascript:x", "/agent/../v1", "/agent\n/x", "http:///agent", " /agent", "", "https://[",
    ],
)  # fmt: skip
def test_nobody_is_led_out_of_the_panel(world: PanelWorld, wanted: str) -> None:
    assert within_panel(wanted) == "/agent"
    assert signing_in(world.browser(), next=wanted).headers["Location"] == "/agent"


@pytest.mark.parametrize("wanted", ["/agent", "/agent/admin?before=3", "/agent/c/abc#last"])
def test_pages_of_the_panel_may_be_gone_on_to(wanted: str) -> None:
    assert within_panel(wanted) == wanted


def test_a_notice_is_shown_once(world: PanelWorld) -> None:
    browser = world.browser("agent")
    browser.post("/agent/sign-out")
    assert "You are signed out." in browser.get(SIGN_IN).text
    assert "You are signed out." not in browser.get(SIGN_IN).text


@pytest.mark.parametrize("planted", ["bm8=", "%%%", cookies.packed({"text": "<script>alert(1)</script>"})])
def test_a_planted_notice_is_text_at_most(world: PanelWorld, planted: str) -> None:
    browser = world.browser()
    browser.plant("notice", planted)
    page = browser.get(SIGN_IN)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_the_language_is_the_accounts(world: PanelWorld) -> None:
    browser = world.browser("agent")
    browser.post("/agent/language", {"language": "nb", "next": "/agent"})
    assert '<html lang="nb"' in browser.get("/agent").text
    assert world.panel.agents.of("a-agent").language == "nb"


def test_before_that_it_is_the_browsers(world: PanelWorld) -> None:
    assert '<html lang="fr"' in world.browser().get(SIGN_IN, headers={"Accept-Language": "fr-CH, en;q=0.5"}).text


@pytest.mark.parametrize(("theme", "shown"), [("dark", "dark"), ("pink", "auto")])
def test_the_theme_is_kept_in_the_browser(world: PanelWorld, theme: str, shown: str) -> None:
    browser = world.browser()
    browser.post("/agent/theme", {"theme": theme}, SIGN_IN)
    assert f'data-theme="{shown}"' in browser.get(SIGN_IN).text


def test_where_nobody_can_sign_in_the_page_says_how_to_make_an_account(world: PanelWorld, empty: Browser) -> None:
    assert "plugdesk agents add" not in world.browser().get(SIGN_IN).text
    assert "plugdesk agents add" in empty.get(SIGN_IN).text


def test_it_is_written_down_who_signed_in_and_who_was_refused(world: PanelWorld) -> None:
    browser = world.browser()
    signing_in(browser, password=WRONG)
    signing_in(browser, "my-secret-typed-in-the-wrong-field", WRONG)
    signing_in(browser)
    browser.post("/agent/sign-out")
    entries = [entry for _, entry in world.panel.audit.latest(10)]
    told = [(entry.kind, entry.agent) for entry in reversed(entries)]
    assert told == [
        ("refused", "agent@example.org"), ("refused", None), ("signed_in", "agent@example.org"),
        ("signed_out", "agent@example.org"),
    ]  # fmt: skip
    assert entries[0].address == "testclient"


@pytest.fixture
def empty(small_talks: Conversations, small_base: Path, clock: SteppingClock) -> Iterator[Browser]:
    """A browser at a server that has no account yet."""
    with TestClient(an_app(a_panel(small_talks, clock, roles=()), small_talks, small_base)) as client:
        yield Browser(client)


@pytest.fixture
def demo(demo_world: PanelWorld) -> Iterator[Browser]:
    yield demo_world.browser()


def test_a_demo_server_lets_its_people_in_by_one_click(demo: Browser) -> None:
    assert "This is a demo server" in demo.get(SIGN_IN).text
    assert demo.post("/agent/sign-in/demo", {"who": "demo-luc"}, SIGN_IN).status_code == 303
    assert '<html lang="fr"' in demo.get("/agent").text


def test_nobody_else_is_let_in_so(demo: Browser) -> None:
    assert demo.post("/agent/sign-in/demo", {"who": "a-admin"}, SIGN_IN).status_code == 401
    assert not is_in(demo)


def test_no_other_server_has_them(world: PanelWorld) -> None:
    browser = world.browser()
    assert "demo" not in browser.get(SIGN_IN).text
    assert browser.post("/agent/sign-in/demo", {"who": "demo-luc"}, SIGN_IN).status_code == 404


def test_a_demo_agent_is_out_once_the_server_is_no_demo_any_more(world: PanelWorld) -> None:
    known = world.panel.agents.of("a-agent")
    browser = world.browser("agent")
    world.panel.agents.save(known.model_copy(update={"demo": True}))
    assert not is_in(browser)
