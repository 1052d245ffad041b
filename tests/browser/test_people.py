"""A person of the support team in the chat: who speaks, who writes, and that the assistant does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Route, expect

from eval.served import Served
from tests.browser.chat import Chat
from tests.browser.watched import Watched

JOINED = "Kari Nordmann has joined and answers you from here."


class Agent:
    """Kari, who works in the panel of a demo server."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._send("/agent/sign-in/demo", who="demo-kari")

    def did(self, chat: Chat, what: str, **given: str) -> None:
        """Press a button of the conversation's page."""
        self._send(f"/agent/c/{chat.state['id']}/{what}", **given)

    def writes(self, chat: Chat) -> None:
        """Press a key in the answer to the driver."""
        self._send("/agent/here", conversation=str(chat.state["id"]), typing="yes")

    def _send(self, path: str, **given: str) -> None:
        page = self._http.get("/agent", follow_redirects=True).text
        token = re.search(r'<meta name="csrf" content="([^"]*)"', page)
        assert token
        answer = self._http.post(path, data={"csrf": token[1], **given})
        assert answer.status_code == 303, answer.text


@pytest.fixture
def kari(server: Served) -> Iterator[Agent]:
    with httpx.Client(base_url=server.url) as http:
        yield Agent(http)


@pytest.fixture
def taken(chat: Chat, kari: Agent) -> Chat:
    """A chat that Kari has taken over."""
    chat.ask("hello")
    kari.did(chat, "join")
    expect(chat.log.locator(".told")).to_have_text(JOINED)
    return chat


def test_a_person_speaks_under_their_name(taken: Chat, kari: Agent) -> None:
    kari.did(taken, "say", text="I <b>look</b>.\nOne moment.", id="p-1")
    expect(taken.reply.locator(".bubble")).to_have_text("I <b>look</b>.\nOne moment.")
    expect(taken.reply.locator(".meta")).to_have_text(re.compile(r"^Kari Nordmann · \d\d:\d\d$"))
    expect(taken.reply.locator("> .hidden")).to_have_text("Kari Nordmann")
    expect(taken.replies.first.locator("> .hidden")).to_have_text("Assistant")
    expect(taken.status).to_have_text("I <b>look</b>.\nOne moment.")


def test_that_a_person_came_and_went_stands_in_the_middle_and_is_read_out(taken: Chat, kari: Agent) -> None:
    notice = taken.log.locator(".told")
    expect(taken.status).to_have_text(JOINED)
    box, log = notice.bounding_box(), taken.log.bounding_box()
    assert box
    assert log
    assert abs((box["x"] + box["width"] / 2) - (log["x"] + log["width"] / 2)) < 12
    expect(notice.locator(".bubble")).to_have_count(0)
    kari.did(taken, "leave")
    expect(notice.last).to_have_text("Kari Nordmann has left. You are talking to the assistant again.")
    taken.ask("where is my invoice?")


def test_what_is_written_to_a_person_is_sent_and_nobody_is_said_to_write(taken: Chat, kari: Agent) -> None:
    held: list[Route] = []
    taken.page.route("**/messages", lambda route: held.append(route))
    with taken.page.expect_request("**/messages"):
        taken.say("the cable is stuck")
    expect(taken.messages.last.locator(".meta")).to_have_text("Sending …")
    expect(taken.typing).to_be_hidden()
    with taken.page.expect_response("**/messages") as answer:
        held.pop().continue_()
    assert answer.value.status == 202
    expect(taken.messages.last.locator(".meta")).to_contain_text("Sent")
    assert taken.state["outbox"] == []
    expect(taken.typing).to_be_hidden()
    expect(taken.replies).to_have_count(1)


def test_it_is_said_who_writes_until_they_have_spoken(taken: Chat, kari: Agent) -> None:
    kari.writes(taken)
    expect(taken.typing).to_have_text("Kari Nordmann …")
    kari.did(taken, "say", text="Pull at the yellow loop.", id="p-2")
    expect(taken.replies).to_have_count(2)
    expect(taken.typing).to_be_hidden()


def test_after_a_reload_it_is_still_known_that_a_person_is_there(taken: Chat, watched: Watched) -> None:
    watched.network_may_fail = True
    taken.page.reload()
    expect(taken.log.locator(".told")).to_have_text(JOINED)
    taken.page.route("**/messages", lambda route: route.abort())
    with taken.page.expect_request("**/messages"):
        taken.say("are you there?")
    expect(taken.typing).to_be_hidden()
