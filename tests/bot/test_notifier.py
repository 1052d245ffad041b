"""Those who follow are woken from any thread; whatever comes between two looks is one piece of news."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot import notifier as notifier_module
from bot.adapters.conversations.memory import MemoryConversations
from bot.events import DriverSaid, Started
from bot.notifier import AnnouncedConversations, InProcessNotifier, follow
from bot.ports import News
from bot.types import Context, Message

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WAITS_S = 5.0


def said(text: str) -> DriverSaid:
    return DriverSaid(message=Message(id=text, text=text))


async def soon(listener: object) -> News:
    return await asyncio.wait_for(listener.news(), WAITS_S)


def test_everything_between_two_looks_is_one_piece_of_news() -> None:
    async def heard() -> News:
        notifier = InProcessNotifier()
        with notifier.listen("c") as listener:
            notifier.appended("c", 4)
            notifier.typing("c", "person")
            notifier.appended("c", 3)
            return await soon(listener)

    assert asyncio.run(heard()) == News(number=4, typing="person")


def test_a_thread_wakes_a_coroutine() -> None:
    async def heard() -> News:
        notifier = InProcessNotifier()
        with notifier.listen("c") as listener:
            waiting = asyncio.create_task(soon(listener))
            await asyncio.to_thread(notifier.appended, "c", 7)
            return await waiting

    assert asyncio.run(heard()) == News(number=7)


def test_what_is_said_elsewhere_wakes_nobody() -> None:
    async def listen() -> None:
        notifier = InProcessNotifier()
        with notifier.listen("c") as listener:
            notifier.appended("other", 7)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(listener.news(), 0.05)

    asyncio.run(listen())


def test_all_are_let_go_when_the_server_ends_those_who_come_later_too() -> None:
    async def heard() -> list[bool]:
        notifier = InProcessNotifier()
        with notifier.listen("c") as early:
            notifier.close()
            with notifier.listen("c") as late:
                return [(await soon(each)).ended for each in (early, late)]

    assert asyncio.run(heard()) == [True, True]


def test_nobody_who_left_is_remembered() -> None:
    async def listen() -> int:
        notifier = InProcessNotifier()
        with notifier.listen("c"), notifier.listen("c"):
            pass
        notifier.appended("c", 2)
        return notifier.listening

    assert asyncio.run(listen()) == 0


def test_a_loop_that_ended_harms_nobody() -> None:
    notifier = InProcessNotifier()

    async def enter() -> object:
        listening = notifier.listen("c")
        listening.__enter__()
        return listening

    listening = asyncio.run(enter())
    notifier.appended("c", 2)
    assert listening is not None


def test_a_store_tells_of_what_is_written_through_it() -> None:
    async def heard() -> News:
        notifier = InProcessNotifier()
        store = AnnouncedConversations(MemoryConversations(), notifier)
        store.create("c", Started(context=Context()), NOON)
        with notifier.listen("c") as listener:
            store.append("c", [said("one"), said("two")], NOON, expected=1)
            return await soon(listener)

    assert asyncio.run(heard()) == News(number=3)


def test_what_others_wrote_is_found_after_a_look_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unsteady(MemoryConversations):
        """Its second look fails."""

        looks = 0

        def appended(self, since: int | None, most: int | None = None) -> tuple[int, dict[str, int]]:
            self.looks += 1
            if self.looks == 2:
                raise OSError("disk is busy")
            mark, changed = super().appended(since, most)
            return mark, dict(changed)

    async def heard() -> News:
        notifier, store = InProcessNotifier(), Unsteady()
        store.create("c", Started(context=Context()), NOON)
        following = asyncio.create_task(follow(store, notifier))
        with notifier.listen("c") as listener:
            while store.looks < 1:
                await asyncio.sleep(0)
            store.append("c", [said("hello")], NOON, expected=1)
            news = await soon(listener)
        following.cancel()
        return news

    monkeypatch.setattr(notifier_module, "LOOK_EVERY", 0.01)
    assert asyncio.run(heard()) == News(number=2)


def test_who_listens_to_all_hears_of_new_conversations_and_of_what_happens_in_any() -> None:
    async def heard() -> list[object]:
        notifier = InProcessNotifier()
        store = AnnouncedConversations(MemoryConversations(), notifier)
        with notifier.listen_to_all() as listener:
            store.create("c", Started(context=Context()), NOON)
            store.create("d", Started(context=Context()), NOON)
            await asyncio.to_thread(store.append, "c", [said("one"), said("two")], NOON, 1)
            first = await asyncio.wait_for(listener.changed(), WAITS_S)
            notifier.close()
            return [first, await asyncio.wait_for(listener.changed(), WAITS_S), notifier.listening]

    assert asyncio.run(heard()) == [{"c": 3, "d": 1}, None, 1]


def test_who_begins_to_listen_to_all_after_the_end_is_let_go() -> None:
    async def heard() -> object:
        notifier = InProcessNotifier()
        notifier.close()
        with notifier.listen_to_all() as listener:
            return await asyncio.wait_for(listener.changed(), WAITS_S)

    assert asyncio.run(heard()) is None
