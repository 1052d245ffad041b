"""What a conversation looks like: texts, steps, buttons, sources, cards, states."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from eval.served import Served
from tests.browser.chat import Chat, World
from tests.browser.conftest import NewContext
from tests.browser.watched import Watched

STEPS = "how do I top up my account?"
ELEVEN = 11


def test_the_first_line_says_that_nobody_human_speaks(chat: Chat) -> None:
    first = chat.log.locator(".list > *").first
    expect(first).to_have_text("You are talking to an automatic assistant.")
    chat.ask("hello")
    expect(first).to_have_text("You are talking to an automatic assistant.")


def test_an_example_begins_the_conversation(chat: Chat) -> None:
    chat.answered(chat.button("Where is my invoice?").click)
    expect(chat.messages).to_have_text([re.compile("Where is my invoice?")])
    expect(chat.log.get_by_text("What is the matter?")).to_be_hidden()


def test_steps_are_a_checklist_whose_ticks_survive_a_reload(chat: Chat) -> None:
    answer = chat.ask(STEPS)
    boxes = answer.get_by_role("checkbox")
    assert boxes.count() >= 2
    answer.locator(".steps label").first.click()
    expect(boxes.first).to_be_checked()
    chat.page.reload()
    expect(chat.reply.get_by_role("checkbox").first).to_be_checked()
    expect(chat.reply.get_by_role("checkbox").nth(1)).not_to_be_checked()


def test_sources_open(chat: Chat) -> None:
    answer = chat.ask(STEPS)
    title = answer.locator(".sources strong").first
    expect(title).to_be_hidden()
    answer.get_by_text("Source", exact=True).click()
    expect(title).to_be_visible()
    expect(answer.locator(".sources li").first).to_contain_text("English")


def test_choices_are_tapped_once_and_then_gone(chat: Chat) -> None:
    offered = chat.ask("station 7781 is dead, nothing happens")
    choice = offered.locator(".choices button").first
    label = choice.inner_text()
    chat.answered(choice.click)
    expect(chat.messages.last).to_contain_text(label)
    expect(offered.locator(".choices")).to_be_hidden()


def test_a_reading_is_marked_as_live(chat: Chat) -> None:
    answer = chat.ask("is station 4521 free?")
    expect(answer.locator(".chip")).to_have_text(re.compile(r"^Live · \d\d:\d\d$"))


def test_typing_is_shown_until_the_answer_is_there(chat: Chat) -> None:
    held: list[Route] = []
    chat.page.route("**/messages", lambda route: held.append(route))
    with chat.page.expect_request("**/messages"):
        chat.say("hello")
    expect(chat.typing).to_be_visible()
    expect(chat.typing).to_contain_text("Assistant")
    expect(chat.messages.last.locator(".meta")).to_have_text("Sending …")
    held.pop().continue_()
    expect(chat.replies).to_have_count(1)
    expect(chat.typing).to_be_hidden()
    expect(chat.messages.last.locator(".meta")).to_contain_text("Sent")


def test_what_the_server_refuses_can_be_tried_again(chat: Chat, watched: Watched) -> None:
    watched.network_may_fail = True
    chat.ask("hello")
    chat.page.route("**/messages", lambda route: route.fulfill(status=422, json={"title": "no", "status": 422}))
    chat.say("bilen lader ikke")
    expect(chat.messages.last).to_contain_text("Not sent")
    expect(chat.status).to_have_text("Not sent")
    chat.page.unroute("**/messages")
    chat.answered(chat.button("Try again").click)
    assert chat.kept.messages == ["hello", "bilen lader ikke"]


def test_what_is_too_long_comes_back_to_be_shortened(chat: Chat, watched: Watched) -> None:
    watched.network_may_fail = True
    chat.page.route("**/messages", lambda route: route.fulfill(status=413, json={"title": "no", "status": 413}))
    chat.say("far too long")
    expect(chat.messages.last).to_contain_text("The message is too long.")
    chat.button("Edit").click()
    expect(chat.field).to_have_value("far too long")
    expect(chat.messages).to_have_count(0)


def test_days_are_kept_apart(chat: Chat) -> None:
    chat.ask("hello")
    days = chat.log.locator(".day")
    expect(days).to_have_text(["Today"])
    tomorrow = datetime.now().astimezone() + timedelta(days=1)
    chat.page.clock.set_fixed_time(tomorrow)
    chat.page.reload()
    expect(days).to_have_text(["Yesterday"])
    chat.page.route("**/messages", lambda _: None)
    chat.say("the next day")
    expect(days).to_have_text(["Yesterday", "Today"])


def test_a_person_is_one_tap_away(chat: Chat) -> None:
    answer = chat.answered(chat.button("Talk to a person").click)
    expect(answer).to_contain_text(re.compile("person|support|colleague", re.IGNORECASE))
    assert chat.kept.said[0]["message"]["choice"] == {"kind": "command", "value": "person"}


def test_a_thumb_says_whether_an_answer_helped_and_the_last_counts(chat: Chat) -> None:
    chat.ask(STEPS)
    for name in ("Yes", "No"):
        with chat.page.expect_response("**/feedback") as taken:
            chat.reply.get_by_role("button", name=name, exact=True).click()
        assert taken.value.ok
    expect(chat.reply.get_by_role("button", name="No", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(chat.reply.get_by_role("button", name="Yes", exact=True)).to_have_attribute("aria-pressed", "false")


def test_thanks_at_the_end_ask_for_stars(chat: Chat) -> None:
    chat.ask(STEPS)
    chat.ask("thank you, that worked")
    card = chat.log.locator("form.rating")
    card.locator(".star").nth(3).click()
    card.get_by_role("textbox").fill("quick")
    with chat.page.expect_request("**/rating") as sent:
        card.get_by_role("button", name="Send").click()
    assert sent.value.post_data_json == {"stars": 4, "comment": "quick"}
    expect(chat.notices).to_contain_text("Thank you!")
    expect(card).to_be_hidden()


def test_the_transcript_is_saved(chat: Chat) -> None:
    chat.ask("is station 4521 free?")
    with chat.page.expect_download() as saving:
        chat.more().get_by_text("Save transcript").click()
    text = saving.value.path().read_text(encoding="utf-8")
    assert "is station 4521 free?" in text


def test_a_new_beginning_is_asked_for_twice_and_forgets_what_was_said(chat: Chat) -> None:
    chat.ask("hello")
    before = chat.state["id"]
    chat.more().get_by_role("button", name="Start again").click()
    expect(chat.messages).to_have_count(1)
    chat.menu.get_by_role("button", name="Start again").click()
    expect(chat.messages).to_have_count(0)
    expect(chat.log.get_by_text("What is the matter?")).to_be_visible()
    chat.ask("hello")
    assert chat.state["id"] != before


def test_another_language_is_chosen_in_the_menu(chat: Chat) -> None:
    chat.ask(STEPS)
    languages = chat.more().get_by_role("combobox")
    assert languages.locator("option").count() == ELEVEN
    languages.select_option("fr")
    expect(chat.field).to_have_attribute("placeholder", "Votre message")
    answer = chat.ask("ok")
    assert chat.kept.replies[-1]["language"] == "fr", answer.inner_text()
    chat.page.reload()
    expect(chat.field).to_have_attribute("placeholder", "Votre message")


@pytest.mark.parametrize(
    ("language", "line", "heading"),
    [("nb-NO", "bilen lader ikke", "Hjelp"), ("de-CH", "mein Auto lädt nicht", "Hilfe")],
)
def test_a_browser_in_another_language_gets_a_chat_in_it(
    new_context: NewContext, server: Served, world: World, language: str, line: str, heading: str
) -> None:
    chat = Chat.on(new_context(locale=language).new_page(), server.url).opened()
    expect(chat.panel.get_by_role("heading").first).to_contain_text(heading)
    chat.ask(line)
    assert chat.kept.replies[-1]["language"] == language[:2]


def test_danger_is_an_alarm_and_comes_before_all_else(chat: Chat) -> None:
    answer = chat.ask("there is smoke coming out of the charger")
    expect(answer).to_have_class(re.compile("urgent"))
    expect(answer).to_contain_text("Important")
    expect(chat.alarm).not_to_be_empty()


def test_the_unread_badge_counts_what_came_while_closed(chat: Chat) -> None:
    chat.ask("hello")
    chat.button("Close").click()
    chat.kept.say("is station 4521 free?")
    expect(chat.badge).to_have_text("1")
    expect(chat.launcher).to_have_accessible_name(re.compile("New messages: 1"))
    chat.opened()
    expect(chat.badge).to_be_hidden()


def test_a_reply_in_the_middle_of_reading_is_announced_once(chat: Chat) -> None:
    answer = chat.ask("hello")
    expect(chat.status).to_have_text(chat.kept.replies[-1]["text"])
    expect(answer).to_be_visible()
    chat.page.reload()
    expect(chat.replies).to_have_count(1)
    expect(chat.status).to_be_empty()


def test_nobody_can_reach_the_chat_without_a_name(page: Page, server: Served, world: World) -> None:
    chat = Chat.on(page, server.url)
    expect(chat.launcher).to_have_accessible_name("Help with charging")
    expect(chat.opened().panel).to_have_accessible_name("Help with charging")
