"""Answers of every kind: what they come to."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from bot.adapters.ocpi.envelope import data_of, one_of, shaped
from bot.adapters.ocpi.http import Answer
from bot.adapters.ocpi.objects import Credentials, Token
from bot.errors import NotFound, Unavailable


def an_answer(body: Any, status: int = 200, kind: str = "application/json") -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, httpx.Headers({"Content-Type": kind}), raw)


@pytest.mark.parametrize("code", [1000, 1001, 1999])
def test_data_of_an_answer_that_says_yes(code: int) -> None:
    assert data_of(an_answer({"data": [1], "status_code": code})) == [1]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>502 Bad Gateway</body></html>",
        b'{"data": [{"id": "LOC-SEE',
        b'{"data": []}',
        b'{"data": [], "status_code": "many"}',
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_no_envelope_is_nonsense(body: bytes) -> None:
    with pytest.raises(Unavailable, match="no OCPI envelope"):
        data_of(an_answer(body))


@pytest.mark.parametrize(
    ("status", "code", "sent"),
    [
        (200, 2000, False),
        (200, 2001, False),
        (400, 2001, False),
        (200, 2002, False),
        (200, 3000, True),
        (200, 3001, True),
        (200, 4001, True),
        (200, 99, True),
        (500, 1000, True),
    ],
)
def test_an_answer_that_says_no_tells_whether_it_was_carried_out(status: int, code: int, sent: bool) -> None:
    with pytest.raises(Unavailable, match=str(code)) as caught:
        data_of(an_answer({"status_code": code}, status))
    assert caught.value.sent is sent


@pytest.mark.parametrize(("status", "code"), [(200, 2003), (200, 2004), (404, 2003), (404, 2000)])
def test_an_unknown_location_or_token_is_not_found(status: int, code: int) -> None:
    with pytest.raises(NotFound):
        data_of(an_answer({"status_code": code}, status))


def test_a_404_in_json_is_not_found() -> None:
    with pytest.raises(NotFound):
        data_of(an_answer({"detail": "Object not found."}, 404))


def test_a_404_page_of_a_web_server_says_nothing_of_the_thing() -> None:
    with pytest.raises(Unavailable, match="404"):
        data_of(an_answer(b"<html>", 404, "text/html"))


@pytest.mark.parametrize("body", [{"detail": "Not Found"}, {"status_code": 2000}])
def test_a_404_where_no_single_thing_was_asked_for_says_nothing_of_it(body: Any) -> None:
    with pytest.raises(Unavailable, match="404"):
        data_of(an_answer(body, 404), names_a_thing=False)


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_not_taken_is_said(status: int) -> None:
    with pytest.raises(Unavailable, match="token") as caught:
        data_of(an_answer({"detail": "no"}, status))
    assert not caught.value.sent


def test_their_words_for_the_log_are_one_short_line() -> None:
    message = "no\nERROR forged line\x1b[31m" + "x" * 1000
    with pytest.raises(Unavailable) as caught:
        data_of(an_answer({"status_code": 2000, "status_message": message}))
    assert "noERROR" in caught.value.reason
    assert caught.value.reason.isprintable()
    assert len(caught.value.reason) < 200


@pytest.mark.parametrize("data", [{"id": "1"}, [{"id": "1"}]])
def test_one_object_may_be_wrapped_in_a_list(data: Any) -> None:
    assert one_of(data) == {"id": "1"}


@pytest.mark.parametrize("data", [[], [{}, {}]])
def test_a_list_of_none_or_several_is_not_one_object(data: Any) -> None:
    with pytest.raises(Unavailable, match=f"{len(data)} objects"):
        one_of(data)


def test_what_is_of_the_wrong_form_is_told_by_field_and_not_by_value() -> None:
    with pytest.raises(Unavailable, match="a token of the wrong form: uid") as caught:
        shaped(Token, {"visual_number": "SECRET"}, "a token")
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("data", [None, "text", 7, []])
def test_what_is_no_object_at_all_is_of_the_wrong_form(data: Any) -> None:
    with pytest.raises(Unavailable, match="wrong form"):
        shaped(Token, data, "a token")


def test_a_token_of_credentials_is_not_shown() -> None:
    assert "very-secret" not in repr(Credentials(token="very-secret", url="https://x.example"))
