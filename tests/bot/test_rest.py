"""The REST interface and the page, asked as clients ask: well and badly."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.adapters.conversations.memory import MemoryConversations
from bot.app import create_app
from bot.channels.guard import LARGEST_BODY
from bot.conversation import Conversations
from bot.events import DriverSaid
from bot.replies.catalogues import translations
from bot.types import Message
from indexer.knowledge import DRIVER_LANGUAGES
from tests.doubles import BrokenConversations, OvertakenConversations
from tests.talking import services_of

KB = Path(__file__).parents[2] / "kb"
JSON = {"Content-Type": "application/json"}
STUCK = "the cable is stuck and I cannot remove it"
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def application(talks: Conversations, store: MemoryConversations | None = None) -> Any:
    own = replace(talks, store=store) if store else talks
    return create_app(services_of(own), KB)


@contextmanager
def client_over(talks: Conversations, store: MemoryConversations | None = None) -> Iterator[TestClient]:
    with TestClient(application(talks, store), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def client(talks: Conversations) -> Iterator[TestClient]:
    with client_over(talks) as opened:
        yield opened


@pytest.fixture
def messages(client: TestClient) -> str:
    """Where the messages of a conversation just begun are sent to."""
    return f"/v1/conversations/{client.post('/v1/conversations').json()['id']}/messages"


def assert_problem(response: Any, status: int, *words: str) -> None:
    """The response is a problem document of that status whose detail says these words."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert [word for word in words if word not in problem["detail"]] == []


def test_a_driver_starts_a_conversation_asks_and_is_answered(client: TestClient) -> None:
    started = client.post("/v1/conversations", json={"locale": "nb-NO", "vendor": "eponet", "country": "CH"})
    assert started.status_code == 201
    reply = client.post(f"/v1/conversations/{started.json()['id']}/messages", json={"text": STUCK})
    assert reply.status_code == 200
    answer = reply.json()
    assert (answer["decision"], answer["topic"], answer["language"]) == ("answer", "cable-stuck", "en")
    assert answer["parts"][0]["origin"] == {
        "kind": "article", "article": "cable-stuck", "language": "en", "section": "lead",
    }  # fmt: skip
    assert answer["quick_replies"][-1]["choice"] == {"kind": "command", "value": "person"}


@pytest.mark.parametrize("body", [b"", b"{}", b"null"], ids=["no body", "empty object", "null"])
def test_a_conversation_may_start_without_saying_anything_of_the_driver(client: TestClient, body: bytes) -> None:
    assert client.post("/v1/conversations", content=body, headers=JSON if body else {}).status_code == 201


def test_what_the_client_says_of_the_driver_is_used(client: TestClient) -> None:
    driver = {"locale": "it-IT", "vendor": "chargepoint", "country": "IT"}
    identity = client.post("/v1/conversations", json=driver).json()["id"]
    tap = {"text": "1", "choice": {"kind": "topic", "value": "contact-support"}}
    reply = client.post(f"/v1/conversations/{identity}/messages", json=tap).json()
    assert reply["language"] == "it"
    assert "39 (800) 168017" in reply["text"]


def test_a_button_is_tapped_by_sending_its_label_and_choice(client: TestClient, messages: str) -> None:
    button = client.post(messages, json={"text": "what is the weather like"}).json()["quick_replies"][-1]
    reply = client.post(messages, json={"text": button["label"], "choice": button["choice"]}).json()
    assert reply["topic"] == "contact-support"


def test_a_message_sent_twice_is_answered_once(client: TestClient, messages: str) -> None:
    first, second = (client.post(messages, json={"text": STUCK, "client_id": "tap-1"}).json() for _ in range(2))
    assert first == second
    assert len(client.get(messages).json()["messages"]) == 2


def test_pictures_of_a_reply_can_be_fetched(client: TestClient, messages: str) -> None:
    parts = client.post(messages, json={"text": "where in my profile does the account number stand?"}).json()["parts"]
    (picture,) = (part for part in parts if part["type"] == "picture")
    response = client.get(picture["src"])
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/svg+xml")


