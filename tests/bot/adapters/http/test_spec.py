"""What a connector's file may hold, and what is said where it holds something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from bot.adapters.http.calls import CALLS as CALL_NAMES
from bot.adapters.http.callspec import Call, Reason
from bot.adapters.http.spec import ConnectorSpec, read_spec
from bot.errors import SettingsError
from tests.bot.adapters.http.opened import ACCOUNT, EXAMPLE, a_file, a_spec

RESTART = {"method": "POST", "path": "/chargers/{charger}/restart"}
ROLE = {"method": "GET", "path": "/roles/{charger}/{user}", "response": {"role": "role"}}


def test_the_example_can_be_read(example: Path) -> None:
    assert read_spec(example).variables == ("EXAMPLE_URL", "EXAMPLE_TOKEN")


def test_what_is_left_out_has_its_usual_value(tmp_path: Path) -> None:
    assert a_spec(tmp_path).timeout_s == 1.5


def test_what_is_written_holds(tmp_path: Path) -> None:
    assert a_spec(tmp_path, timeout_s=0.7).timeout_s == 0.7


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"name": None}, "the key name is missing; write it, such as example-back-end"),
        ({"nmae": "x"}, "has no key 'nmae'; use name, base_url, auth"),
        ({"base_url": "api.example.com"}, "base_url: is no address; write one such as https://api.example.com/v1"),
        ({"base_url": "https://ane:s3cret@example.com"}, "must be without user, password, query and fragment"),
        ({"base_url": {"env": "NOT-A-NAME"}}, "base_url: write an address in quotes, or {env: NAME}"),
        ({"auth": {"bearer": {"env": "NOT-A-NAME"}}}, "auth > bearer > env: must be a variable's name"),
        ({"words": {"states": {True: "active"}}}, "words > states > 1 > [key]: must be text; put it in quotes"),
        ({"calls": ["accounts.account"]}, "calls: must be a section, such as {key: value}"),
        ({"auth": {}}, "auth: must have exactly one of bearer, basic and header"),
        ({"auth": {"bearer": {"env": "A"}, "header": {"name": "X", "value": {"env": "A"}}}}, "exactly one of"),
        ({"auth": {"bearer": "s3cret"}}, "auth > bearer: write {env: NAME}"),
        ({"auth": {"bearer": {"s3cret": "s3cret"}}}, "auth > bearer: write {env: NAME}"),
        ({"auth": {"basic": {"user": {"env": "A"}}}}, "auth > basic: the key password is missing; write it"),
        ({"timeout_s": 0}, "timeout_s: Input should be greater than 0"),
        ({"retries": {"attempts": 9, "wait_s": 0}}, "retries > attempts: Input should be less than or equal to 5"),
        ({"breaker": {"failures": 5}}, "breaker: the key reset_s is missing; write it, such as 30"),
        ({"calls": {}}, "calls: "),
        ({"calls": {"accounts.acount": ACCOUNT}}, "calls > accounts.acount: there is no such call; use acc"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, keys: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError) as error:
        a_spec(tmp_path, **keys)
    assert says in str(error.value)
    assert str(tmp_path / "connector.yaml") in str(error.value)
    assert "s3cret" not in str(error.value)


ACCOUNTS: list[tuple[dict[str, Any], str]] = [
    ({"method": "FETCH"}, "method: Input should be 'GET', 'HEAD', 'POST'"),
    ({"path": "accounts/{number}"}, "path: must begin with a slash"),
    ({"path": "/../accounts/{number}"}, "path: must begin with a slash"),
    ({"path": "/accounts/{number}?a=b"}, "path: must begin with a slash"),
    ({"path": "/accounts/{number"}, "path: must begin with a slash"),
    ({"path": "/konten/{number}/übersicht"}, "path: must begin with a slash"),
    ({"query": {"most": 1}}, "query > most: must be text; put it in quotes"),
    ({"headers": {"X": "a\nb"}}, "headers > X: must be one line of printable ASCII characters"),
    ({"path": "/accounts/{account}"}, "path: there is no {account} here; use {number}"),
    ({"query": {"n": "{id}"}}, "query > n: there is no {id} here; use {number}"),
    ({"headers": {"Authorization": "x"}}, "credentials belong to auth"),
    ({"headers": {"X Y": "x"}}, "'X Y' is no name of a header"),
    ({"body": "number"}, "body: GET has none; use query, or another method"),
    ({"method": "POST", "body": "{id: no}"}, "body: there is no 'no' here; use number, and quotes for a text"),
    ({"method": "POST", "body": "number["}, "body: 'number[' is no JMESPath expression"),
    ({"response": {"number": "no"}}, "the field vendor is missing; write vendor:"),
    ({"response": {"nmuber": "no"}}, "response: has no field 'nmuber'; use number, vendor"),
    ({"response": {"number": "no["}}, "response > number: 'no[' is no JMESPath expression"),
    ({"response": {"number": "string(no)"}}, "'string(no)' calls string(), which there is not; use "),
    ({"response": {"number": 5}}, "response > number: must be a JMESPath expression"),
    ({"missing_when": 404}, "missing_when: must be a list, such as [404]"),
    ({"missing_when": [40]}, "missing_when > 0: must be a status code such as 404"),
    ({"missing_when": ["word('x', y)"]}, "looks into 'x'; the lists under words are none"),
    ({"missing_when": ["word(x, y)"]}, "write the list's name in quotes"),
    ({"none_when": [204]}, "none_when: this call always finds something"),
    ({"refused_when": {"other": [409]}}, "refused_when, done_when: only for"),
    ({"idempotent": True}, "idempotent: only for a command with {key} in a header"),
]
RESTARTS: list[tuple[dict[str, Any], str]] = [
    ({"idempotent": True}, "idempotent: only for a command with {key} in a header"),
    ({"method": "GET"}, "method: a command changes something, which GET must not"),
    ({"refused_when": {"tired": [409]}}, "Input should be 'in_use', 'not_connected'"),
    ({"headers": {"Key": "{charge}"}}, "headers > Key: there is no {charge} here; use {charger}, {key}"),
]
CALLS = [
    *(("accounts.account", ACCOUNT | changes, says) for changes, says in ACCOUNTS),
    *(("chargers.restart", RESTART | changes, says) for changes, says in RESTARTS),
]


@pytest.mark.parametrize(("name", "call", "says"), CALLS)
def test_what_is_wrong_with_a_call_is_said(tmp_path: Path, name: str, call: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError) as error:
        a_spec(tmp_path, calls={name: call})
    assert f"calls > {name}" in str(error.value)
    assert says in str(error.value)


def test_everything_that_does_not_fit_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        a_spec(
            tmp_path,
            calls={"chargers.restart": {**RESTART, "method": "GET"}, "chargers.role": {**ROLE, "response": {}}},
        )
    assert "calls > chargers.restart > method" in str(error.value)
    assert "calls > chargers.role > response" in str(error.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name: [", "is no YAML"),
        (b"\xff\xfe\xff", "is no YAML"),
        (b"- a\n", "must hold a connector: name, base_url"),
        (b"", "must hold a connector: name, base_url"),
    ],
)
def test_a_file_that_is_none_is_said(tmp_path: Path, content: bytes, says: str) -> None:
    path = a_file(tmp_path)
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=says):
        read_spec(path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        read_spec(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", [*CALL_NAMES, *Call.model_fields, *ConnectorSpec.model_fields, *get_args(Reason)])
def test_the_documentation_explains_every_name(name: str) -> None:
    page = (EXAMPLE.parents[1] / "connectors.md").read_text(encoding="utf-8")
    assert f"`{name}" in page
