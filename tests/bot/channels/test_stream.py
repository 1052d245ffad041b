"""What is said comes to all who follow: in order, once each, also after a gap, also unasked."""

from __future__ import annotations

import logging
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import httpx
import pytest

from bot import notifier as notifier_module
from bot.app import create_app
from bot.conversation import Conversations
from bot.events import BotSaid, DriverSaid, Happening
from bot.notifier import InProcessNotifier
from bot.types import Message
from tests.bot.panel.events import joined
from tests.doubles import a_reply
from tests.serving import Heard, followed, said, served, until
from tests.talking import services_of

KB = Path(__file__).parents[3] / "kb"


@dataclass(frozen=True)
class Service:
    """A served application, and what is behind it."""

    url: str
    talks: Conversations
    """Announces what is written, as the service's own turns do."""
    elsewhere: Conversations
    """Writes into the same store as another process would: nobody is told."""
    notifier: InProcessNotifier

    def begin(self) -> str:
        """A new conversation's address."""
        answer = httpx.post(f"{self.url}/v1/conversations", json={"locale": "en"})
        return f"{self.url}/v1/conversations/{answer.json()['id']}"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifier_module, "LOOK_EVERY", 0.05)


@pytest.fixture
def service(small_talks: Conversations) -> Iterator[Service]:
    services = services_of(small_talks)
    assert isinstance(services.notifier, InProcessNotifier)
    with served(create_app(services, KB), services.notifier.close) as url:
        yield Service(url, services.conversations, small_talks, services.notifier)


def id_of(conversation: str) -> str:
    return conversation.rpartition("/")[2]


def a_message(text: str) -> DriverSaid:
    return DriverSaid(message=Message(id=f"m-{text}", text=text))


def write(talks: Conversations, conversation: str, *happenings: Happening) -> None:
    """Let this happen, one append each."""
    for happening in happenings:
        talks.note(id_of(conversation), lambda state, told=happening: told)


def texts(heard: list[Heard]) -> list[str]:
    return [each.text for each in heard]


def test_a_stream_begins_with_when_to_come_back_and_with_what_was_said(service: Service) -> None:
    talk = service.begin()
    write(service.talks, talk, a_message("one"), a_message("two"))
    with followed(f"{talk}/stream") as stream:
        assert next(stream).retry == 2_000
        assert texts(said(stream, 2)) == ["one", "two"]


def test_an_event_is_what_a_page_of_messages_holds(service: Service) -> None:
    talk = service.begin()
    httpx.post(f"{talk}/messages", json={"text": "the cable is stuck", "client_id": "c1"})
    entries = httpx.get(f"{talk}/messages").json()["messages"]
    with followed(f"{talk}/stream") as stream:
        heard = said(stream, len(entries))
    assert [each.data for each in heard] == entries
    assert [each.id for each in heard] == [entry["number"] for entry in entries]


def test_a_message_from_elsewhere_and_its_reply_come_live(service: Service) -> None:
    talk = service.begin()
    with followed(f"{talk}/stream") as stream:
        next(stream)
        reply = httpx.post(f"{talk}/messages", json={"text": "the cable is stuck"}).json()
        driver, bot = said(stream, 2)
    assert (driver.text, bot.data["reply"]) == ("the cable is stuck", reply)


def test_somebody_types_before_they_speak(service: Service) -> None:
    talk = service.begin()
    with followed(f"{talk}/stream") as stream:
        next(stream)
        httpx.post(f"{talk}/messages", json={"text": "the cable is stuck"})
        typing = next(stream)
        assert (typing.event, typing.data, typing.id) == ("typing", {"who": "bot"}, None)
        assert next(stream).event == "said"


def test_a_person_who_types_is_told_of_by_name(service: Service) -> None:
    talk = service.begin()
    write(service.talks, talk, joined())
    with followed(f"{talk}/stream?after=2") as stream:
        next(stream)
        service.notifier.typing(id_of(talk), "person")
        assert next(stream).data == {"who": "person", "name": "Kari"}


def test_nobody_types_who_has_left_meanwhile(service: Service) -> None:
    talk = service.begin()
    with followed(f"{talk}/stream") as stream:
        next(stream)
        service.notifier.typing(id_of(talk), "person")
        write(service.talks, talk, a_message("one"))
        assert next(stream).event == "said"


def test_what_nobody_asked_for_comes_too(service: Service) -> None:
    talk = service.begin()
    with followed(f"{talk}/stream") as stream:
        next(stream)
        write(service.talks, talk, BotSaid(message_id=None, reply=a_reply(text="Your charger is back.")))
        assert texts(said(stream, 1)) == ["Your charger is back."]