def test_messages_come_back_in_order_with_their_replies(client: TestClient, messages: str) -> None:
    replies = [client.post(messages, json={"text": text}).json() for text in (STUCK, "it helped")]
    said = client.get(messages).json()["messages"]
    assert [(each["message"] or each["reply"])["text"] for each in said] == [
        STUCK, replies[0]["text"], "it helped", replies[1]["text"],
    ]  # fmt: skip
    assert [each["reply"] for each in said[1::2]] == replies
    numbers = [each["number"] for each in said]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("what", ["messages", "events"])
def test_page_by_page_everything_comes_once_and_in_order(
    client: TestClient, messages: str, what: str, limit: int
) -> None:
    for text in (STUCK, "thanks"):
        client.post(messages, json={"text": text})
    path = messages.replace("/messages", f"/{what}")
    whole = client.get(path).json()[what]
    read: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = client.get(path, params={"after": after, "limit": limit}).json()
        assert len(page[what]) <= limit
        read += page[what]
        after = page["next_after"]
    assert read == whole


def test_events_show_what_was_understood_and_why(client: TestClient, messages: str) -> None:
    client.post(messages, json={"text": STUCK})
    events = client.get(messages.replace("/messages", "/events")).json()["events"]
    kinds = [event["happening"]["type"] for event in events]
    assert kinds == ["started", "driver_said", "understood", "decided", "learned", "moved", "bot_said"]
    heard, decision = events[2]["happening"]["understanding"], events[3]["happening"]["decision"]
    assert (heard["language"], heard["language_source"], heard["topics"][0]["id"]) == ("en", "message", "cable-stuck")
    assert decision["reason"] == "one topic is likely enough"
    assert [event["number"] for event in events] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "cable stuck " * 5_000,
        "\x00\x07\x1b[2J",
        "🔌" * 2_000,
        "\u202eelbac",
        "<script>alert(1)</script>",
        "{{ 7 * 7 }}",
    ],
    ids=["empty", "blank", "60 kB", "controls", "emoji", "right to left", "markup", "template"],
)
def test_any_text_is_answered(client: TestClient, messages: str, text: str) -> None:
    response = client.post(messages, json={"text": text})
    assert response.status_code == 200
    assert response.json()["parts"]


def test_half_an_emoji_is_answered(client: TestClient, messages: str) -> None:
    """Some clients cut long texts in the middle of a surrogate pair."""
    assert client.post(messages, content=b'{"text": "cable stuck \\ud83d"}', headers=JSON).status_code == 200


def test_markup_stays_text(client: TestClient, messages: str) -> None:
    markup = "<img src=x onerror=alert(1)> the cable is stuck"
    reply = client.post(messages, json={"text": markup})
    said = client.get(messages)
    assert "<img" not in reply.text
    assert said.headers["Content-Type"] == "application/json"
    assert said.json()["messages"][0]["message"]["text"] == markup


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"", "body"),
        (b"{", "JSON"),
        (b"hello", "JSON"),
        (b"[]", "body"),
        (b'"cable stuck"', "body"),
        (b"null", "body"),
        (b"{}", "text"),
        (b'{"text": 4521}', "text"),
        (b'{"text": null}', "text"),
        (b'{"text": ["cable"]}', "text"),
        (b'{"text": NaN}', "text"),
        (b'{"text": "a", "txt": "b"}', "txt"),
        (b'{"text": "a", "client_id": ""}', "client_id"),
        (b'{"text": "a", "client_id": 7}', "client_id"),
        (b'{"text": "a", "client_id": "' + b"x" * 129 + b'"}', "client_id"),
        (b'{"text": "a", "client_id": "\\ud800"}', "client_id"),
        (b'{"text": "a", "choice": "eponet"}', "choice"),
        (b'{"text": "a", "choice": {"kind": "price", "value": "1"}}', "choice.kind"),
        (b'{"text": "a", "choice": {"kind": "vendor"}}', "choice.value"),
        (b'{"text": "a", "choice": {"kind": "vendor", "value": "' + b"x" * 65 + b'"}}', "choice.value"),
        (b'{"text": "a", "choice": {"kind": "vendor", "value": "x", "price": 1}}', "choice.price"),
        (b'{"text": "a", "\\ud800": "b"}', ""),
    ],
    ids=lambda value: value.decode()[:60] if isinstance(value, bytes) else "",
)
def test_a_wrong_message_is_refused_with_what_is_wrong(
    client: TestClient, messages: str, body: bytes, where: str
) -> None:
    assert_problem(client.post(messages, content=body, headers=JSON), 422, where, "/docs")


