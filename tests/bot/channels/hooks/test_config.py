"""The file of channels: what it may say, and what is refused before anything is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.hooks.config import HookRules, read_channels
from bot.errors import SettingsError

SECRETS = {"BRIDGE_SECRET": "0123456789abcdef" * 4}
WHOLE = """
channels:
  bridge:
    url: https://bridge.example/plugdesk
    secret: BRIDGE_SECRET
    buttons: false
    vendor: eponet
    country: CH
    timezone: Europe/Zurich
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "channels.yaml"


def test_a_channel_is_read_with_its_secret_from_the_environment(path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    channel = read_channels(path, SECRETS)["bridge"]
    assert (channel.name, channel.url, channel.buttons) == ("bridge", "https://bridge.example/plugdesk", False)
    assert channel.secret == SECRETS["BRIDGE_SECRET"].encode()
    assert (channel.context.vendor, channel.context.country) == ("eponet", "CH")


def test_the_secret_does_not_show(path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    assert SECRETS["BRIDGE_SECRET"] not in repr(read_channels(path, SECRETS))


@pytest.mark.parametrize("secrets", [{}, {"BRIDGE_SECRET": "short-one"}, {"BRIDGE_SECRET": " " * 40}])
def test_a_secret_that_is_missing_or_short_is_refused_without_being_told(path: Path, secrets: dict[str, str]) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"channels\.bridge\.secret: BRIDGE_SECRET is not set or too short") as told:
        read_channels(path, secrets)
    assert "short-one" not in str(told.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8090/", "http://localhost/x", "http://[::1]:80/"])
def test_on_this_machine_plain_http_will_do(path: Path, url: str) -> None:
    path.write_text(WHOLE.replace("https://bridge.example/plugdesk", f"'{url}'"), encoding="utf-8")
    assert read_channels(path, SECRETS)["bridge"].url == url


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("https://bridge.example/plugdesk", "http://bridge.example/", "https://"),
        ("https://bridge.example/plugdesk", "http://127.0.0.1.evil.example/", "https://"),
        ("https://bridge.example/plugdesk", "file:///etc/passwd", "https://"),
        ("https://bridge.example/plugdesk", "https://me:hush@bridge.example/", "leave user and password out"),
        ("bridge:\n", "Bridge:\n", "channels.Bridge"),
        ("bridge:\n", "a/b:\n", "channels.a/b"),
        ("country: CH", "country: Switzerland", "country"),
        ("timezone: Europe/Zurich", "timezone: Zurich", "IANA"),
        ("buttons: false", "button: false", "button"),
        ("channels:", "channel:", "channels"),
    ],
)
def test_what_is_wrong_is_named(path: Path, written: str, instead: str, told: str) -> None:
    path.write_text(WHOLE.replace(written, instead), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"channels\.yaml") as refused:
        read_channels(path, SECRETS)
    assert told in str(refused.value)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\x00", b"", b"[]"])
def test_what_is_no_such_file_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"channels\.yaml"):
        read_channels(path, SECRETS)


def test_a_file_that_there_is_not_is_named(path: Path) -> None:
    with pytest.raises(SettingsError, match="PLUGDESK_CHANNELS"):
        read_channels(path, SECRETS)


def test_a_lease_outlasts_an_attempt() -> None:
    rules = HookRules.load()
    assert rules.lease_s > rules.timeout_s
