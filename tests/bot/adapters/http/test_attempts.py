"""What is sent again, what is not, and when a system is left alone."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.adapters.http.connector import HttpConnector
from bot.errors import Unavailable
from tests.bot.adapters.http.opened import ACCOUNT, Scripted, a_spec

FINE = httpx.Response(200, json={"number": "40711", "vendor": "eponet"})
BROKEN = httpx.Response(503, text="")
RESTART: dict[str, Any] = {"method": "POST", "path": "/chargers/{charger}/restart"}
KEYED = {"idempotent": True, "headers": {"Idempotency-Key": "{key}"}}
READ = ("accounts.account", {"number": "40711"})
COMMAND = ("chargers.restart", {"charger": "310244", "key": "key-1"})


@contextmanager
def over(folder: Path, network: Scripted, clock: list[float] | None = None, **keys: Any) -> Iterator[HttpConnector]:
    """A connector with one read and one command over a scripted network; ``clock`` holds the breaker's time."""
    calls = {"accounts.account": ACCOUNT, "chargers.restart": RESTART | keys.pop("restart", {})}
    spec = a_spec(folder, **{"calls": calls, "retries": {"attempts": 3, "wait_s": 0.1}, **keys})
    time = clock or [0.0]
    connector = HttpConnector(spec, {}, network, sleep=lambda _: None, monotonic=lambda: time[0])
    yield connector
    connector.close()


@pytest.mark.parametrize("failure", [BROKEN, httpx.ReadTimeout("late"), httpx.ConnectError("refused")])
def test_a_read_is_sent_again(tmp_path: Path, failure: httpx.Response | Exception) -> None:
    network = Scripted(failure, failure, FINE)
    with over(tmp_path, network) as connector:
        assert connector.ask(*READ) is not None
    assert len(network.requests) == 3


def test_a_read_is_sent_so_often_and_no_more(tmp_path: Path) -> None:
    network = Scripted(BROKEN)
    with over(tmp_path, network) as connector, pytest.raises(Unavailable, match="answered 503"):
        connector.ask(*READ)
    assert len(network.requests) == 3


def test_attempts_are_apart_by_chance(tmp_path: Path) -> None:
    waits: list[float] = []
    spec = a_spec(tmp_path, retries={"attempts": 5, "wait_s": 0.1}, breaker={"failures": 9, "reset_s": 1})
    connector = HttpConnector(spec, {}, Scripted(BROKEN), sleep=waits.append)
    with pytest.raises(Unavailable):
        connector.ask(*READ)
    connector.close()
    assert len(set(waits)) == 4
    assert max(waits) <= 0.1


@pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(429), httpx.Response(200, text="{")])
def test_an_answer_that_will_not_change_is_not_asked_for_again(tmp_path: Path, answer: httpx.Response) -> None:
    network = Scripted(answer)
    with over(tmp_path, network) as connector, pytest.raises(Unavailable):
        connector.ask(*READ)
    assert len(network.requests) == 1


@pytest.mark.parametrize("failure", [BROKEN, httpx.ReadTimeout("late"), httpx.ConnectError("refused")])
def test_a_command_is_sent_once(tmp_path: Path, failure: httpx.Response | Exception) -> None:
    network = Scripted(failure)
    with over(tmp_path, network) as connector, pytest.raises(Unavailable):
        connector.ask(*COMMAND)
    assert len(network.requests) == 1


def test_a_command_with_a_key_is_sent_again_with_the_same_key(tmp_path: Path) -> None:
    network = Scripted(BROKEN, httpx.Response(202))
    with over(tmp_path, network, restart=KEYED) as connector:
        assert connector.ask(*COMMAND) is not None
    assert [each.headers["Idempotency-Key"] for each in network.requests] == ["key-1", "key-1"]


@pytest.mark.parametrize(
    ("failures", "sent"),
    [
        ([httpx.ConnectError("refused")], False),
        ([httpx.ConnectTimeout("late")], False),
        ([httpx.ReadTimeout("late")], True),
        ([httpx.WriteError("gone")], True),
        ([BROKEN], True),
        ([httpx.ReadTimeout("late"), httpx.ConnectError("refused")], True),
    ],
)
def test_only_what_certainly_never_left_was_not_sent(
    tmp_path: Path, failures: list[httpx.Response | Exception], sent: bool
) -> None:
    with over(tmp_path, Scripted(*failures), restart=KEYED) as connector, pytest.raises(Unavailable) as error:
        connector.ask(*COMMAND)
    assert error.value.sent is sent


def test_a_system_that_fails_is_left_alone_and_asked_again_later(tmp_path: Path) -> None:
    clock = [100.0]
    network = Scripted(*[BROKEN] * 3, FINE)
    with over(tmp_path, network, clock, breaker={"failures": 3, "reset_s": 30}) as connector:
        with pytest.raises(Unavailable):
            connector.ask(*READ)
        clock[0] += 29
        with pytest.raises(Unavailable, match="is left alone after 3 failures in a row") as error:
            connector.ask(*COMMAND)
        assert not error.value.sent
        assert len(network.requests) == 3
        clock[0] += 2
        assert connector.ask(*READ) is not None
        assert connector.ask(*READ) is not None


def test_an_answer_ends_the_row_of_failures(tmp_path: Path) -> None:
    network = Scripted(BROKEN, BROKEN, FINE, BROKEN, BROKEN, FINE)
    with over(tmp_path, network, breaker={"failures": 3, "reset_s": 30}) as connector:
        assert [connector.ask(*READ) is not None for _ in range(2)] == [True, True]


def test_a_status_that_the_file_understands_is_no_failure(tmp_path: Path) -> None:
    network = Scripted(httpx.Response(503, json={}))
    with over(tmp_path, network, restart={"refused_when": {"not_connected": [503]}}) as connector:
        for _ in range(9):
            connector.ask(*COMMAND)
    assert len(network.requests) == 9


def test_a_system_that_is_asked_too_often_is_left_alone(tmp_path: Path) -> None:
    network = Scripted(httpx.Response(429))
    with over(tmp_path, network, breaker={"failures": 2, "reset_s": 30}) as connector:
        for _ in range(5):
            with pytest.raises(Unavailable):
                connector.ask(*READ)
    assert len(network.requests) == 2


def test_a_compressed_answer_is_not_unfolded(tmp_path: Path) -> None:
    squeezed = httpx.Response(200, content=b"x", headers={"Content-Encoding": "br"})
    with over(tmp_path, Scripted(squeezed)) as connector, pytest.raises(Unavailable, match="compressed"):
        connector.ask(*READ)


def test_nothing_secret_stands_in_reasons_and_logs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    spec = a_spec(
        tmp_path,
        auth={"header": {"name": "X-Api-Key", "value": {"env": "KEY"}}},
        breaker={"failures": 99, "reset_s": 1},
    )
    answers: list[httpx.Response | Exception] = [
        httpx.ConnectError("X-Api-Key: s3cret"),
        BROKEN,
        httpx.Response(401, json={"key": "s3cret"}),
        httpx.Response(302, headers={"Location": "https://example.com/?key=s3cret"}),
        httpx.Response(200, json={"number": ["s3cret"], "vendor": {"s3cret": 1}}),
    ]
    for answer in answers:
        connector = HttpConnector(spec, {"KEY": "s3cret"}, Scripted(answer), sleep=lambda _: None)
        with pytest.raises(Unavailable) as error:
            connector.ask(*READ)
        connector.close()
        assert "s3cret" not in f"{error.value} {error.value.reason} {connector!r} {spec!r}"
        assert error.value.__cause__ is None
    assert "s3cret" not in caplog.text
