"""From the bytes of a mail to what its driver wrote."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.messengers.mail.letters import Broken, Skipped
from tests.bot.channels.mail.mails import ARRIVED, OWN, SENDER, file, mail, reader
from tests.bot.desk.pictures import encoded, picture

PHOTO = encoded(picture(400, 300), quality=95) + b"\0" * 12_000


def test_an_answer_from_a_phone() -> None:
    letter = reader().read(file("phone_answer"), ARRIVED)
    message = letter.message
    assert message.text == "Den blinker rødt nå"
    assert (message.sender, message.message_id, message.locale) == (SENDER, "<second@driver.example>", "nb-NO")
    assert message.sent_at == datetime(2026, 11, 25, 9, 20, tzinfo=UTC)
    assert letter.thread.subject == "Re: Laderen på brygga"
    assert letter.thread.references == ("<zeroth@driver.example>", "<first@example.com>")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("only_html", "Borne 4521\n\nLe câble est bloqué, ça coûte 5 € par heure !\n\nMerci d'avance"),
        ("unknown_charset", "Ładowarka 4521 nie działa"),
        ("undeclared_charset", "Säule lädt nicht"),
        ("no_body", "Station 4521 does not charge"),
    ],
)
def test_the_text_of_messy_mails(name: str, text: str) -> None:
    assert reader().read(file(name), ARRIVED).message.text == text


def test_what_is_forwarded_without_a_word_is_the_text() -> None:
    assert "charged twice" in reader().read(file("forwarded"), ARRIVED).message.text


def test_the_subject_of_a_first_mail_is_part_of_it() -> None:
    letter = reader().read(mail("it does not charge", {"Subject": "Station 4521"}), ARRIVED)
    assert letter.message.text == "Station 4521\n\nit does not charge"


def test_the_subject_of_an_answer_is_not() -> None:
    letter = reader().read(mail("2", {"Subject": "Station 4521", "In-Reply-To": "<x@example.com>"}), ARRIVED)
    assert letter.message.text == "2"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated (vacation)"},
        {"Precedence": "Bulk"},
        {"X-Auto-Response-Suppress": "DR, OOF, AutoReply"},
        {"X-Auto-Response-Suppress": "All"},
        {"Return-Path": "<>"},
        {"List-Id": "Drivers <drivers.lists.example>"},
        {"List-Unsubscribe": "<mailto:off@lists.example>"},
        {"X-Autoreply": "yes"},
        {"From": f"Help <{OWN.upper()}>"},
        {"From": "noreply@shop.example"},
        {"From": "do-not-reply@shop.example"},
        {"From": "MAILER-DAEMON@mx.example"},
    ],
    ids=str,
)
def test_programs_are_not_answered(headers: dict[str, str]) -> None:
    with pytest.raises(Skipped):
        reader().read(mail(headers=headers), ARRIVED)


@pytest.mark.parametrize("name", ["bounce", "invitation"])
def test_bounces_and_invitations_are_not_answered(name: str) -> None:
    with pytest.raises(Skipped):
        reader().read(file(name), ARRIVED)


@pytest.mark.parametrize(
    "headers", [{"Auto-Submitted": "no"}, {"Precedence": "first-class"}, {"X-Auto-Response-Suppress": "DR"}], ids=str
)
def test_people_are_answered(headers: dict[str, str]) -> None:
    assert reader().read(mail(headers=headers), ARRIVED).message.text == "the cable is stuck"


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "Ane",
        "a@driver.example, b@driver.example",
        "undisclosed-recipients:;",
        f"{'a' * 300}@b.example",
        "åne@driver.example",
    ],
)
def test_without_one_sender_nobody_can_be_answered(sender: str) -> None:
    with pytest.raises(Broken):
        reader().read(mail(headers={"From": sender}), ARRIVED)


def test_two_senders_in_two_headers_are_none() -> None:
    with pytest.raises(Broken):
        reader().read(b"From: a@driver.example\r\n" + mail(), ARRIVED)


def test_a_mail_without_an_id_is_known_by_its_bytes() -> None:
    raw = mail(headers={"Message-ID": ""})
    assert reader().read(raw, ARRIVED).message.message_id == f"sha256:{hashlib.sha256(raw).hexdigest()}"


def test_an_id_that_is_too_long_is_shortened_but_threads() -> None:
    long = f"<{'a' * 200}@driver.example>"
    letter = reader().read(mail(headers={"Message-ID": long}), ARRIVED)
    assert len(letter.message.message_id) <= 128
    assert letter.thread.message_id == long


@pytest.mark.parametrize("id", ["<a\N{LATIN SMALL LETTER E WITH ACUTE}@b>", '<"a"@b>', "no brackets", "<a b@c>"])
def test_an_id_that_would_not_thread_is_none(id: str) -> None:
    raw = mail(headers={"Message-ID": ""})
    raw = f"Message-ID: {id}\r\n".encode() + raw
    assert reader().read(raw, ARRIVED).thread.message_id == ""


@pytest.mark.parametrize(
    ("date", "sent"),
    [
        ("Wed, 25 Nov 2026 10:00:00 +0100", ARRIVED - timedelta(minutes=30)),
        ("Wed, 25 Nov 2026 09:00:00 -0000", ARRIVED - timedelta(minutes=30)),
        ("Wed, 25 Nov 2026 09:31:00 +0000", ARRIVED + timedelta(minutes=1)),
        ("Fri, 25 Nov 2126 09:00:00 +0000", ARRIVED),
        ("Wed, 01 Jan 1970 00:00:00 +0000", ARRIVED),
        ("yesterday", ARRIVED),
        ("Wed, 25 Nov 99999 09:00:00 +9999", ARRIVED),
    ],
)
def test_a_date_is_believed_if_it_can_be(date: str, sent: datetime) -> None:
    raw = f"Date: {date}\r\n".encode() + mail()
    assert reader().read(raw, ARRIVED).message.sent_at == sent


@pytest.mark.parametrize("language", ["x" * 40, "de; q=1", "<script>"])
def test_a_language_that_is_none_is_left_out(language: str) -> None:
    assert reader().read(mail(headers={"Content-Language": language}), ARRIVED).message.locale is None


def test_photos_are_taken_and_logos_are_not() -> None:
    letter = reader().read(mail(jpeg=PHOTO, png=encoded(picture(20, 20), "PNG"), gif=b"GIF89a" + PHOTO), ARRIVED)
    assert letter.photos == (PHOTO,)


def test_a_photo_that_is_called_a_file_is_taken() -> None:
    raw = mail(jpeg=PHOTO).replace(b"Content-Type: image/jpeg", b"Content-Type: application/octet-stream")
    assert reader().read(raw, ARRIVED).photos == (PHOTO,)


def test_photos_beyond_the_limits_are_left_out() -> None:
    raw = mail(jpeg=PHOTO, png=PHOTO, webp=PHOTO)
    assert len(reader(most_photos=2).read(raw, ARRIVED).photos) == 2
    assert reader(largest_photo_bytes=len(PHOTO) - 1).read(raw, ARRIVED).photos == ()


def nested(depth: int) -> bytes:
    """Parts inside parts."""
    head = b"From: ane@driver.example\r\nSubject: Re: x\r\n"
    parts = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (at, at) for at in range(depth))
    return head + parts + b"\r\ndeep"


def test_a_few_parts_inside_parts_are_read() -> None:
    assert reader().read(nested(5), ARRIVED).message.text == "deep"


def test_a_bomb_of_parts_inside_parts_is_not_parsed() -> None:
    with pytest.raises(Broken, match="parts"):
        reader().read(nested(5_000), ARRIVED)


def test_a_bomb_of_empty_parts_is_not_parsed() -> None:
    raw = b"From: ane@driver.example\r\nContent-Type: multipart/digest; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 20_000
    with pytest.raises(Broken, match="parts"):
        reader().read(raw, ARRIVED)


def test_headers_without_an_end_are_not_parsed() -> None:
    with pytest.raises(Broken, match="headers"):
        reader().read(b"X: y\r\n" * 20_000, ARRIVED)


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"\xff\xfe\x00", b"From: <<<>>>@\r\n\r\nx", b"From: (((((\r\n\r\n"])
def test_what_is_no_mail_is_broken(raw: bytes) -> None:
    with pytest.raises(Broken):
        reader().read(raw, ARRIVED)


def test_html_inside_html_without_an_end_is_read_or_broken() -> None:
    page = mail("<div>" * 50_000 + "deep").replace(b"text/plain", b"text/html")
    assert "<div>" not in reader().read(page, ARRIVED).message.text


def test_a_long_mail_is_cut() -> None:
    assert len(reader().read(mail("word " * 40_000), ARRIVED).message.text) == 10_000


def test_what_no_database_takes_is_left_out() -> None:
    raw = mail().replace(b"the cable", b"the \0 cable")
    assert "\0" not in reader().read(raw, ARRIVED).message.text
