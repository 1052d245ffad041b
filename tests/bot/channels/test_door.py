"""Who is let in over REST: with a key, from a page, or by a conversation's id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.adapters.keys.sqlite import SqliteKeys
from bot.adapters.sqlite import IN_MEMORY
from bot.app import create_app
from bot.channels.clients import Clients
from bot.channels.door import Door
from bot.channels.limits import Errand
from bot.conversation import Conversations
from tests.doubles import SteppingClock
from tests.talking import services_of

START = "/v1/conversations"
PAGE = "https://app.example"
STUCK = {"text": "the cable is stuck"}
Open = Callable[[Clients], TestClient]


class Full:
    """Lets one errand wait for seven seconds, and remembers who came."""

    def __init__(self, errand: Errand | None = None) -> None:
        self.errand = errand
        self.came: list[tuple[Errand, dict[str, str]]] = []

    def take(self, errand: Errand, who: Mapping[str, str]) -> int | None:
        self.came.append((errand, dict(who)))
        return 7 if errand == self.errand else None


@pytest.fixture
def keys() -> Iterator[SqliteKeys]:
    opened = SqliteKeys(IN_MEMORY, SteppingClock())
    yield opened
    opened.close()


@pytest.fixture
def opened(small_talks: Conversations, small_base: Path) -> Iterator[Open]:
    with ExitStack() as stack:

        def open_(clients: Clients) -> TestClient:
            services = replace(services_of(small_talks), clients=clients)
            return stack.enter_context(TestClient(create_app(services, small_base), raise_server_exceptions=False))

        yield open_


@pytest.fixture
def guarded(opened: Open, keys: SqliteKeys) -> TestClient:
    return opened(Clients(Door(keys, (PAGE,))))


@pytest.fixture
def conversation(guarded: TestClient) -> str:
    """Where a conversation is that a page started."""
    started = guarded.post(START, headers={"Origin": PAGE})
    return f"{START}/{started.json()['id']}"


def bearer(keys: SqliteKeys, *scopes: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {keys.add('test', scopes)[1]}"}


def assert_refused(answer: Any, status: int, told: str) -> None:
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert told in answer.json()["detail"]


def test_without_keys_everybody_may_start(opened: Open) -> None:
    assert opened(Clients()).post(START).status_code == 201


def test_without_a_key_nobody_may_start(guarded: TestClient) -> None:
    answer = guarded.post(START)
    assert_refused(answer, 401, "plugdesk keys")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_of_the_scope_chat_starts_a_conversation(guarded: TestClient, keys: SqliteKeys) -> None:
    assert guarded.post(START, headers=bearer(keys, "chat")).status_code == 201


@pytest.mark.parametrize("scopes", [("read",), ("deliver",), ("read", "deliver")])
def test_a_key_of_another_scope_does_not(guarded: TestClient, keys: SqliteKeys, scopes: tuple[str, ...]) -> None:
    assert_refused(guarded.post(START, headers=bearer(keys, *scopes)), 403, "chat")


def test_a_revoked_key_opens_nothing(guarded: TestClient, keys: SqliteKeys) -> None:
    made, secret = keys.add("test", ("chat",))
    keys.revoke(made.id)
    answer = guarded.post(START, headers={"Authorization": f"Bearer {secret}"})
    assert_refused(answer, 401, "revoked")
    assert secret not in answer.text


def test_an_unknown_key_is_refused_even_from_a_page_that_may(guarded: TestClient) -> None:
    headers = {"Authorization": "Bearer pd_x_y", "Origin": PAGE}
    assert_refused(guarded.post(START, headers=headers), 401, "unknown")


def test_a_page_of_another_origin_may_not_start(guarded: TestClient) -> None:
    assert_refused(guarded.post(START, headers={"Origin": "https://app.example.evil"}), 403, "PLUGDESK_ORIGINS")


def test_who_holds_a_conversations_id_needs_no_key_to_talk(guarded: TestClient, conversation: str) -> None:
    assert guarded.post(f"{conversation}/messages", json=STUCK).status_code == 200
    assert len(guarded.get(f"{conversation}/messages").json()["messages"]) == 2


def test_why_a_conversation_went_as_it_did_needs_a_key(
    guarded: TestClient, keys: SqliteKeys, conversation: str
) -> None:
    assert_refused(guarded.get(f"{conversation}/events"), 401, "API key")
    assert_refused(guarded.get(f"{conversation}/events", headers=bearer(keys, "chat")), 403, "read")
    assert guarded.get(f"{conversation}/events", headers=bearer(keys, "read")).status_code == 200


def test_a_key_that_reads_may_not_talk(guarded: TestClient, keys: SqliteKeys, conversation: str) -> None:
    reading = bearer(keys, "read")
    assert_refused(guarded.post(f"{conversation}/messages", json=STUCK, headers=reading), 403, "chat")
    assert guarded.get(f"{conversation}/messages", headers=reading).json()["messages"] == []


def test_the_health_of_the_process_needs_no_key(guarded: TestClient) -> None:
    assert guarded.get("/healthz").status_code == 200


def test_a_page_that_may_is_told_so_by_its_browser(guarded: TestClient) -> None:
    asked = {"Origin": PAGE, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    answer = guarded.options(START, headers=asked)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, PAGE)


def test_a_page_that_may_can_read_why_it_was_refused(guarded: TestClient) -> None:
    answer = guarded.post(START, content=b" " * 70_000, headers={"Origin": PAGE})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (413, PAGE)


def test_browsers_do_not_let_other_pages_read(guarded: TestClient, conversation: str) -> None:
    answer = guarded.get(f"{conversation}/messages", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("errand", "method", "path"),
    [
        ("start", "POST", ""), ("say", "POST", "/c/messages"), ("say", "PUT", "/c/identity"),
        ("photo", "POST", "/c/photos"), ("read", "GET", "/c/messages"), ("read", "GET", "/c/photos/p"),
        ("read", "GET", "/c/events"),
    ],
)  # fmt: skip
def test_who_comes_too_often_is_told_when_to_come_again(opened: Open, errand: Errand, method: str, path: str) -> None:
    full = Full(errand)
    answer = opened(Clients(Door(limits=full))).request(method, f"{START}{path}", json={"text": "x", "token": "x"})
    assert_refused(answer, 429, "7 s")
    assert answer.headers["Retry-After"] == "7"


def test_nothing_is_kept_of_a_message_that_came_too_often(opened: Open) -> None:
    client = opened(Clients(Door(limits=Full("say"))))
    conversation = f"{START}/{client.post(START).json()['id']}"
    client.post(f"{conversation}/messages", json=STUCK)
    assert client.get(f"{conversation}/messages").json()["messages"] == []


def test_without_a_key_the_address_and_the_conversation_are_counted(opened: Open) -> None:
    full = Full()
    opened(Clients(Door(limits=full))).get(f"{START}/abc/messages")
    assert full.came == [("read", {"conversation": "abc", "address": "testclient"})]


def test_with_a_key_the_key_is_counted_instead_of_the_address(opened: Open, keys: SqliteKeys) -> None:
    full, (made, secret) = Full(), keys.add("test", ("chat",))
    opened(Clients(Door(keys, (), full))).post(START, headers={"Authorization": f"Bearer {secret}"})
    assert full.came == [("start", {"key": made.id})]


def test_who_shows_a_wrong_key_is_counted_by_address(opened: Open, keys: SqliteKeys) -> None:
    full = Full()
    opened(Clients(Door(keys, (), full))).post(START, headers={"Authorization": "Bearer pd_x_y"})
    assert full.came == [("start", {"address": "testclient"})]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        ((), "192.0.2.1", "testclient"),
        (("testclient",), "192.0.2.1", "192.0.2.1"),
        (("testclient",), "203.0.113.9, 192.0.2.1", "192.0.2.1"),
        (("testclient", "10.0.0.0/8"), "192.0.2.1, 10.1.2.3", "192.0.2.1"),
        (("10.0.0.0/8",), "192.0.2.1", "testclient"),
    ],
)
def test_a_forwarded_address_counts_only_behind_known_proxies(
    opened: Open, proxies: tuple[str, ...], forwarded: str, address: str
) -> None:
    full = Full()
    opened(Clients(Door(limits=full), proxies)).post(START, headers={"X-Forwarded-For": forwarded})
    assert full.came == [("start", {"address": address})]


def test_the_log_tells_once_that_a_proxy_is_unknown(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    client = opened(Clients(proxies=("10.0.0.0/8",)))
    for _ in range(2):
        client.post(START, headers={"X-Forwarded-For": "192.0.2.1"})
    told = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert len(told) == 1
    assert told[0].startswith("testclient sends X-Forwarded-For and is not believed")


def test_the_log_says_nothing_of_known_proxies(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    opened(Clients(proxies=("testclient",))).post(START, headers={"X-Forwarded-For": "192.0.2.1"})
    assert [each for each in caplog.records if each.levelname == "WARNING"] == []


def test_the_description_names_keys_only_where_they_are_looked_at(opened: Open, guarded: TestClient) -> None:
    open_, closed = (each.get("/openapi.json").json() for each in (opened(Clients()), guarded))
    assert "securitySchemes" not in open_["components"]
    assert closed["paths"][START]["post"]["security"] == [{"Key": []}]
    assert {"401", "403", "429"} <= set(closed["paths"][START]["post"]["responses"])