def test_what_another_process_wrote_comes_soon(service: Service) -> None:
    talk = service.begin()
    with followed(f"{talk}/stream") as stream:
        next(stream)
        write(service.elsewhere, talk, a_message("from elsewhere"))
        assert texts(said(stream, 1)) == ["from elsewhere"]


@pytest.mark.parametrize("how", ["header", "query", "header over query"])
def test_a_stream_goes_on_where_it_broke_off(service: Service, how: str) -> None:
    talk = service.begin()
    write(service.talks, talk, *map(a_message, "abcd"))
    with followed(f"{talk}/stream") as stream:
        seen = said(stream, 2)[-1].id
    after = {"header": "", "query": f"?after={seen}", "header over query": "?after=0"}[how]
    headers = {} if how == "query" else {"Last-Event-ID": str(seen)}
    with followed(f"{talk}/stream{after}", **headers) as stream:
        assert texts(said(stream, 2)) == ["c", "d"]


def test_nothing_is_lost_or_said_twice_while_many_write_and_the_line_breaks(service: Service) -> None:
    talk = service.begin()
    expected = [f"message {number}" for number in range(300)]

    def write_all() -> None:
        for number, text in enumerate(expected):
            write(service.talks if number % 3 else service.elsewhere, talk, a_message(text))

    heard: list[Heard] = []
    with ThreadPoolExecutor(1) as others:
        writing = others.submit(write_all)
        while len(heard) < len(expected):
            last = {"Last-Event-ID": str(heard[-1].id)} if heard else {}
            with followed(f"{talk}/stream", **last) as stream:
                heard += said(stream, min(70, len(expected) - len(heard)))
        writing.result()
    assert texts(heard) == expected


def test_a_conversation_is_heard_by_those_alone_who_follow_it(service: Service) -> None:
    talk, other = service.begin(), service.begin()
    with followed(f"{talk}/stream") as stream:
        next(stream)
        write(service.talks, other, a_message("not for you"))
        write(service.talks, talk, a_message("for you"))
        assert texts(said(stream, 1)) == ["for you"]


def test_two_hundred_follow_at_once_and_leave_nothing_behind(service: Service) -> None:
    count = 200
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 4 * count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * count), hard))
    talk = service.begin()
    ready = Barrier(count + 1)

    def follow(_: int) -> str:
        with followed(f"{talk}/stream") as stream:
            next(stream)
            ready.wait()
            return said(stream, 1)[0].text

    with ThreadPoolExecutor(count) as followers:
        heard = [followers.submit(follow, number) for number in range(count)]
        ready.wait()
        assert service.notifier.listening == count
        write(service.talks, talk, a_message("to all"))
        assert {each.result() for each in heard} == {"to all"}
    until(lambda: service.notifier.listening == 0)


def test_the_server_ends_though_somebody_follows(small_talks: Conversations, caplog: pytest.LogCaptureFixture) -> None:
    services = services_of(small_talks)
    with caplog.at_level(logging.ERROR), ExitStack() as following:
        with served(create_app(services, KB), services.notifier.close) as url:
            talk = httpx.post(f"{url}/v1/conversations").json()["id"]
            stream = following.enter_context(followed(f"{url}/v1/conversations/{talk}/stream"))
            next(stream)
        assert list(stream) == []
    assert caplog.records == []


def test_a_stream_says_that_it_must_not_be_kept_or_held_back(service: Service) -> None:
    with httpx.stream("GET", f"{service.begin()}/stream") as response:
        headers = response.headers
    assert headers["Content-Type"].startswith("text/event-stream")
    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-Accel-Buffering"] == "no"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_a_conversation_that_is_not_there_cannot_be_followed(service: Service) -> None:
    answer = httpx.get(f"{service.url}/v1/conversations/nobody/stream")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert service.notifier.listening == 0


@pytest.mark.parametrize(("query", "last"), [("?after=-1", None), ("?after=x", None), ("", "x"), ("", "-1")])
def test_a_number_that_is_none_is_refused(service: Service, query: str, last: str | None) -> None:
    headers = {"Last-Event-ID": last} if last else {}
    assert httpx.get(f"{service.begin()}/stream{query}", headers=headers).status_code == 422


def test_a_quiet_stream_is_kept_alive(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.05)
    with followed(f"{service.begin()}/stream") as stream:
        next(stream)
        assert next(stream).comment is not None
