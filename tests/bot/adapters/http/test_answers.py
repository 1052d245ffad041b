"""How an answer is read by the file's expressions and conditions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.adapters.http.answers import Unfit
from bot.adapters.http.connector import HttpConnector
from bot.errors import NotFound, Unavailable
from bot.tools.values import Account, Charger, Done, Refused, WorldValue
from tests.bot.adapters.http.opened import ACCOUNT, Scripted, a_spec

CHARGER: dict[str, Any] = {
    "method": "GET",
    "path": "/c/{charger}",
    "response": {"id": "id", "vendor": "vendor", "model": "'X'", "connected": "online", "booted_at": "booted"},
}
ROLE: dict[str, Any] = {"method": "GET", "path": "/c/{charger}/{user}", "response": {"role": "role"}}
RESTART: dict[str, Any] = {"method": "POST", "path": "/c/{charger}/restart"}
FINE = {"id": "7", "vendor": None, "online": True, "booted": "2026-03-01T08:00:00Z"}
ARGUMENTS = {
    "accounts.account": {"number": "40711"},
    "chargers.charger": {"charger": "7"},
    "chargers.role": {"charger": "7", "user": "ane"},
    "chargers.restart": {"charger": "7", "key": "k"},
}
Ask = Callable[..., WorldValue | None]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Ask a system that answers this, by a file with this one call."""

    def asked(name: str, call: dict[str, Any], answer: httpx.Response, **keys: Any) -> WorldValue | None:
        spec = a_spec(tmp_path, **{"calls": {name: call}, "retries": {"attempts": 1, "wait_s": 0}, **keys})
        connector = HttpConnector(spec, {}, Scripted(answer))
        try:
            return connector.ask(name, ARGUMENTS[name])
        finally:
            connector.close()

    return asked


def json(**keys: Any) -> httpx.Response:
    return httpx.Response(200, json=keys)


def test_a_value_is_read(ask: Ask) -> None:
    found = ask("chargers.charger", CHARGER, json(**FINE))
    assert isinstance(found, Charger)
    assert (found.id, found.vendor, found.connected) == ("7", None, True)


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"id": None}, "id", "finds nothing; where the answer may lack it, write what that means"),
        ({"id": 7}, "id", "input should be a valid string"),
        ({"online": "perhaps"}, "connected", "input should be a valid boolean"),
        ({"booted": "yesterday"}, "booted_at", "input should be a valid datetime"),
        ({"booted": "2026-03-01T08:00:00"}, "booted_at", "is a time without its zone; add it"),
    ],
)
def test_what_does_not_fit_is_said_field_by_field(ask: Ask, changes: dict[str, Any], field: str, problem: str) -> None:
    with pytest.raises(Unfit) as error:
        ask("chargers.charger", CHARGER, json(**{**FINE, **changes}))
    (misfit,) = error.value.misfits
    assert misfit.field == field
    assert problem in misfit.problem
    assert misfit.given == next(iter(changes.values()))


def test_an_expression_that_cannot_be_applied_is_said_without_the_value(ask: Ask) -> None:
    with pytest.raises(Unfit, match=r"number: join\(\) takes array-string, not string") as error:
        call = {**ACCOUNT, "response": {"number": "join('', holder)", "vendor": "vendor"}}
        ask("accounts.account", call, json(holder="Ane Nordmann"))
    assert "Ane" not in error.value.reason


def test_a_word_that_is_not_in_the_list_is_said(ask: Ask) -> None:
    call = {**ACCOUNT, "response": {"number": "number", "vendor": "word('vendors', vendor)"}}
    with pytest.raises(Unfit, match="words > vendors does not have 'other'"):
        ask("accounts.account", call, json(number="1", vendor="other"), words={"vendors": {"epo": "eponet"}})