@pytest.mark.parametrize(
    ("driver", "where"),
    [
        ({"country": "it"}, "country"),
        ({"country": "ITA"}, "country"),
        ({"country": "IT\n"}, "country"),
        ({"country": ""}, "country"),
        ({"country": 39}, "country"),
        ({"locale": "n" * 36}, "locale"),
        ({"locale": ["nb"]}, "locale"),
        ({"vendor": "v" * 33}, "vendor"),
        ({"account": "40711"}, "account"),
        (["nb"], "body"),
    ],
    ids=str,
)
def test_a_wrong_word_on_the_driver_is_refused_with_what_is_wrong(
    client: TestClient, driver: object, where: str
) -> None:
    assert_problem(client.post("/v1/conversations", json=driver), 422, where, "/docs")


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe\x00binary", bytes(range(256)), b"[" * 60_000, b'{"text": ' + b"9" * 5_000 + b"}", b"\x1f\x8b\x08\x00"],
    ids=["no UTF-8", "all bytes", "deeply nested", "a very long number", "compressed"],
)
@pytest.mark.parametrize("headers", [JSON, {"Content-Type": "application/octet-stream"}, {}], ids=str)
def test_a_body_that_is_no_json_is_refused(
    client: TestClient, messages: str, body: bytes, headers: dict[str, str]
) -> None:
    response = client.post(messages, content=body, headers=headers)
    assert_problem(response, response.status_code)
    assert response.status_code in (400, 422)


def test_a_form_is_refused(client: TestClient, messages: str) -> None:
    assert_problem(client.post(messages, data={"text": STUCK}), 422)


def test_a_body_of_100_kilobytes_is_refused_with_the_limit(client: TestClient, messages: str) -> None:
    assert_problem(client.post(messages, json={"text": "x" * 100_000}), 413, "64 KiB")


def test_a_body_as_large_as_the_limit_is_answered(client: TestClient, messages: str) -> None:
    body = b'{"text": "' + b"x" * (LARGEST_BODY - 12) + b'"}'
    assert len(body) == LARGEST_BODY
    assert client.post(messages, content=body, headers=JSON).status_code == 200


