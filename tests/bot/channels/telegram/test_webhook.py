"""What Telegram posts: who may post, and what becomes of each kind of update."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fastapi import HTTPException

from bot.channels.messengers.ports import InboundPosition
from bot.types import Choice
from tests.bot.channels.intakes import KeptIntake
from tests.bot.channels.telegram.conftest import SECRET, Post, payload
from tests.bot.channels.telegram.standin import TelegramStandin, Trouble


def test_a_text_comes_in_with_who_wrote_it_and_when(post: Post, intake: KeptIntake) -> None:
    assert post(payload("text")).status_code == 200
    message = intake.only
    assert (message.sender, message.text, message.locale) == ("4711", "bilen lader ikke på 4521", "nb")
    assert message.sent_at == datetime.fromtimestamp(1_764_147_701, UTC)
    assert intake.channels == {"tg"}


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], SECRET + "x", "é".encode()])
def test_without_the_secret_nothing_is_read(post: Post, intake: KeptIntake, secret: str | bytes) -> None:
    answer = post(b"{ no json", secret)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert "plugdesk telegram webhook" in answer.json()["detail"]
    assert intake.taken == []


def test_the_same_update_twice_is_one_message(post: Post, intake: KeptIntake) -> None:
    assert [post(payload("text")).status_code for _ in range(2)] == [200, 200]
    assert len(intake.taken) == 1


def test_an_id_that_comes_with_other_words_does_not_come_for_ever(post: Post, intake: KeptIntake) -> None:
    post(payload("text"))
    changed = payload("text")
    changed["message"]["text"] = "something else"
    assert post(changed).status_code == 200
    assert intake.texts == ["bilen lader ikke på 4521"]


@pytest.mark.parametrize("name", ["edited", "group", "own", "blocked", "pinned"])
def test_what_no_driver_wrote_to_the_bot_alone_is_left_out(post: Post, intake: KeptIntake, name: str) -> None:
    assert post(payload(name)).status_code == 200
    assert intake.taken == []


@pytest.mark.parametrize("name", ["sticker", "voice", "pdf"])
def test_what_cannot_be_read_is_a_message_without_a_word(post: Post, intake: KeptIntake, name: str) -> None:
    assert post(payload(name)).status_code == 200
    assert intake.only.text == ""


def test_start_is_a_hello_in_the_drivers_language(post: Post, intake: KeptIntake) -> None:
    post(payload("start"))
    assert intake.only.text == "Hei"


@pytest.mark.parametrize(
    ("code", "hello"), [("de", "Hallo"), ("pt-br", "Olá"), ("no", "Hei"), ("uk", "Hello"), (None, "Hello")]
)
def test_start_in_other_languages(post: Post, intake: KeptIntake, code: str | None, hello: str) -> None:
    update = payload("start")
    update["message"]["from"]["language_code"] = code
    post(update)
    assert intake.only.text == hello


def test_a_deep_link_brings_what_it_carries(post: Post, intake: KeptIntake) -> None:
    post(payload("start_station"))
    assert intake.only.text == "CH-EPO-E4521"


def test_a_command_is_read_as_words(post: Post, intake: KeptIntake) -> None:
    post(payload("command"))
    assert intake.only.text == "talk to person"


def test_a_photo_comes_in_its_largest_size_with_its_caption(
    post: Post, intake: KeptIntake, telegram: TelegramStandin
) -> None:
    telegram.files["AgAC-large"] = b"\xff\xd8 large"
    assert post(payload("photo")).status_code == 200
    ((message, photos),) = intake.taken
    assert (message.text, photos) == ("slik ser displayet ut", (b"\xff\xd8 large",))


def test_a_picture_sent_as_a_document_is_a_photo(post: Post, intake: KeptIntake, telegram: TelegramStandin) -> None:
    telegram.files["BQAC-doc"] = b"heic"
    post(payload("document"))
    assert intake.taken[0][1] == (b"heic",)


def test_a_photo_that_does_not_come_now_is_told_again_later(
    post: Post, intake: KeptIntake, telegram: TelegramStandin
) -> None:
    telegram.files["AgAC-large"] = b"jpeg"
    telegram.troubles = [Trouble("getFile", 429, "Too Many Requests: retry after 7", 7)]
    answer = post(payload("photo"))
    assert (answer.status_code, answer.headers["Retry-After"], intake.taken) == (503, "7", [])
    assert post(payload("photo")).status_code == 200
    assert intake.taken[0][1] == (b"jpeg",)


def test_a_photo_that_will_never_come_is_left_out(post: Post, intake: KeptIntake) -> None:
    assert post(payload("photo")).status_code == 200
    ((message, photos),) = intake.taken
    assert (message.text, photos) == ("slik ser displayet ut", ())


def test_a_photo_that_is_too_large_is_not_fetched(post: Post, intake: KeptIntake, telegram: TelegramStandin) -> None:
    telegram.files["AgAC-large"], telegram.claimed_size = b"jpeg", 10 * 1024 * 1024 + 1
    post(payload("photo"))
    assert intake.taken[0][1] == ()


def test_a_photo_that_is_larger_than_told_is_left_out(
    post: Post, intake: KeptIntake, telegram: TelegramStandin
) -> None:
    telegram.files["AgAC-large"], telegram.claimed_size = b"x" * (10 * 1024 * 1024 + 1), 10
    post(payload("photo"))
    assert intake.taken[0][1] == ()


def test_the_path_of_a_file_leads_nowhere_else(post: Post, intake: KeptIntake, telegram: TelegramStandin) -> None:
    telegram.files["AgAC-large"], telegram.file_path = b"jpeg", "../../bot/getMe?x=1#y"
    post(payload("photo"))
    assert telegram.calls == ["getFile"]
    assert intake.taken[0][1] == ()


@pytest.mark.parametrize(("name", "place"), [("location", (47.3769, 8.5417)), ("venue", (46.9480, 7.4474))])
def test_a_place_comes_in(post: Post, intake: KeptIntake, name: str, place: tuple[float, float]) -> None:
    post(payload(name))
    assert intake.only.position == InboundPosition(latitude=place[0], longitude=place[1])


def test_a_tap_is_the_choice_of_its_own_proposal(post: Post, intake: KeptIntake, telegram: TelegramStandin) -> None:
    telegram.open_taps.add("20234567890123456")
    post(payload("tap"))
    message = intake.only
    assert (message.text, message.choice) == (
        "Ja, start på nytt", Choice(kind="answer", value="yes:5f0c2a9d1b7e4c83"),
    )  # fmt: skip
    assert telegram.calmed == ["20234567890123456"]


def test_a_tap_below_a_message_that_is_too_old_to_be_shown(post: Post, intake: KeptIntake) -> None:
    assert post(payload("old_tap")).status_code == 200
    assert intake.only.choice == Choice(kind="answer", value="no:11aa22bb33cc44dd")


def test_a_tap_that_cannot_be_confirmed_counts_all_the_same(
    post: Post, intake: KeptIntake, telegram: TelegramStandin
) -> None:
    telegram.troubles = [Trouble("answerCallbackQuery", 500)]
    assert post(payload("tap")).status_code == 200
    assert len(intake.taken) == 1


def test_a_message_is_confirmed_only_when_it_is_kept(post: Post, telegram: TelegramStandin) -> None:
    busy = KeptIntake(lambda message: HTTPException(429, "too often", {"Retry-After": "9"}))
    telegram.open_taps.add("20234567890123456")
    answer = post(payload("tap"), into=busy)
    assert (answer.status_code, answer.headers["Retry-After"], telegram.calmed) == (429, "9", [])


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"update_id": 1, "message": {"message_id": "x"}}', b'{"update_id": 1, "message": "\\ud800"}'],
)
def test_news_of_an_unknown_form_do_not_come_for_ever(post: Post, intake: KeptIntake, body: bytes) -> None:
    assert post(body).status_code == 200
    assert intake.taken == []


@pytest.mark.parametrize(
    "field", [{"date": 10**18}, {"text": "a\x00b"}, {"location": {"latitude": 91, "longitude": 0}}]
)
def test_a_message_that_cannot_be_kept_does_not_come_for_ever(
    post: Post, intake: KeptIntake, field: dict[str, object]
) -> None:
    update = payload("text")
    update["message"] |= field
    assert post(update).status_code == 200
