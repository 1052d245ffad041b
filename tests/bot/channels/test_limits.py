"""How often clients may ask."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from limits.errors import StorageError
from limits.storage import MemoryStorage

from bot.channels.limits import CountedLimits, Errand, RateRules, counted_address
from bot.errors import SettingsError
from bot.settings import CHANNELS

OFTEN = "{key: 100/minute, conversation: 100/minute, address: 100/minute}"


def limits(tmp_path: Path, **rules: str) -> CountedLimits:
    lines = [f"{name}: {rules.get(name, OFTEN)}" for name in RateRules.model_fields]
    (tmp_path / "limits.yaml").write_text("\n".join(lines), encoding="utf-8")
    return CountedLimits(RateRules.load(tmp_path / "limits.yaml"), MemoryStorage())


class DownStorage(MemoryStorage):
    """A server that does not answer."""

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        raise StorageError(ConnectionError("redis://:hush@counter"))


def passed(counted: CountedLimits, errand: Errand, times: int = 5, **who: str) -> int:
    return sum(counted.take(errand, who) is None for _ in range(times))


def test_the_shipped_limits_can_be_read() -> None:
    assert RateRules.load(CHANNELS / "limits.yaml").say.conversation


def test_so_many_pass_and_no_more(tmp_path: Path) -> None:
    assert passed(limits(tmp_path, say="{address: 3/minute}"), "say", address="192.0.2.1") == 3


@pytest.mark.parametrize("kind", ["key", "conversation", "address"])
def test_each_is_counted_alone(tmp_path: Path, kind: str) -> None:
    counted = limits(tmp_path, say=f"{{{kind}: 2/minute}}")
    assert [passed(counted, "say", **{kind: name}) for name in ("a", "b", "a")] == [2, 2, 0]


def test_what_is_read_does_not_count_as_said(tmp_path: Path) -> None:
    counted = limits(tmp_path, say="{address: 1/minute}", read="{address: 2/minute}")
    assert (passed(counted, "say", address="a"), passed(counted, "read", address="a")) == (1, 2)


def test_who_is_not_named_is_not_counted(tmp_path: Path) -> None:
    assert passed(limits(tmp_path, say="{key: 1/minute}"), "say", address="a") == 5


def test_of_several_limits_the_narrowest_holds(tmp_path: Path) -> None:
    assert passed(limits(tmp_path, say="{address: 4/minute; 2/hour}"), "say", address="a") == 2


def test_it_says_how_long_to_wait_and_lets_in_afterwards(tmp_path: Path) -> None:
    counted = limits(tmp_path, say="{address: 1/second}")
    assert counted.take("say", {"address": "a"}) is None
    wait = counted.take("say", {"address": "a"})
    assert wait is not None
    assert 1 <= wait <= 2
    time.sleep(wait)
    assert counted.take("say", {"address": "a"}) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("start: {address: often}", "start.address"),
        ("start: {address: 0}", "start.address"),
        ("start: {adress: 1/minute}", "start.adress"),
        ("- 1", "limits.yaml"),
        ("{", "YAML"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "limits.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        RateRules.load(tmp_path / "limits.yaml")


def test_a_file_that_there_is_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PLUGDESK_LIMITS"):
        RateRules.load(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"), ("testclient", "testclient"),
    ],
)  # fmt: skip
def test_addresses_of_one_home_are_one(host: str, counted: str) -> None:
    assert counted_address(host) == counted


def test_nobody_is_shut_out_while_the_counter_is_down(caplog: pytest.LogCaptureFixture) -> None:
    counted = CountedLimits(RateRules.load(CHANNELS / "limits.yaml"), DownStorage())
    assert counted.take("say", {"conversation": "c"}) is None
    assert "not counted" in caplog.text
    assert "hush" not in caplog.text
