"""What Meta posts: who may post, and what becomes of each kind of message."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest
from fastapi import HTTPException

from bot.channels.messengers.ports import InboundPosition
from bot.types import Choice
from tests.bot.channels.intakes import KeptIntake
from tests.bot.channels.whatsapp.conftest import Ask, Post, joined, payload
from tests.bot.channels.whatsapp.standin import VERIFY, WhatsAppStandin, signature


def test_meta_is_told_that_the_address_is_ours(ask: Ask) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}
    answer = ask("GET", params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"hub.verify_token": "guessed"}, 403),
        ({"hub.verify_token": "é"}, 403),
        ({"hub.verify_token": None}, 403),
        ({"hub.mode": "unsubscribe"}, 403),
        ({"hub.challenge": "<script>"}, 422),
        ({"hub.challenge": None}, 422),
    ],
)
def test_nobody_else_is(ask: Ask, changed: dict[str, str | None], status: int) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY} | changed
    answer = ask("GET", params={name: value for name, value in asked.items() if value is not None})
    assert answer.status_code == status
    assert VERIFY not in answer.text


def test_a_text_comes_in_with_who_wrote_it_and_when(post: Post, intake: KeptIntake) -> None:
    assert post(payload("text")).status_code == 200
    message = intake.only
    assert (message.sender, message.text) == ("41791234567", "4521 lädt nicht")
    assert message.sent_at == datetime.fromtimestamp(1_764_147_601, UTC)
    assert intake.channels == {"wa"}


@pytest.mark.parametrize(
    "shown",
    ["", "sha256=", "sha256=" + "0" * 64, signature(b"another body"), signature(b"{ no json", "x" * 32), "é".encode()],
)
def test_what_is_not_signed_is_not_read(post: Post, intake: KeptIntake, shown: str | bytes) -> None:
    answer = post(b"{ no json", shown)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert intake.taken == []


def test_the_same_notification_twice_is_one_message(post: Post, intake: KeptIntake) -> None:
    assert [post(payload("text")).status_code for _ in range(2)] == [200, 200]
    assert len(intake.taken) == 1


def test_several_messages_come_in_as_they_were_written(post: Post, intake: KeptIntake) -> None:
    post(joined("location", "text", "without_number"))
    assert intake.texts == ["4521 lädt nicht", "", "hei, 4521 lader ikke"]


def test_who_hides_the_number_is_known_by_their_user_id(post: Post, intake: KeptIntake) -> None:
    post(payload("without_number"))
    assert intake.only.sender == "CH.13491208655302741918"


@pytest.mark.parametrize("name", ["reaction", "system", "group", "other_number", "other_field", "delivered"])
def test_what_no_driver_wrote_to_this_number_is_left_out(post: Post, intake: KeptIntake, name: str) -> None:
    assert post(payload(name)).status_code == 200
    assert intake.taken == []


@pytest.mark.parametrize(
    ("name", "text"), [("audio", ""), ("sticker", ""), ("unsupported", ""), ("video", "so blinkt sie")]
)
def test_what_cannot_be_read_is_a_message_with_the_words_below_it(
    post: Post, intake: KeptIntake, name: str, text: str
) -> None:
    post(payload(name))
    assert intake.only.text == text


def test_a_photo_comes_in_with_its_caption(post: Post, intake: KeptIntake, whatsapp: WhatsAppStandin) -> None:
    whatsapp.files["65463453"] = b"jpeg"
    assert post(payload("image")).status_code == 200
    ((message, photos),) = intake.taken
    assert (message.text, photos) == ("das Display", (b"jpeg",))
    assert whatsapp.calls == ["media 65463453", "file 65463453"]


def test_a_picture_sent_as_a_document_is_a_photo(post: Post, intake: KeptIntake, whatsapp: WhatsAppStandin) -> None:
    whatsapp.files["65463454"] = b"heic"
    post(payload("document"))
    assert intake.taken[0][1] == (b"heic",)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/file",
        "http://media.example/file",
        "https://media.example@evil.example/file",
        "file:///etc/passwd",
    ],
)
def test_the_token_is_shown_to_no_other_host(
    post: Post, intake: KeptIntake, whatsapp: WhatsAppStandin, url: str
) -> None:
    whatsapp.files["65463453"], whatsapp.media_url = b"jpeg", url
    assert post(payload("image")).status_code == 200
    assert intake.taken[0][1] == ()


@pytest.mark.parametrize("size", [None, 10 * 1024 * 1024 + 1])
def test_a_photo_that_is_too_large_is_left_out(
    post: Post, intake: KeptIntake, whatsapp: WhatsAppStandin, size: int | None
) -> None:
    whatsapp.files["65463453"], whatsapp.claimed_size = b"x" * (10 * 1024 * 1024 + 1), size or 10
    post(payload("image"))
    assert intake.taken[0][1] == ()


def test_a_photo_that_does_not_come_now_is_told_again_later(
    post: Post, intake: KeptIntake, whatsapp: WhatsAppStandin
) -> None:
    whatsapp.files["65463453"], whatsapp.media_status = b"jpeg", 503
    answer = post(payload("image"))
    assert (answer.status_code, intake.taken) == (503, [])
    assert answer.headers["Retry-After"] == "5"
    whatsapp.media_status = 200
    assert post(payload("image")).status_code == 200
    assert intake.taken[0][1] == (b"jpeg",)


def test_a_photo_whose_address_has_run_out_is_left_out(
    post: Post, intake: KeptIntake, whatsapp: WhatsAppStandin
) -> None:
    whatsapp.files["65463453"], whatsapp.media_status = b"jpeg", 404
    assert post(payload("image")).status_code == 200
    assert intake.taken[0][1] == ()


def test_one_drivers_trouble_is_no_other_drivers(post: Post) -> None:
    busy = KeptIntake(lambda message: HTTPException(429, "too often") if message.text == "4521 lädt nicht" else None)
    answer = post(joined("text", "location", "without_number"), into=busy)
    assert answer.status_code == 429
    # The place came from the same driver as the text, and must not overtake it.
    assert busy.texts == ["hei, 4521 lader ikke"]


def test_a_place_comes_in(post: Post, intake: KeptIntake) -> None:
    post(payload("location"))
    assert intake.only.position == InboundPosition(latitude=47.3769, longitude=8.5417)


def test_a_tap_is_the_choice_of_its_own_proposal(post: Post, intake: KeptIntake) -> None:
    post(payload("button_reply"))
    message = intake.only
    assert (message.text, message.choice) == (
        "Ja, neu starten", Choice(kind="answer", value="yes:5f0c2a9d1b7e4c83"),
    )  # fmt: skip


def test_a_row_comes_in_with_its_whole_label(post: Post, intake: KeptIntake) -> None:
    post(payload("list_reply"))
    message = intake.only
    assert message.text == "Das Auto lädt nicht, obwohl es angeschlossen ist"
    assert message.choice == Choice(kind="topic", value="charging-wont-start")


def test_a_button_of_a_template_is_its_words(post: Post, intake: KeptIntake) -> None:
    post(payload("template_button"))
    assert (intake.only.text, intake.only.choice) == ("Hilfe", None)


def test_a_reply_that_did_not_arrive_after_all_is_told_without_the_drivers_number(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        post(payload("failed"))
    assert "131047 Re-engagement message" in caplog.text
    assert "41791234567" not in caplog.text


def test_a_very_long_id_is_kept_short(post: Post, intake: KeptIntake) -> None:
    told = payload("text")
    told["entry"][0]["changes"][0]["value"]["messages"][0]["id"] = "wamid." + "x" * 300
    assert post(told).status_code == 200
    assert len(intake.only.message_id) == 64


def test_an_id_that_comes_with_other_words_does_not_come_for_ever(post: Post, intake: KeptIntake) -> None:
    post(payload("text"))
    changed = payload("text")
    changed["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"] = "something else"
    assert post(changed).status_code == 200
    assert intake.texts == ["4521 lädt nicht"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"object": 1}', b'{"object": "x", "entry": [{"changes": 3}]}'])
def test_news_of_an_unknown_form_do_not_come_for_ever(post: Post, intake: KeptIntake, body: bytes) -> None:
    assert post(body).status_code == 200
    assert intake.taken == []


@pytest.mark.parametrize(
    "field", [{"timestamp": "9" * 30}, {"text": {"body": "a\x00b"}}, {"text": 3}, {"id": ""}, {"from": "x" * 300}]
)
def test_a_message_that_cannot_be_kept_holds_up_no_other(
    post: Post, intake: KeptIntake, field: dict[str, object]
) -> None:
    told = joined("text", "without_number")
    told["entry"][0]["changes"][0]["value"]["messages"][0] |= field
    assert post(told).status_code == 200
    assert "hei, 4521 lader ikke" in intake.texts
