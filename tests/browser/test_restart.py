"""The server is killed in mid-conversation and started again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from eval.served import Served
from tests.browser.chat import Chat
from tests.browser.watched import Watched


@pytest.fixture
def mortal(server: Served) -> Iterator[Served]:
    """The server that all share; it lives again afterwards, whatever became of the test."""
    yield server
    server.kill()
    server.start()


def test_a_conversation_survives_that_the_server_is_killed(page: Page, mortal: Served, watched: Watched) -> None:
    watched.network_may_fail = True
    chat = Chat.on(page, mortal.url).opened()
    chat.ask("station 7781 is dead, nothing happens")
    mortal.kill()
    chat.say("are you still there?")
    expect(chat.messages.last.locator(".meta")).to_have_text("Not sent")
    expect(chat.notices).to_have_text("No connection. What you write is sent later.")
    mortal.start()
    expect(chat.replies).to_have_count(2)
    expect(chat.notices).to_have_count(0)
    chat.ask("is station 4521 free?")
    assert chat.kept.messages == [
        "station 7781 is dead, nothing happens",
        "are you still there?",
        "is station 4521 free?",
    ]


def test_a_conversation_that_the_server_forgot_begins_anew_and_says_so(
    page: Page, mortal: Served, watched: Watched
) -> None:
    watched.network_may_fail = True
    chat = Chat.on(page, mortal.url).opened()
    chat.ask("hello")
    mortal.kill()
    for file in mortal.folder.glob("talks.db*"):
        file.unlink()
    chat.say("is station 4521 free?")
    mortal.start()
    expect(chat.notices.last).to_contain_text("A new conversation begins.")
    expect(chat.replies).to_have_count(1)
    assert chat.kept.messages == ["is station 4521 free?"]
