"""Settings: what each variable does, and what a wrong value is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import TOOLS, ClientSettings, IdentitySettings, RtSettings, Settings
from indexer.embedders.prefixes import Prefixes

HOME = Path("/opt/plugdesk")


def settings(**variables: str) -> Settings:
    return Settings.from_environ({f"PLUGDESK_{name}": value for name, value in variables.items()}, HOME)


def test_without_variables_everything_lies_below_the_home_and_only_this_machine_may_ask() -> None:
    assert settings() == Settings(
        kb=HOME / "kb",
        index=HOME / "var" / "index",
        conversations="sqlite:////opt/plugdesk/var/plugdesk.db",
        model="",
        prefixes=None,
        host="127.0.0.1",
        port=8080,
        tools=dict.fromkeys(TOOLS, "demo:////opt/plugdesk/var/world.db"),
        ledger=HOME / "var" / "ledger.db",
        desk="sqlite:////opt/plugdesk/var/desk.db",
        rt=RtSettings(queue="Plugdesk", user="", password="", token=""),
        photos=HOME / "var" / "photos",
        account_access="number",
        identity=None,
        timezone="Europe/Zurich",
        demo=False,
        clients=ClientSettings(outbox=HOME / "var" / "outbox.db"),
        panel=HOME / "var" / "panel.db",
        review=HOME / "var" / "review.jsonl",
        evaluation=HOME / "eval" / "results",
    )


@pytest.mark.parametrize(
    ("variable", "value", "field", "expected"),
    [
        ("KB", "/data/kb", "kb", Path("/data/kb")),
        ("INDEX", "/data/index", "index", Path("/data/index")),
        ("CONVERSATIONS", "memory:", "conversations", "memory:"),
        ("MODEL", "intfloat/multilingual-e5-small", "model", "intfloat/multilingual-e5-small"),
        ("HOST", "0.0.0.0", "host", "0.0.0.0"),
        ("PORT", "1", "port", 1),
        ("PORT", "65535", "port", 65535),
        ("PORT", " 9000\n", "port", 9000),
        ("KB", " /data/kb ", "kb", Path("/data/kb")),
        ("DESK", "rt+https://rt.example", "desk", "rt+https://rt.example"),
        ("PHOTOS", "/data/photos", "photos", Path("/data/photos")),
        ("PRESENCE", "/data/presence.yaml", "presence", Path("/data/presence.yaml")),
    ],
)
def test_a_variable_sets_its_field(variable: str, value: str, field: str, expected: object) -> None:
    assert getattr(settings(**{variable: value}), field) == expected


def test_how_request_tracker_lets_plugdesk_in_is_told_by_variables_of_its_own() -> None:
    told = settings(RT_QUEUE="Chargers", RT_USER="plugdesk", RT_PASSWORD="hush", RT_TOKEN="1-2-3")
    assert told.rt == RtSettings("Chargers", "plugdesk", "hush", "1-2-3")


def test_secrets_do_not_show_where_settings_are_printed() -> None:
    shown = repr(settings(RT_PASSWORD="hush", RT_TOKEN="1-2-3"))
    assert "hush" not in shown
    assert "1-2-3" not in shown


@pytest.mark.parametrize("port", ["", "0", "-1", "65536", "80.5", "http", "0x50", "²"])
def test_a_port_that_is_none_is_refused_with_what_it_may_be(port: str) -> None:
    with pytest.raises(SettingsError, match=r"PLUGDESK_PORT is .*1 to 65535"):
        settings(PORT=port)


@pytest.mark.parametrize(
    ("variables", "prefixes"),
    [
        ({"QUERY_PREFIX": "query: ", "PASSAGE_PREFIX": "passage: "}, Prefixes("query: ", "passage: ")),
        ({"QUERY_PREFIX": "query: "}, Prefixes("query: ", "")),
        ({"PASSAGE_PREFIX": "passage: "}, Prefixes("", "passage: ")),
        ({"QUERY_PREFIX": ""}, Prefixes("", "")),
    ],
)
def test_a_prefix_keeps_its_spaces_and_replaces_what_is_known_of_the_model(
    variables: dict[str, str], prefixes: Prefixes
) -> None:
    assert settings(**variables).prefixes == prefixes


def test_variables_of_other_programs_are_left_alone() -> None:
    assert Settings.from_environ({"PORT": "no number", "HOME": "/root"}, HOME) == settings()


def test_a_key_lets_tokens_be_taken() -> None:
    given = settings(IDENTITY_KEY="a" * 32, IDENTITY_ISSUER="https://app.example")
    assert given.identity == IdentitySettings("a" * 32, "HS256", "plugdesk", "https://app.example")


def test_a_key_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("-----BEGIN PUBLIC KEY-----\n", encoding="utf-8")
    given = settings(IDENTITY_KEY_FILE=str(tmp_path / "key.pem"), IDENTITY_ALGORITHM="RS256")
    assert given.identity == IdentitySettings("-----BEGIN PUBLIC KEY-----", "RS256", "plugdesk", None)


def test_a_key_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(SettingsError, match="PLUGDESK_IDENTITY_KEY_FILE is '/none/key'"):
        settings(IDENTITY_KEY_FILE="/none/key")


def test_an_algorithm_that_is_not_offered_is_refused() -> None:
    with pytest.raises(SettingsError, match="Use one of HS256, RS256"):
        settings(IDENTITY_ALGORITHM="none")


@pytest.mark.parametrize(
    ("variable", "value", "field", "expected"),
    [
        ("KEYS", "sqlite:////data/keys.db", "keys", "sqlite:////data/keys.db"),
        ("ORIGINS", "https://App.example, app://localhost", "origins", ("https://app.example", "app://localhost")),
        ("ORIGINS", "http://127.0.0.1:8080", "origins", ("http://127.0.0.1:8080",)),
        ("PROXIES", "10.0.0.0/8, ::1", "proxies", ("10.0.0.0/8", "::1")),
        ("LIMITS", "off", "limits", None),
        ("LIMITS", "/data/limits.yaml", "limits", Path("/data/limits.yaml")),
        ("CHANNELS", "/data/channels.yaml", "channels", Path("/data/channels.yaml")),
        ("OUTBOX", "/data/outbox.db", "outbox", Path("/data/outbox.db")),
    ],
)
def test_a_variable_says_who_may_come_in(variable: str, value: str, field: str, expected: object) -> None:
    assert getattr(settings(**{variable: value}).clients, field) == expected


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KEYS", "on"), ("KEYS", "sqlite:///"), ("KEYS", "memory:"), ("ORIGINS", "*"), ("ORIGINS", "app.example"),
        ("ORIGINS", "https://app.example/"), ("ORIGINS", "https://*.example"), ("ORIGINS", "null"),
        ("PROXIES", "nginx"), ("PROXIES", "10.0.0.1/8"), ("PROXIES", "*"),
    ],
)  # fmt: skip
def test_who_may_come_in_is_not_guessed(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"PLUGDESK_{variable}"):
        settings(**{variable: value})
