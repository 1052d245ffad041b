"""What Request Tracker answers, and what is made of it."""

from __future__ import annotations

from base64 import b64encode

import httpx
import pytest
from pydantic import SecretStr

from bot.adapters.desk.rt_http import RtHttp
from bot.errors import NotFound, Unavailable
from tests.bot.adapters.desk.server import CONNECTION, RULES, Server, says

HTML = httpx.Response(200, text="<html>Login</html>", headers={"Content-Type": "text/html; charset=utf-8"})


def http(server: Server) -> RtHttp:
    return RtHttp(CONNECTION, RULES, server)


def refusal(server: Server, method: str = "GET") -> Unavailable:
    with pytest.raises(Unavailable) as refused:
        if method == "GET":
            http(server).get("ticket/1")
        else:
            http(server).send(method, "ticket/1", {})
    return refused.value


def test_a_token_is_sent_in_the_header() -> None:
    server = Server().gives("GET ticket/1", says({"id": 1}))
    assert http(server).get("ticket/1") == {"id": 1}
    assert server.asked[0].headers["Authorization"] == "token hush-hush"


def test_a_user_signs_in_with_the_password() -> None:
    server = Server().gives("GET ticket/1", says({"id": 1}))
    RtHttp(CONNECTION.model_copy(update={"user": "plugdesk"}), RULES, server).get("ticket/1")
    assert server.asked[0].headers["Authorization"] == "Basic " + b64encode(b"plugdesk:hush-hush").decode()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (says({}, 401), "does not let Plugdesk in (401)"),
        (HTML, "answered text/html and not JSON (200): check the address"),
        (httpx.Response(302, headers={"Location": "/NoAuth/Login.html"}), "sends on to another page (302)"),
        (httpx.Response(200, text="{", headers={"Content-Type": "application/json"}), "answered broken JSON (200)"),
        (says({"message": "Forbidden"}, 403), "does not allow it (403): Forbidden; see rt.initialdata"),
        (says({"message": "Bad\nquery"}, 400), "refused it (400): Bad query"),
        (says({"message": "Oops"}, 500), "failed (500): Oops"),
        (says("x" * 5000, 502), "failed (502): " + "x" * 200),
        (httpx.ReadTimeout("late"), "no answer in time"),
        (httpx.ConnectError("refused"), "cannot be reached (ConnectError)"),
        (httpx.RemoteProtocolError("gone"), "cannot be reached (RemoteProtocolError)"),
    ],
)
def test_what_goes_wrong_is_said_in_words_and_without_the_secret(
    answer: httpx.Response | Exception, words: str
) -> None:
    refused = refusal(Server().gives("GET ticket/1", answer))
    assert refused.reason.startswith(words)
    assert CONNECTION.secret.get_secret_value() not in refused.reason


def test_an_answer_that_is_too_long_is_not_read_to_the_end() -> None:
    rules = RULES.model_copy(update={"largest_bytes": 10})
    with pytest.raises(Unavailable, match="answered more than 10 bytes"):
        RtHttp(CONNECTION, rules, Server().gives("GET ticket/1", says({"id": 123456}))).get("ticket/1")


def test_what_there_is_not_is_not_found() -> None:
    with pytest.raises(NotFound, match="No such ticket"):
        http(Server().gives("GET ticket/1", says({"message": "No such ticket"}, 404))).get("ticket/1")


@pytest.mark.parametrize("passing", [httpx.ReadTimeout("late"), httpx.ConnectError("refused"), says({}, 503)])
def test_what_may_pass_is_read_again(passing: httpx.Response | Exception) -> None:
    server = Server().gives("GET ticket/1", passing, says({"id": 1}))
    assert http(server).get("ticket/1") == {"id": 1}


@pytest.mark.parametrize("lasting", [says({}, 401), says({}, 403), HTML])
def test_what_lasts_is_not_read_again(lasting: httpx.Response) -> None:
    server = Server().gives("GET ticket/1", lasting)
    refusal(server)
    assert len(server.asked) == 1


@pytest.mark.parametrize("answer", [httpx.ReadTimeout("late"), httpx.ConnectError("refused"), says({}, 503)])
def test_a_change_is_sent_once(answer: httpx.Response | Exception) -> None:
    server = Server().gives("PUT ticket/1", answer)
    refusal(server, "PUT")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        (httpx.ConnectError("refused"), False),
        (httpx.ConnectTimeout("late"), False),
        (httpx.ReadTimeout("late"), True),
        (httpx.RemoteProtocolError("gone"), True),
        (says({}, 503), True),
        (HTML, True),
        (says({}, 401), False),
        (says({}, 403), False),
        (says({}, 422), False),
    ],
)
def test_whether_a_change_may_have_arrived_is_told(answer: httpx.Response | Exception, sent: bool) -> None:
    assert refusal(Server().gives("PUT ticket/1", answer), "PUT").sent is sent


def test_a_secret_with_letters_of_every_kind_is_sent_as_it_is() -> None:
    server = Server().gives("GET ticket/1", says({}))
    connection = CONNECTION.model_copy(update={"user": "plugdesk", "secret": SecretStr("p:ä/@")})
    RtHttp(connection, RULES, server).get("ticket/1")
    assert server.asked[0].headers["Authorization"] == "Basic " + b64encode("plugdesk:p:ä/@".encode()).decode()
