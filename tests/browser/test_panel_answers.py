"""Answering in the panel by the keyboard: suggestions, canned replies and macros, an agent in nb and a driver in fr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import expect

from eval.served import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

CABLE = "mon câble est coincé dans la voiture"


@pytest.fixture(scope="module")
def desk(browser: Browser, shipped_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of its own, with agents."""
    folder = tmp_path_factory.mktemp("desk")
    own = {"PANEL": str(folder / "panel.db"), "REVIEW": str(folder / "review.jsonl")}
    with Served(folder, {"INDEX": str(shipped_root), "DEMO": "on", "LIMITS": "off", **own}) as one:
        yield one


class Driver:
    """Writes in French over REST."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        begun = self._client.post("/v1/conversations", json={"locale": "fr"})
        self.id = begun.raise_for_status().json()["id"]

    def writes(self, text: str) -> None:
        self._client.post(f"/v1/conversations/{self.id}/messages", json={"text": text}).raise_for_status()

    def happened(self, kind: str) -> list[dict[str, Any]]:
        events = self._client.get(f"/v1/conversations/{self.id}/events").raise_for_status().json()
        listed = events["events"] if isinstance(events, dict) else events
        return [each["happening"] for each in listed if each["happening"]["type"] == kind]


class Desk:
    """The page of a driver's conversation, which an agent who reads Norwegian has taken over."""

    def __init__(self, page: Page, url: str, driver: Driver) -> None:
        self.page = page
        page.goto(f"{url}/agent/sign-in")
        page.locator(".demo button").first.click()
        page.wait_for_url(f"{url}/agent")
        page.locator("#menu > summary").click()
        page.locator("#panel-language").select_option("nb")
        with page.expect_navigation():
            page.locator("#panel-language ~ button").click()
        page.goto(f"{url}/agent/c/{driver.id}")
        page.keyboard.press("t")
        page.locator("#say-form .primary:enabled").wait_for()

    @property
    def field(self) -> Locator:
        return self.page.locator("#say")

    def suggestion(self, number: int) -> Locator:
        return self.page.locator(f"#suggestion-{number}")


@pytest.fixture
def driver(desk: Served) -> Iterator[Driver]:
    with httpx.Client(base_url=desk.url, timeout=30) as client:
        yield Driver(client)


@pytest.fixture
def at(page: Page, desk: Served, driver: Driver) -> Desk:
    return Desk(page, desk.url, driver)


def test_a_suggestion_in_french_is_sent_by_keys_and_read_in_norwegian(
    at: Desk, driver: Driver, keep: Callable[[Page, str], None]
) -> None:
    driver.writes(CABLE)
    at.suggestion(1).wait_for()
    text = at.suggestion(1).text_content() or ""
    beside = at.page.locator(".suggestion .both > [lang=nb]").first
    assert text.startswith("Arrêtez la recharge")
    assert (beside.text_content() or "").startswith("Avslutt ladingen")
    keep(at.page, "suggested")
    at.page.keyboard.press("1")
    assert at.field.input_value() == text
    at.page.keyboard.press("Control+Enter")
    at.page.locator(".line.person").wait_for()
    (said,) = driver.happened("person_said")
    assert said["text"] == text.strip()
    assert (said["suggestion"]["used"], said["suggestion"]["distance"]) == ("article:fr/cable-stuck", 0)
    assert at.field.input_value() == ""


def test_with_alt_it_is_inserted_while_writing_and_undoing_brings_back_what_was_there(at: Desk, driver: Driver) -> None:
    driver.writes(CABLE)
    at.suggestion(1).wait_for()
    at.field.press_sequentially("Bonjour. ")
    at.page.keyboard.press("Alt+1")
    assert at.field.input_value() == "Bonjour. " + (at.suggestion(1).text_content() or "")
    at.page.keyboard.press("Control+z")
    assert at.field.input_value() == "Bonjour. "


def test_a_slash_opens_the_canned_replies_which_are_searched_and_chosen_by_keys(
    at: Desk, driver: Driver, keep: Callable[[Page, str], None]
) -> None:
    driver.writes(CABLE)
    at.field.press("/")
    at.page.locator("#canned li").first.wait_for()
    keep(at.page, "canned")
    at.page.keyboard.type("kontonummer")
    at.page.keyboard.press("Enter")
    assert at.field.input_value().startswith("Quel est votre numéro de compte")
    assert not at.page.locator("#canned").is_visible()


def test_a_slash_can_still_be_written(at: Desk) -> None:
    at.field.press("/")
    at.page.locator("#canned[open]").wait_for()
    at.page.keyboard.press("/")
    assert at.field.input_value() == "/"


def test_what_a_macro_does_is_seen_before_it_is_sent_and_happens_with_it(
    at: Desk, driver: Driver, keep: Callable[[Page, str], None]
) -> None:
    driver.writes(CABLE)
    at.field.focus()
    at.page.keyboard.press("Control+k")
    at.page.locator("#canned li").first.wait_for()
    at.page.keyboard.type("virker igjen")
    at.page.keyboard.press("ArrowDown")
    at.page.keyboard.press("Enter")
    at.page.locator("#macro", has_text="Lukker samtalen").wait_for()
    keep(at.page, "macro")
    assert driver.happened("closed") == []
    at.page.keyboard.press("Control+Enter")
    at.page.locator('form[action$="/reopen"]').wait_for()
    assert [each["why"] for each in driver.happened("closed")] == ["solved"]
    expect(at.page.locator("#macro")).to_be_hidden()


def test_a_macro_can_be_taken_off_again(at: Desk, driver: Driver) -> None:
    driver.writes(CABLE)
    at.field.press("/")
    at.page.locator("#canned li").first.wait_for()
    at.page.locator("#canned li [data-macro=works-again]").click()
    at.page.locator("[data-no-macro]").click()
    at.page.locator("#macro").wait_for(state="hidden")
    at.page.keyboard.press("Control+Enter")
    at.page.locator(".line.person").wait_for()
    assert driver.happened("closed") == []


def test_text_and_macro_survive_a_reload(at: Desk, driver: Driver) -> None:
    driver.writes(CABLE)
    at.field.press("/")
    at.page.locator("#canned li").first.wait_for()
    at.page.locator("#canned li [data-macro=works-again]").click()
    text = at.field.input_value()
    at.page.reload()
    at.page.locator("#macro", has_text="Lukker samtalen").wait_for()
    assert (text != "", at.field.input_value()) == (True, text)


def test_an_emptied_field_begins_from_nothing(at: Desk, driver: Driver) -> None:
    driver.writes(CABLE)
    at.suggestion(1).wait_for()
    at.page.keyboard.press("1")
    at.field.fill("")
    at.field.press_sequentially("Je regarde.")
    at.page.keyboard.press("Control+Enter")
    at.page.locator(".line.person").wait_for()
    (said,) = driver.happened("person_said")
    assert said["suggestion"]["used"] is None
    assert "article:fr/cable-stuck" in said["suggestion"]["offered"]