@pytest.mark.parametrize(
    ("said", "vendor"), [("epo", "eponet"), (True, "own"), (7, "seven"), ("other", "unknown"), (None, None)]
)
def test_words_are_looked_up(ask: Ask, said: Any, vendor: str | None) -> None:
    call = {**ACCOUNT, "response": {"number": "number", "vendor": "word('vendors', vendor)"}}
    words = {"vendors": {"epo": "eponet", "true": "own", "7": "seven", "*": "unknown"}}
    found = ask("accounts.account", call, json(number="1", vendor=said), words=words)
    assert isinstance(found, Account)
    assert found.vendor == vendor


@pytest.mark.parametrize("body", [b"NaN", b"[" * 100_000, b"\xff", b'{"a": 1', b"id: 7"])
def test_what_is_no_json_is_unavailable(ask: Ask, body: bytes) -> None:
    with pytest.raises(Unavailable, match="which holds no JSON"):
        ask("chargers.charger", CHARGER, httpx.Response(200, content=body))


@pytest.mark.parametrize("answer", [httpx.Response(204), httpx.Response(200, content=b" "), json()])
def test_nothing_is_no_charger(ask: Ask, answer: httpx.Response) -> None:
    with pytest.raises(Unfit):
        ask("chargers.charger", CHARGER, answer)


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        (404, httpx.Response(404)),
        (200, json()),
        ("error.code == 'none'", httpx.Response(400, json={"error": {"code": "none"}})),
        ("count == `0`", json(count=0)),
        ("count", json(count=0)),
    ],
)
def test_a_condition_that_holds_says_that_there_is_none(ask: Ask, condition: int | str, answer: httpx.Response) -> None:
    with pytest.raises(NotFound):
        ask("chargers.charger", {**CHARGER, "missing_when": [condition]}, answer)


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("error.code == 'none'", httpx.Response(503, json={"error": {"code": "none"}})),
        ("error.code != 'some'", httpx.Response(400)),
        ("error.code != 'some'", httpx.Response(400, content=b"{")),
        ("length(error) == `0`", httpx.Response(400, json={"error": 7})),
        ("errors", httpx.Response(400, json={"errors": []})),
    ],
)
def test_a_failing_server_or_half_an_answer_says_nothing_of_what_there_is(
    ask: Ask, condition: str, answer: httpx.Response
) -> None:
    with pytest.raises(Unavailable):
        ask("chargers.charger", {**CHARGER, "missing_when": [condition]}, answer)


def test_no_role_and_no_charger_are_told_apart(ask: Ask) -> None:
    call = {**ROLE, "none_when": ["code == 'no_role'"], "missing_when": [404]}
    assert ask("chargers.role", call, httpx.Response(400, json={"code": "no_role"})) is None
    with pytest.raises(NotFound):
        ask("chargers.role", call, httpx.Response(404, json={"code": "no_charger"}))


def test_a_head_says_what_its_status_says(ask: Ask) -> None:
    call = {**ROLE, "method": "HEAD", "response": {"role": "'user'"}, "none_when": [404]}
    assert ask("chargers.role", call, httpx.Response(404)) is None
    assert ask("chargers.role", call, httpx.Response(200)) is not None


def test_the_first_reason_that_holds_is_taken(ask: Ask) -> None:
    call = {**RESTART, "refused_when": {"in_use": ["busy"], "other": [409]}}
    assert ask("chargers.restart", call, httpx.Response(409, json={"busy": True})) == Refused(reason="in_use")
    assert ask("chargers.restart", call, httpx.Response(409, json={"busy": False})) == Refused(reason="other")


def test_a_command_is_taken_where_any_success_says_so(ask: Ask) -> None:
    assert ask("chargers.restart", RESTART, httpx.Response(204)) == Done()


def test_a_command_of_which_the_system_says_neither_is_unsure(ask: Ask) -> None:
    call = {**RESTART, "done_when": ["state == 'accepted'"], "refused_when": {"other": ["state == 'rejected'"]}}
    with pytest.raises(Unavailable, match="neither that it took the command nor that it refused it") as error:
        ask("chargers.restart", call, json(state="queued"))
    assert error.value.sent
