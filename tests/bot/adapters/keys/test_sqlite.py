"""API keys in a file: shown once, kept as digests, revoked for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.adapters.keys.commands import keys as commands
from bot.adapters.keys.sqlite import SqliteKeys
from bot.errors import UnknownKey
from tests.doubles import SteppingClock


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.db"


@pytest.fixture
def keys(path: Path, clock: SteppingClock) -> Iterator[SqliteKeys]:
    opened = SqliteKeys(path, clock)
    yield opened
    opened.close()


def test_a_key_opens_with_its_name_and_scopes(keys: SqliteKeys) -> None:
    made, secret = keys.add("the app", ("chat", "read"))
    known = keys.of(secret)
    assert known is not None
    assert (known.id, known.name, known.scopes) == (made.id, "the app", ("chat", "read"))


def test_the_file_does_not_hold_the_key(keys: SqliteKeys, path: Path) -> None:
    _, secret = keys.add("the app", ("chat",))
    keys.close()
    assert secret.encode() not in path.read_bytes()
    assert secret.rpartition("_")[2].encode() not in path.read_bytes()


def test_what_is_known_of_a_key_does_not_tell_it(keys: SqliteKeys) -> None:
    made, secret = keys.add("the app", ("chat",))
    assert secret not in made.model_dump_json()


@pytest.mark.parametrize("changed", ["", "pd_", "pd__", "x", "pd_000000000000_abc", "\ud800", "pd_\x00_x"])
def test_what_is_no_key_opens_nothing(keys: SqliteKeys, changed: str) -> None:
    keys.add("the app", ("chat",))
    assert keys.of(changed) is None


def test_a_key_with_one_letter_changed_opens_nothing(keys: SqliteKeys) -> None:
    _, secret = keys.add("the app", ("chat",))
    last = "A" if secret[-1] != "A" else "B"
    assert keys.of(secret[:-1] + last) is None


def test_one_keys_id_does_not_go_with_anothers_secret(keys: SqliteKeys) -> None:
    first, _ = keys.add("one", ("chat",))
    _, other = keys.add("two", ("chat",))
    assert keys.of(f"pd_{first.id}_{other.split('_', 2)[2]}") is None


def test_a_revoked_key_opens_nothing_and_stays_on_the_list(keys: SqliteKeys) -> None:
    made, secret = keys.add("the app", ("chat",))
    keys.revoke(made.id)
    assert keys.of(secret) is None
    assert [(each.id, each.revoked_at is not None) for each in keys.all()] == [(made.id, True)]


def test_revoking_again_does_not_change_when_it_was_revoked(keys: SqliteKeys) -> None:
    made, _ = keys.add("the app", ("chat",))
    assert keys.revoke(made.id).revoked_at == keys.revoke(made.id).revoked_at


def test_a_key_that_there_is_not_cannot_be_revoked(keys: SqliteKeys) -> None:
    with pytest.raises(UnknownKey, match="plugdesk keys list"):
        keys.revoke("0000")


def test_when_it_was_used_last_is_known_to_the_minute(keys: SqliteKeys, clock: SteppingClock) -> None:
    _, secret = keys.add("the app", ("chat",))
    keys.of(secret)
    (first,) = (each.used_at for each in keys.all())
    keys.of(secret)
    (second,) = (each.used_at for each in keys.all())
    clock.pass_by(timedelta(minutes=1))
    keys.of(secret)
    (third,) = (each.used_at for each in keys.all())
    assert first is not None
    assert third is not None
    assert first == second < third


def test_another_process_sees_a_key_at_once(keys: SqliteKeys, path: Path, clock: SteppingClock) -> None:
    beside = SqliteKeys(path, clock)
    _, secret = keys.add("the app", ("chat",))
    assert beside.of(secret) is not None
    beside.close()


def test_the_command_shows_a_new_key_alone_on_standard_output(keys: SqliteKeys) -> None:
    shown = CliRunner().invoke(commands, ["add", "the app", "--scope", "chat", "--scope", "chat"], obj=keys)
    known = keys.of(shown.stdout.strip())
    assert known is not None
    assert known.scopes == ("chat",)


def test_the_command_lists_and_revokes(keys: SqliteKeys) -> None:
    made, secret = keys.add("the app", ("chat", "deliver"))
    assert CliRunner().invoke(commands, ["revoke", made.id], obj=keys).exit_code == 0
    listed = CliRunner().invoke(commands, ["list"], obj=keys).output
    assert [word for word in (made.id, "the app", "chat deliver", "never used", "revoked") if word not in listed] == []
    assert secret not in listed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", "x"], "--scope"), (["add", "x", "--scope", "all"], "chat"), (["add", " ", "--scope", "chat"], "1 to"),
        (["add", "x" * 81, "--scope", "chat"], "80"), (["revoke", "none"], "plugdesk keys list"),
    ],
)  # fmt: skip
def test_the_command_says_what_is_wrong(keys: SqliteKeys, arguments: list[str], told: str) -> None:
    outcome = CliRunner().invoke(commands, arguments, obj=keys)
    assert outcome.exit_code != 0
    assert told in outcome.output
