"""Actions: a card asks before anything runs, it runs once, and what comes of it arrives unasked."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chat import Chat, World

RESTART = "restart charger 310244"


def signed_in(chat: Chat, user: str = "ane") -> Chat:
    with chat.page.expect_response("**/v1/demo/token"):
        chat.page.get_by_label("Signed in as").select_option(user)
    return chat


def test_a_restart_is_confirmed_on_a_card_that_says_until_when(chat: Chat) -> None:
    signed_in(chat).ask(RESTART)
    expect(chat.card).to_have_accessible_name("Please confirm")
    expect(chat.card).to_contain_text("310244")
    expect(chat.card).to_contain_text(re.compile(r"Valid until \d\d:\d\d"))
    assert chat.kept.events("acted") == []


def test_a_double_click_on_yes_reports_once(chat: Chat) -> None:
    chat.ask("I want to report that station 4521 has a broken screen")
    chat.answered(chat.button("Continue without").click)
    card = chat.card
    chat.answered(card.locator(".primary").dblclick)
    expect(card.get_by_role("button")).to_have_count(0)
    assert len(chat.kept.messages) == 3
    assert len(chat.kept.events("acted")) == 1


def test_a_no_runs_nothing(chat: Chat) -> None:
    signed_in(chat).ask(RESTART)
    chat.answered(chat.card.locator("button:not(.primary)").first.click)
    assert chat.kept.events("acted") == []


def test_a_card_that_is_over_cannot_be_answered(chat: Chat) -> None:
    signed_in(chat).ask(RESTART)
    proposed = next(part for part in chat.kept.replies[-1]["parts"] if part["type"] == "confirmation")
    chat.page.clock.set_fixed_time(proposed["expires_at"])
    chat.page.reload()
    expect(chat.card).to_contain_text("No longer valid")
    expect(chat.card.get_by_role("button")).to_have_count(0)


def test_that_the_charger_is_back_comes_unasked(chat: Chat, world: World) -> None:
    signed_in(chat).ask(RESTART)
    chat.answered(chat.card.locator(".primary").click)
    told = chat.answered(lambda: [world.change(f"charger 310244 --{state}") for state in ("offline", "online")])
    expect(told).to_contain_text("310244")
    expect(told).to_contain_text("back")


def test_what_the_page_changes_in_the_world_is_what_the_chat_reads(chat: Chat) -> None:
    chat.ask("is station 4521 free?")
    chat.page.get_by_role("button", name="Break it").click()
    expect(chat.page.get_by_text("Done. Ask in the chat now.")).to_be_visible()
    expect(chat.page.locator(".station", has_text="4521").locator(".state")).to_have_text("Out of order")
    answer = chat.ask("look again")
    assert any("faulted" in str(part["origin"]) for part in chat.kept.replies[-1]["parts"]), answer.inner_text()


def test_the_picked_station_is_what_the_chat_talks_about(chat: Chat) -> None:
    chat.page.locator(".station", has_text="7781").click()
    answer = chat.ask("is this station free?")
    expect(answer).to_contain_text("7781")


def test_who_signs_in_goes_on_and_who_signs_out_leaves_nothing(chat: Chat) -> None:
    chat.ask("hello")
    signed_in(chat)
    expect(chat.messages).to_have_count(1)
    chat.ask(RESTART)
    expect(chat.card).to_be_visible()
    chat.page.get_by_label("Signed in as").select_option("")
    expect(chat.messages).to_have_count(0)
