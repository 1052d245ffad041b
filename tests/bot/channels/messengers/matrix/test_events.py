"""What a driver wrote, in each of the ways in which Matrix says it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.messengers.matrix.events import Event, Written, written
from tests.bot.channels.messengers.matrix.doubles import Told

ANSWERED = {"m.in_reply_to": {"event_id": "$before"}}


def event(**content: Any) -> Event:
    return Event.model_validate(Told()("m.room.message", content))


def position_of(uri: object) -> tuple[float, float] | None:
    said = written(event(msgtype="m.location", body="here", geo_uri=uri))
    assert said
    return (said.position.latitude, said.position.longitude) if said.position else None


@pytest.mark.parametrize("kind", ["m.text", "m.emote", "org.example.unknown"])
def test_words_are_words(kind: str) -> None:
    assert written(event(msgtype=kind, body="4521 lädt nicht")) == Written("4521 lädt nicht")


@pytest.mark.parametrize(
    "content",
    [
        {"msgtype": "m.notice", "body": "I am a program"},
        {"msgtype": "m.key.verification.request", "body": "asks to verify your key"},
        {},
        {"msgtype": 7, "body": "of no type"},
        {"msgtype": "m.text", "body": "* 4512", "m.relates_to": {"rel_type": "m.replace", "event_id": "$before"}},
    ],
    ids=["notice", "verification", "redacted", "malformed", "edit"],
)
def test_some_messages_say_nothing_to_the_bot(content: dict[str, Any]) -> None:
    assert written(event(**content)) is None


@pytest.mark.parametrize("kind", ["m.reaction", "m.sticker", "m.room.redaction"])
def test_other_events_say_nothing_to_the_bot(kind: str) -> None:
    assert written(Event.model_validate(Told()(kind, {"msgtype": "m.text", "body": "no"}))) is None


def test_a_quoted_message_is_not_said_again() -> None:
    body = "> <@plugdesk:matrix.example> Which station?\n> It is printed on it.\n\n4521"
    assert written(event(msgtype="m.text", body=body, **{"m.relates_to": ANSWERED})) == Written("4521")


def test_a_line_that_only_looks_quoted_stays() -> None:
    assert written(event(msgtype="m.text", body="> 50 kW\nor less?")) == Written("> 50 kW\nor less?")


def test_a_photo_has_an_address_and_its_name_is_no_text() -> None:
    assert written(event(msgtype="m.image", body="IMG_1.jpg", url="mxc://a/b")) == Written("", photo="mxc://a/b")


def test_a_photo_may_have_a_caption() -> None:
    content = {"msgtype": "m.image", "body": "The cable", "filename": "IMG_1.jpg", "url": "mxc://a/b"}
    assert written(event(**content)) == Written("The cable", photo="mxc://a/b")


def test_a_picture_that_is_sent_as_a_file_is_a_photo() -> None:
    content = {"msgtype": "m.file", "body": "a.png", "url": "mxc://a/b", "info": {"mimetype": "image/png"}}
    assert written(event(**content)) == Written("", photo="mxc://a/b")


@pytest.mark.parametrize("kind", ["m.audio", "m.video", "m.file"])
def test_what_the_bot_cannot_look_at_comes_as_its_caption(kind: str) -> None:
    assert written(event(msgtype=kind, body="voice.ogg", url="mxc://a/b")) == Written("")
    assert written(event(msgtype=kind, body="It hums", filename="voice.ogg")) == Written("It hums")


@pytest.mark.parametrize(
    ("uri", "position"),
    [
        ("geo:47.3769,8.5417", (47.3769, 8.5417)),
        ("geo:-33.9,-18.4,120;u=35;crs=wgs84", (-33.9, -18.4)),
        ("geo:90,180", (90.0, 180.0)),
        ("geo:91,8", None),
        ("geo:47,181", None),
        ("geo:nan,8", None),
        ("https://maps.example/?q=47,8", None),
        (47.3, None),
        (None, None),
    ],
)
def test_a_position_is_read_from_a_geo_uri(uri: object, position: tuple[float, float] | None) -> None:
    assert position_of(uri) == position


def test_a_long_event_id_still_names_one_message() -> None:
    short, long = Told().message(), Told().message() | {"event_id": "$" + "x" * 250}
    assert Event.model_validate(short).message_id == "$event-1"
    assert len(Event.model_validate(long).message_id) == 64
    other = Event.model_validate(long | {"event_id": "$" + "x" * 249 + "y"})
    assert other.message_id != Event.model_validate(long).message_id


def test_a_moment_that_is_none_is_left_out() -> None:
    given = Told().message()
    moment = Event.model_validate(given).sent_at
    assert moment and moment.isoformat() == "2026-11-18T11:06:40.001000+00:00"
    assert Event.model_validate(given | {"origin_server_ts": 10**18}).sent_at is None