def asked(app: Any, path: str, chunks: AsyncIterator[dict[str, Any]]) -> tuple[int, bytes]:
    """Status and body of a POST whose body arrives in chunks, without its length being declared."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8080),
    }  # fmt: skip

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def talk() -> None:
        await app(scope, chunks.__anext__, send)

    asyncio.run(talk())
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def test_an_endless_body_is_refused_while_it_arrives(talks: Conversations) -> None:
    read = 0

    async def endless() -> AsyncIterator[dict[str, Any]]:
        nonlocal read
        while True:
            read += 1
            assert read < 100, "the body is read to its end"
            yield {"type": "http.request", "body": b"x" * 8_192, "more_body": True}

    status, body = asked(application(talks), "/v1/conversations", endless())
    assert (status, json.loads(body)["status"]) == (413, 413)


def test_a_body_in_small_chunks_is_answered(talks: Conversations) -> None:
    async def small() -> AsyncIterator[dict[str, Any]]:
        for byte in b'{"locale": "nb"}':
            yield {"type": "http.request", "body": bytes([byte]), "more_body": True}
        yield {"type": "http.request", "body": b"", "more_body": False}

    assert asked(application(talks), "/v1/conversations", small())[0] == 201


@pytest.mark.parametrize("what", ["messages", "events"])
@pytest.mark.parametrize("identity", ["nobody", "%00", "%ff", "..%2f", "🔌", "' or 1=1"])
def test_an_unknown_conversation_is_answered_with_how_to_start_one(
    client: TestClient, identity: str, what: str
) -> None:
    response = client.get(f"/v1/conversations/{identity}/{what}")
    assert_problem(response, 404)


def test_a_message_to_an_unknown_conversation_is_answered_with_how_to_start_one(client: TestClient) -> None:
    response = client.post("/v1/conversations/nobody/messages", json={"text": STUCK})
    assert_problem(response, 404, "POST /v1/conversations")


@pytest.mark.parametrize("query", ["after=-1", "after=x", f"after={10**20}", "limit=0", "limit=501", "limit="])
def test_a_page_that_cannot_be_is_refused(client: TestClient, messages: str, query: str) -> None:
    assert_problem(client.get(f"{messages}?{query}"), 422, query.split("=")[0])


def test_an_id_longer_than_any_is_refused(client: TestClient) -> None:
    assert_problem(client.get(f"/v1/conversations/{'x' * 65}/messages"), 422, "conversation")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/plain/nowhere.js", 404),
        ("GET", "/plain/%00", 404),
        ("GET", "/pictures/..%2f..%2fpyproject.toml", 404),
        ("GET", f"/plain/{'x' * 300}", 404),
        ("DELETE", "/v1/conversations", 405),
        ("GET", "/v1/conversations", 405),
    ],
)
def test_what_is_not_there_is_a_problem_document(client: TestClient, method: str, path: str, status: int) -> None:
    assert_problem(client.request(method, path), status)


def test_a_message_that_was_overtaken_is_a_conflict_that_says_to_send_it_again(talks: Conversations) -> None:
    rival = DriverSaid(message=Message(id="theirs", text="from another process"))
    with client_over(talks, OvertakenConversations(rival)) as client:
        identity = client.post("/v1/conversations").json()["id"]
        response = client.post(f"/v1/conversations/{identity}/messages", json={"text": STUCK})
    assert_problem(response, 409, "again")


@pytest.fixture
def broken(talks: Conversations) -> Iterator[Callable[[], Any]]:
    """Sends a message to a service whose disk is full."""
    with client_over(talks, BrokenConversations()) as client:
        identity = client.post("/v1/conversations").json()["id"]
        yield lambda: client.post(f"/v1/conversations/{identity}/messages", json={"text": STUCK})


def test_an_unexpected_error_is_a_problem_document_that_tells_no_secrets(broken: Callable[[], Any]) -> None:
    response = broken()
    assert_problem(response, 500, "again")
    assert "secret-path" not in response.text


def test_an_unexpected_error_is_logged_with_what_it_was(
    broken: Callable[[], Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="bot"):
        broken()
    logged = [record for record in caplog.records if record.name.startswith("bot.")]
    assert [record.exc_info and record.exc_info[0] for record in logged] == [OSError]


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/openapi.json", "/plain/page.js", "/pictures/release-cable.svg", "/nowhere",
             "/v1/conversations/nobody/messages", "/v1/conversations/nobody/messages?limit=x"],
)  # fmt: skip
def test_every_response_forbids_what_nobody_needs(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_response_to_a_refused_body_forbids_it_too(client: TestClient, messages: str) -> None:
    headers = client.post(messages, content=b"x" * 100_000).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS


def test_the_response_to_an_unexpected_error_forbids_it_too(broken: Callable[[], Any]) -> None:
    headers = broken().headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS


def test_health_names_the_index_that_serves(client: TestClient, talks: Conversations) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "index": talks.knowledge.current().manifest.build}


def test_the_services_are_closed_when_the_application_stops(talks: Conversations) -> None:
    class Closing(MemoryConversations):
        closed = False

        def close(self) -> None:
            self.closed = True

    store = Closing()
    with client_over(talks, store):
        assert not store.closed
    assert store.closed


@pytest.fixture
def api(client: TestClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/openapi.json").json()
    return document


OPERATIONS = [
    ("/v1/conversations", "post", {"413", "422"}),
    ("/v1/conversations/{conversation}/messages", "post", {"404", "409", "413", "422"}),
    ("/v1/conversations/{conversation}/messages", "get", {"404", "422"}),
    ("/v1/conversations/{conversation}/events", "get", {"404", "422"}),
]


@pytest.mark.parametrize(("path", "method", "errors"), OPERATIONS)
def test_the_api_page_lists_the_errors_of_each_operation(
    api: dict[str, Any], path: str, method: str, errors: set[str]
) -> None:
    operation = api["paths"][path][method]
    assert operation["summary"]
    assert operation["description"]
    assert errors <= operation["responses"].keys()


@pytest.mark.parametrize(("path", "method", "errors"), OPERATIONS)
def test_the_api_page_describes_errors_as_the_problem_documents_that_are_sent(
    api: dict[str, Any], path: str, method: str, errors: set[str]
) -> None:
    for status in sorted(errors):
        content = api["paths"][path][method]["responses"][status]["content"]
        assert list(content) == ["application/problem+json"], status
        assert content["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}


@pytest.mark.parametrize(
    ("schema", "path"),
    [("NewConversation", "/v1/conversations"), ("NewMessage", "/v1/conversations/{id}/messages")],
)
def test_the_examples_on_the_api_page_work(client: TestClient, api: dict[str, Any], schema: str, path: str) -> None:
    examples = api["components"]["schemas"][schema]["examples"]
    assert examples
    identity = client.post("/v1/conversations").json()["id"]
    for example in examples:
        assert client.post(path.replace("{id}", identity), json=example).is_success


class Page(HTMLParser):
    """Collects elements with their attributes, and the text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())

    def attributes(self, tag: str) -> dict[str, str | None]:
        return next(attributes for name, attributes in self.elements if name == tag)


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_the_page_speaks_the_language_of_the_browser(client: TestClient, language: str) -> None:
    response = client.get("/", headers={"Accept-Language": f"{language}-XX, {language};q=0.9, en;q=0.1"})
    page, say = Page(response.text), translations(language).gettext
    assert (page.attributes("html")["lang"], page.attributes("body")["data-locale"]) == (language, language)
    assert {say("Help with charging"), say("Your message"), say("Send")} <= set(page.words)
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_texts_in_attributes_of_the_page_arrive_whole(client: TestClient, language: str) -> None:
    page = Page(client.get("/", headers={"Accept-Language": language}).text)
    failed = "That did not get through. Your text is still here: send it again."
    assert page.attributes("body")["data-failed"] == translations(language).gettext(failed)


