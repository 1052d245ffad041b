"""News that are fetched: in order, each once, and confirmed only when they are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import anyio
import httpx
import pytest
from fastapi import HTTPException

from bot.channels.messengers.calls import CallFailed
from bot.channels.messengers.ports import Intake
from bot.channels.messengers.telegram.messenger import Telegram
from bot.channels.messengers.telegram.polling import Polling
from bot.channels.messengers.telegram.receiving import Receiver
from tests.bot.channels.intakes import KeptIntake
from tests.bot.channels.telegram.conftest import payload, run
from tests.bot.channels.telegram.standin import TelegramStandin, Trouble

Look = Callable[..., list[Any]]


@pytest.fixture
def look(receiver: Receiver, client: Callable[[], httpx.AsyncClient]) -> Look:
    """Looks for news so many times; what each look gave or met."""
    polling = Polling(receiver)

    def looked(intake: Intake, times: int = 1) -> list[Any]:
        async def main() -> list[Any]:
            found: list[Any] = []
            async with client() as http:
                for _ in range(times):
                    try:
                        found.append(await polling.look(intake, http))
                    except Exception as error:
                        found.append(type(error))
            return found

        met: list[Any] = run(main)
        return met

    return looked


def test_news_come_in_in_their_order_and_are_confirmed(
    look: Look, intake: KeptIntake, telegram: TelegramStandin
) -> None:
    telegram.updates = [payload("text"), payload("location"), payload("sticker")]
    assert look(intake, 2) == [3, 0]
    assert [message.message_id for message, _ in intake.taken] == ["m4711:101", "m4711:108", "m4711:110"]
    assert telegram.offsets == [None, payload("sticker")["update_id"] + 1]
    assert telegram.updates == []


def test_what_is_not_kept_is_not_confirmed(look: Look, telegram: TelegramStandin) -> None:
    kept = KeptIntake(lambda message: OSError("the disk is full") if message.text == "" else None)
    telegram.updates = [payload("text"), payload("sticker")]
    assert look(kept, 2) == [OSError, OSError]
    assert telegram.offsets == [None, payload("text")["update_id"] + 1]
    assert len(telegram.updates) == 1


def test_a_photo_that_does_not_come_is_waited_for_but_not_for_ever(
    look: Look, intake: KeptIntake, telegram: TelegramStandin, receiver: Receiver
) -> None:
    times = receiver.api.rules.photo_attempts
    telegram.updates = [payload("photo"), payload("location")]
    telegram.troubles = [Trouble("getFile", 500)] * times
    assert look(intake, times) == [CallFailed] * (times - 1) + [2]
    assert [photos for _, photos in intake.taken] == [(), ()]


def test_a_photo_that_comes_late_comes_with_its_message(
    look: Look, intake: KeptIntake, telegram: TelegramStandin
) -> None:
    telegram.files["AgAC-large"] = b"jpeg"
    telegram.updates, telegram.troubles = [payload("photo")], [Trouble("getFile", 500)]
    assert look(intake, 2) == [CallFailed, 1]
    assert intake.taken[0][1] == (b"jpeg",)


def test_who_writes_too_often_holds_up_nobody_else(look: Look, telegram: TelegramStandin) -> None:
    strict = KeptIntake(lambda message: HTTPException(429, "too often") if message.text else None)
    telegram.updates = [payload("text"), payload("location")]
    assert look(strict) == [2]
    assert [message.message_id for message, _ in strict.taken] == ["m4711:108"]


def test_news_of_an_unknown_form_are_passed_over(look: Look, intake: KeptIntake, telegram: TelegramStandin) -> None:
    telegram.updates = [{"update_id": 5, "message": {"message_id": "x"}}, payload("text")]
    assert look(intake) == [2]
    assert len(intake.taken) == 1


def test_polling_begins_by_taking_the_webhook_away_and_survives_trouble(
    receiver: Receiver, client: Callable[[], httpx.AsyncClient], telegram: TelegramStandin, intake: KeptIntake
) -> None:
    # With the stand-in in the same thread, only a look that waits lets others go on.
    patient = replace(receiver.api, rules=receiver.api.rules.model_copy(update={"poll_s": 1}))
    bot = Telegram(replace(receiver, api=patient), None, client)
    telegram.updates = [payload("text")]
    telegram.troubles = [Trouble("deleteWebhook", 500), Trouble("getUpdates", 502, "Bad Gateway")]

    async def main() -> None:
        with anyio.fail_after(20):
            async with anyio.create_task_group() as beside:
                beside.start_soon(bot.listen, intake)
                while telegram.offsets.count(payload("text")["update_id"] + 1) < 1:
                    await anyio.sleep(0.01)
                beside.cancel_scope.cancel()

    run(main)
    assert bot.router(intake) is None
    assert intake.texts == ["bilen lader ikke på 4521"]
    assert telegram.calls[:4] == ["deleteWebhook", "deleteWebhook", "getUpdates", "getUpdates"]


def test_where_news_are_posted_nothing_is_polled(bot: Telegram, intake: KeptIntake, telegram: TelegramStandin) -> None:
    async def main() -> None:
        await bot.listen(intake)

    run(main)
    assert telegram.calls == []
