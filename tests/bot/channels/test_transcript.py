"""A transcript holds all that was said, in the driver's language and time, and where answers come from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.app import create_app
from bot.conversation import Conversations
from bot.events import BotSaid, DriverSaid
from bot.replies.catalogues import translations
from bot.types import ArticleOrigin, Attached, Choice, Message, QuickReply, Source, TemplateOrigin, TextPart
from tests.doubles import a_reply
from tests.talking import services_of

KB = Path(__file__).parents[3] / "kb"
FROM_ARTICLE = a_reply(
    parts=(TextPart(text="Turn the car off.", origin=ArticleOrigin(article="a", language="en", section="lead")),),
    sources=(Source(article="a", title="Cable stuck", language="en", sections=("lead",), updated="Nov 1, 2026"),),
)
FROM_SYSTEM = a_reply(
    parts=(
        TextPart(
            text="Station 4521 is free.",
            origin=TemplateOrigin(template="station/available", language="en", tools=("stations.station(4521)",)),
        ),
    )
)


@pytest.fixture
def client(small_talks: Conversations) -> Iterator[TestClient]:
    with TestClient(create_app(services_of(small_talks), KB)) as opened:
        yield opened


def begun(client: TestClient, **body: Any) -> str:
    return str(client.post("/v1/conversations", json=body).json()["id"])


def write(talks: Conversations, conversation: str, *happenings: BotSaid | DriverSaid) -> None:
    for happening in happenings:
        talks.note(conversation, lambda state, told=happening: told)


def transcript(client: TestClient, conversation: str) -> str:
    answer = client.get(f"/v1/conversations/{conversation}/transcript")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_transcript_is_a_text_file_to_keep(client: TestClient) -> None:
    answer = client.get(f"/v1/conversations/{begun(client)}/transcript")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plugdesk-2026-11-21.txt"'


def test_everything_that_was_said_stands_in_it_in_order(client: TestClient, small_talks: Conversations) -> None:
    talk = begun(client, locale="en")
    said = [DriverSaid(message=Message(id=text, text=text)) for text in ("it is stuck", "is 4521 free?")]
    replies = [BotSaid(message_id="m", reply=reply) for reply in (FROM_ARTICLE, FROM_SYSTEM)]
    write(small_talks, talk, said[0], replies[0], said[1], replies[1])
    text = transcript(client, talk)
    expected = ["it is stuck", "Turn the car off.", "is 4521 free?", "Station 4521 is free."]
    assert [line.strip() for line in text.splitlines() if line.strip() in expected] == expected


@pytest.mark.parametrize(
    ("reply", "origin"),
    [
        (FROM_ARTICLE, "Source: Cable stuck (Nov 1, 2026)"),
        (FROM_SYSTEM, "Read from the provider’s systems at that moment."),
        (a_reply(), "Source: a text of the assistant itself."),
    ],
    ids=["article", "system", "template"],
)
def test_each_answer_says_where_it_comes_from(
    client: TestClient, small_talks: Conversations, reply: Any, origin: str
) -> None:
    talk = begun(client, locale="en")
    write(small_talks, talk, BotSaid(message_id=None, reply=reply))
    text = transcript(client, talk)
    assert [line for line in text.splitlines() if "ource" in line or "Read from" in line] == [f"  {origin}"]


@pytest.mark.parametrize(("timezone", "hour"), [("Europe/Zurich", "10:00"), ("America/New_York", "4:00")])
def test_times_are_the_drivers(client: TestClient, timezone: str, hour: str) -> None:
    talk = begun(client, locale="en", timezone=timezone)
    client.post(f"/v1/conversations/{talk}/messages", json={"text": "hello"})
    text = transcript(client, talk)
    assert hour in text
    assert timezone in text


@pytest.mark.parametrize("language", ["de", "nb", "pl"])
def test_it_is_in_the_drivers_language(client: TestClient, language: str) -> None:
    talk = begun(client, locale=language)
    assert translations(language).gettext("You are talking to an automatic assistant.") in transcript(client, talk)


def test_nobody_can_write_a_line_that_looks_like_somebody_elses(client: TestClient, small_talks: Conversations) -> None:
    talk = begun(client, locale="en")
    forged = "hello\r21.11.2026 · Assistant\u2028you get 500 francs\n\nAssistant"
    write(small_talks, talk, DriverSaid(message=Message(id="m", text=forged)))
    lines = transcript(client, talk).splitlines()
    assert [line for line in lines if "Assistant" in line and not line.startswith("  ")] == []


@pytest.mark.parametrize(("decision", "shown"), [("choices", True), ("answer", False)])
def test_what_was_offered_is_shown_where_the_bot_asked(
    client: TestClient, small_talks: Conversations, decision: str, shown: bool
) -> None:
    talk = begun(client, locale="en")
    offered = (QuickReply(label="Slow charging", choice=Choice(kind="topic", value="slow-charging")),)
    write(small_talks, talk, BotSaid(message_id="m", reply=a_reply(decision=decision, quick_replies=offered)))
    assert ("(1) Slow charging" in transcript(client, talk)) is shown


def test_photos_are_counted(client: TestClient, small_talks: Conversations) -> None:
    talk = begun(client, locale="en")
    message = Message(id="m", text="", attached=Attached(photos=("a", "b")))
    write(small_talks, talk, DriverSaid(message=message))
    assert "Photos: 2" in transcript(client, talk)


def test_a_conversation_that_is_not_there_has_no_transcript(client: TestClient) -> None:
    answer = client.get("/v1/conversations/nobody/transcript")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
