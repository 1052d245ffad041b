"""Requests: what is followed, what is repeated, what is too much, and where the token goes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator

import httpx
import pytest

from bot.adapters.ocpi.http import OcpiHttp
from bot.errors import Unavailable
from tests.bot.adapters.ocpi.party import HOME, TOKEN, a_connection, rules, unread

PAGE = f"{HOME}/page"


class Wire(httpx.BaseTransport):
    """Answers what it was given, one after another, the last one again and again."""

    def __init__(self, *answers: Callable[[], httpx.Response]) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer()


def failing(error: type[httpx.RequestError]) -> Callable[[], httpx.Response]:
    def fail() -> httpx.Response:
        raise error("it went wrong")

    return fail


def status(code: int, **headers: str) -> Callable[[], httpx.Response]:
    return lambda: unread(httpx.Response(code, headers=headers, content=b"body"))


class Trickle(httpx.SyncByteStream):
    """Never ends."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b"x" * 1000


def asking(wire: Wire, **changes: object) -> OcpiHttp:
    return OcpiHttp(a_connection(), rules(**changes), wire, sleep=lambda _: None)


def get(wire: Wire, url: str = PAGE, **changes: object) -> bytes:
    http = asking(wire, **changes)
    try:
        return http.get(url, {}, {}).body
    finally:
        http.close()


def post(wire: Wire) -> int:
    http = asking(wire)
    try:
        return http.post(PAGE, {"a": 1}, {}, {}).status
    finally:
        http.close()


def test_the_token_is_shown_in_base64() -> None:
    wire = Wire(status(200))
    get(wire)
    assert wire.asked[0].headers["Authorization"] == f"Token {b64encode(TOKEN.encode()).decode()}"


def test_the_token_is_shown_as_it_is_to_those_who_want_that() -> None:
    wire = Wire(status(200))
    http = OcpiHttp(a_connection(plain_tokens=True), rules(), wire)
    http.get(PAGE, {}, {})
    assert wire.asked[0].headers["Authorization"] == f"Token {TOKEN}"
    http.close()


def test_every_request_has_ids_of_its_own() -> None:
    wire = Wire(status(500), status(200))
    get(wire)
    assert len({each.headers["X-Request-ID"] for each in wire.asked}) == 2
    assert all(each.headers["X-Correlation-ID"] for each in wire.asked)


@pytest.mark.parametrize(
    "first",
    [status(500), status(503), failing(httpx.ConnectError), failing(httpx.ReadTimeout), failing(httpx.ReadError)],
)
def test_a_read_that_fails_for_the_moment_is_repeated(first: Callable[[], httpx.Response]) -> None:
    assert get(Wire(first, status(200))) == b"body"


def test_a_read_is_given_up_after_some_attempts() -> None:
    wire = Wire(status(500))
    with pytest.raises(Unavailable, match="500"):
        get(wire, attempts=3)
    assert len(wire.asked) == 3


def test_a_read_that_was_refused_is_not_repeated() -> None:
    wire = Wire(status(403))
    get(wire)
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (httpx.ConnectError, False),
        (httpx.ConnectTimeout, False),
        (httpx.PoolTimeout, False),
        (httpx.ReadTimeout, True),
        (httpx.WriteTimeout, True),
        (httpx.RemoteProtocolError, True),
        (httpx.ReadError, True),
    ],
)
def test_what_is_sent_once_says_whether_it_may_have_arrived(error: type[httpx.RequestError], sent: bool) -> None:
    wire = Wire(failing(error))
    with pytest.raises(Unavailable) as caught:
        post(wire)
    assert (caught.value.sent, len(wire.asked)) == (sent, 1)


def test_a_redirect_on_the_same_host_is_followed() -> None:
    wire = Wire(status(307, Location=f"{PAGE}/"), status(200))
    assert get(wire) == b"body"
    assert str(wire.asked[1].url) == f"{PAGE}/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/ocpi/page", "http://cpo.example/ocpi/page", "https://cpo.example:8443/x"]
)
def test_a_redirect_to_another_host_is_not_followed(elsewhere: str) -> None:
    wire = Wire(status(307, Location=elsewhere), status(200))
    with pytest.raises(Unavailable, match="another host"):
        get(wire)
    assert len(wire.asked) == 1


def test_redirects_without_end_are_given_up() -> None:
    with pytest.raises(Unavailable, match="sends on"):
        get(Wire(status(307, Location=PAGE)))


def test_what_is_sent_is_never_sent_on() -> None:
    wire = Wire(status(307, Location=f"{PAGE}/"), status(200))
    assert (post(wire), len(wire.asked)) == (307, 1)


@pytest.mark.parametrize(
    "url", ["https://evil.example/x", "http://cpo.example/x", "https://cpo.example.evil.example/x", "::", "file:///x"]
)
def test_no_other_host_is_asked(url: str) -> None:
    wire = Wire(status(200))
    with pytest.raises(Unavailable) as caught:
        get(wire, url)
    assert (wire.asked, caught.value.sent) == ([], False)


def test_a_host_that_the_connection_names_is_asked() -> None:
    wire = Wire(status(200))
    http = OcpiHttp(a_connection(hosts={"hub.example"}), rules(), wire)
    assert http.get("https://hub.example/x", {}, {}).status == 200
    http.close()


def test_a_host_that_the_connection_names_is_not_asked_in_the_open() -> None:
    http = OcpiHttp(a_connection(hosts={"hub.example"}), rules(), Wire(status(200)))
    with pytest.raises(Unavailable, match=r"hub\.example"):
        http.get("http://hub.example/x", {}, {})
    http.close()


def test_an_answer_without_end_is_cut_off() -> None:
    with pytest.raises(Unavailable, match="more than 5000 bytes"):
        get(Wire(lambda: httpx.Response(200, stream=Trickle())), largest_bytes=5000)


def test_an_answer_that_trickles_too_long_is_given_up() -> None:
    with pytest.raises(Unavailable, match="in time"):
        get(Wire(lambda: httpx.Response(200, stream=Trickle())), answer_s=1e-9)


def test_a_compressed_answer_is_refused() -> None:
    # Bytes that are not gzip: a client that unpacked them would fail in another way.
    with pytest.raises(Unavailable, match="compressed"):
        get(Wire(lambda: httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Trickle())))