@pytest.mark.parametrize("header", ["", "fi", "*", '"><script>alert(1)</script>', "x" * 5_000, "de;q=oops"])
def test_a_browser_without_any_of_our_languages_gets_the_english_page(client: TestClient, header: str) -> None:
    response = client.get("/", headers={"Accept-Language": header})
    assert response.status_code == 200
    assert Page(response.text).attributes("html")["lang"] == "en"
    assert "alert(1)" not in response.text


def test_the_page_runs_only_code_of_its_own_files(client: TestClient) -> None:
    page = Page(client.get("/").text)
    assert [attributes for tag, attributes in page.elements if tag == "script" and not attributes.get("src")] == []
    assert [name for _, attributes in page.elements for name in attributes if name.startswith("on")] == []
    assert [tag for tag, attributes in page.elements if tag == "style" or "style" in attributes] == []


def test_the_page_finds_its_files(client: TestClient) -> None:
    page = Page(client.get("/").text)
    needed = [attributes.get("src") or attributes.get("href") for _, attributes in page.elements]
    assert [client.get(path).status_code for path in needed if path] == [200, 200, 200]


def test_the_api_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(loaded) >= 3
    assert [each for each in loaded if not each.startswith("/")] == []
    assert [each for each in loaded if client.get(each).status_code != 200] == []
