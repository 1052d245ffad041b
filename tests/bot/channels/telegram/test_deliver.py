"""Replies as Telegram shows them, each call checked against its documentation; and what comes of errors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.channels.messengers.ports import Failed, OutboundMessage
from bot.channels.messengers.telegram.api import hide_tokens
from bot.channels.messengers.telegram.messenger import Telegram
from bot.replies.catalogues import Templates
from tests.bot.channels.replies_sent import button, said, said_by_person
from tests.bot.channels.telegram.conftest import run
from tests.bot.channels.telegram.schema import InlineKeyboardMarkup, ReplyKeyboardMarkup
from tests.bot.channels.telegram.standin import BLOCKED, TOKEN, TOO_MANY, TelegramStandin, Trouble

Deliver = Callable[[OutboundMessage], Failed | None]


@pytest.fixture
def deliver(bot: Telegram, client: Callable[[], httpx.AsyncClient]) -> Deliver:
    def delivered(message: OutboundMessage) -> Failed | None:
        async def main() -> Failed | None:
            async with client() as http:
                return await bot.deliver(message, http)

        failed: Failed | None = run(main)
        return failed

    return delivered


def keyboard(telegram: TelegramStandin) -> list[list[tuple[str, str | None]]]:
    markup = telegram.shown[-1].reply_markup
    assert isinstance(markup, InlineKeyboardMarkup)
    return [[(each.text, each.callback_data) for each in row] for row in markup.inline_keyboard]


def test_a_reply_is_shown_as_it_is(deliver: Deliver, telegram: TelegramStandin) -> None:
    assert deliver(said("Look at *the* <b>display</b>_of_4521.")) is None
    (shown,) = telegram.shown
    assert (shown.chat_id, shown.text, shown.parse_mode) == (4711, "Look at *the* <b>display</b>_of_4521.", None)
    assert shown.reply_markup is None


def test_quick_replies_are_buttons(deliver: Deliver, telegram: TelegramStandin) -> None:
    deliver(said("Restart it?", button("Yes", "answer", "yes:5f0c"), button("No", "answer", "no:5f0c")))
    assert keyboard(telegram) == [[("Yes", "a:yes:5f0c")], [("No", "a:no:5f0c")]]


def test_a_choice_too_long_for_a_button_is_its_label(deliver: Deliver, telegram: TelegramStandin) -> None:
    assert deliver(said("Which?", button("Bahnhof", value="ü" * 64))) is None
    assert keyboard(telegram) == [[("Bahnhof", "=Bahnhof")]]


def test_a_long_reply_is_several_messages_with_the_buttons_below_the_last(
    deliver: Deliver, telegram: TelegramStandin
) -> None:
    text = "\n\n".join(f"{number}. " + "Ladekabel prüfen 🔌 " * 60 for number in range(12))
    assert deliver(said(text, button("Done"))) is None
    assert len(telegram.shown) > 2
    assert [each.reply_markup is not None for each in telegram.shown] == [False] * (len(telegram.shown) - 1) + [True]
    assert "".join("".join(each.text for each in telegram.shown).split()) == "".join(text.split())


def test_where_the_place_is_asked_for_a_button_sends_it(deliver: Deliver, telegram: TelegramStandin) -> None:
    deliver(said("Wo stehen Sie?", button("Lieber nicht"), expects="location", language="de"))
    markup = telegram.shown[0].reply_markup
    assert isinstance(markup, ReplyKeyboardMarkup)
    assert [[(each.text, each.request_location) for each in row] for row in markup.keyboard] == [
        [("Meinen Standort teilen", True)], [("Lieber nicht", None)],
    ]  # fmt: skip


def test_a_yes_stays_bound_to_its_proposal_even_where_a_place_is_asked_for(
    deliver: Deliver, telegram: TelegramStandin
) -> None:
    deliver(said("File it?", button("Yes", "answer", "yes:5f0c"), expects="location"))
    assert keyboard(telegram) == [[("Yes", "a:yes:5f0c")]]


def test_who_blocked_the_bot_is_not_tried_again(deliver: Deliver, telegram: TelegramStandin) -> None:
    telegram.troubles = [BLOCKED]
    failed = deliver(said("Hello"))
    assert failed == Failed("sendMessage: 403 Forbidden: bot was blocked by the user", final=True)


def test_a_chat_that_is_not_there_is_not_tried_again(deliver: Deliver) -> None:
    failed = deliver(said("Hello", recipient="99"))
    assert failed == Failed("sendMessage: 400 Bad Request: chat not found", final=True)


def test_telegram_says_how_long_to_wait(deliver: Deliver, telegram: TelegramStandin) -> None:
    telegram.troubles = [TOO_MANY]
    failed = deliver(said("Hello"))
    assert failed
    assert (failed.final, failed.wait) == (False, timedelta(seconds=7))


def test_it_cannot_be_put_off_for_good(deliver: Deliver, telegram: TelegramStandin) -> None:
    telegram.troubles = [Trouble("sendMessage", 429, "Too Many Requests", 10**12)]
    failed = deliver(said("Hello"))
    assert failed
    assert failed.wait == timedelta(hours=1)


@pytest.mark.parametrize("code", [401, 404, 409, 500, 502])
def test_what_the_operator_or_time_can_mend_is_tried_again(
    deliver: Deliver, telegram: TelegramStandin, code: int
) -> None:
    telegram.troubles = [Trouble("sendMessage", code, "Nothing")]
    failed = deliver(said("Hello"))
    assert failed
    assert not failed.final


def test_another_attempt_goes_on_where_the_last_one_broke_off(deliver: Deliver, telegram: TelegramStandin) -> None:
    text = "\n\n".join(letter * 3000 for letter in "abc")
    telegram.troubles = [replace(TOO_MANY, after=1)]
    assert deliver(said(text)) is not None
    assert deliver(said(text)) is None
    assert [each.text[0] for each in telegram.shown] == ["a", "b", "c"]
    assert telegram.calls == ["sendMessage"] * 4


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ReadTimeout("slow")])
def test_no_error_tells_the_token(bot: Telegram, caplog: pytest.LogCaptureFixture, error: Exception) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise type(error)(f"cannot reach {request.url}")

    async def main() -> Failed | None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(broken)) as http:
            return await bot.deliver(said("Hello"), http)

    failed = run(main)
    assert failed == Failed(f"sendMessage: {type(error).__name__}")
    assert TOKEN not in caplog.text


def test_no_log_of_requests_tells_the_token(
    deliver: Deliver, telegram: TelegramStandin, caplog: pytest.LogCaptureFixture
) -> None:
    hide_tokens()
    with caplog.at_level(logging.DEBUG, logger="httpx"):
        deliver(said("Hello"))
    assert "/bot***/sendMessage" in caplog.text
    assert TOKEN not in caplog.text
    assert TOKEN.split(":")[1] not in caplog.text


def test_a_page_of_a_proxy_is_no_answer(bot: Telegram) -> None:
    async def main() -> Failed | None:
        page = httpx.MockTransport(lambda request: httpx.Response(200, text="<html>sign in</html>"))
        async with httpx.AsyncClient(transport=page) as http:
            return await bot.deliver(said("Hello"), http)

    assert run(main) == Failed("sendMessage: HTTP 200, not the Bot API's answer")


def test_a_redirect_is_not_followed(bot: Telegram) -> None:
    had: list[str] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        had.append(request.url.host)
        return httpx.Response(307, headers={"Location": "https://evil.example/"})

    async def main() -> Failed | None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(elsewhere)) as http:
            return await bot.deliver(said("Hello"), http)

    assert run(main) is not None
    assert had == ["127.0.0.1"]


def test_a_person_is_named_since_the_bot_is_shown_for_all(
    deliver: Deliver, bot: Telegram, telegram: TelegramStandin, templates: Templates
) -> None:
    assert deliver(said_by_person("I look.\nOne moment.", bot, templates)) is None
    assert telegram.shown[-1].text == "Kari: I look.\nOne moment."
