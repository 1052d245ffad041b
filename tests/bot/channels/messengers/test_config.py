"""The file of channels: what it may say, and what is refused before anything is served."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from bot.channels.messengers.config import KINDS, ChannelEntry, read_channels
from bot.channels.messengers.ports import Messenger
from bot.channels.messengers.rules import MessengerRules
from bot.channels.messengers.webhook.messenger import Webhook
from bot.errors import SettingsError
from bot.replies.catalogues import Templates

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


Read = Callable[..., dict[str, Messenger]]


@pytest.fixture
def read(path: Path, templates: Templates) -> Read:
    """Reads the file, with those secrets."""
    return lambda secrets=SECRETS: read_channels(path, secrets, templates)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "channels.yaml"


def test_a_channel_is_read_with_its_secret_from_the_environment(read: Read, path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    channel = read()["bridge"]
    assert isinstance(channel, Webhook)
    assert (channel.name, channel.url, channel.buttons) == ("bridge", "https://bridge.example/plugdesk", False)
    assert channel.secret == SECRETS["BRIDGE_SECRET"].encode()
    assert (channel.context.vendor, channel.context.country) == ("eponet", "CH")


def test_the_secret_does_not_show(read: Read, path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    assert SECRETS["BRIDGE_SECRET"] not in repr(read())


@pytest.mark.parametrize("secrets", [{}, {"BRIDGE_SECRET": "short-one"}, {"BRIDGE_SECRET": " " * 40}])
def test_a_secret_that_is_missing_or_short_is_refused_without_being_told(
    read: Read, path: Path, secrets: dict[str, str]
) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"channels\.bridge\.secret: BRIDGE_SECRET is not set or too short") as told:
        read(secrets)
    assert "short-one" not in str(told.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8090/", "http://localhost/x", "http://[::1]:80/"])
def test_on_this_machine_plain_http_will_do(read: Read, path: Path, url: str) -> None:
    path.write_text(WHOLE.replace("https://bridge.example/plugdesk", f"'{url}'"), encoding="utf-8")
    channel = read()["bridge"]
    assert isinstance(channel, Webhook)
    assert channel.url == url


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
        ("bridge:\n", "bridge:\n    kind: pigeon\n", "channels.bridge.kind: there is no such kind; use one of"),
        ("bridge:\n", "bridge:\n    kind: [webhook]\n", "channels.bridge.kind"),
        ("secret: BRIDGE_SECRET", "secret: 'is-this-hush'", "channels.bridge.secret"),
    ],
)
def test_what_is_wrong_is_named(read: Read, path: Path, written: str, instead: str, told: str) -> None:
    path.write_text(WHOLE.replace(written, instead), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"channels\.yaml") as refused:
        read()
    assert told in str(refused.value)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\x00", b"", b"[]"])
def test_what_is_no_such_file_is_refused(read: Read, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"channels\.yaml"):
        read()


def test_a_file_that_there_is_not_is_named(read: Read, path: Path) -> None:
    with pytest.raises(SettingsError, match="PLUGDESK_CHANNELS"):
        read()


def test_a_lease_outlasts_an_attempt() -> None:
    rules = MessengerRules.load()
    assert rules.lease_s > rules.attempt_s > rules.timeout_s


def test_what_is_wrong_with_several_channels_is_told_at_once(read: Read, path: Path) -> None:
    path.write_text("channels: {a: {kind: webhook}, b: {kind: pigeon}}", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"channels\.a\.url: .*channels\.b\.kind: "):
        read()


def test_a_webhook_is_what_an_entry_without_a_kind_is(read: Read, path: Path) -> None:
    path.write_text(WHOLE.replace("bridge:\n", "bridge:\n    kind: webhook\n"), encoding="utf-8")
    explicit = read()
    path.write_text(WHOLE, encoding="utf-8")
    assert read() == explicit


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_an_entry(kind: str) -> None:
    entry = import_module(KINDS[kind]).Entry
    assert issubclass(entry, ChannelEntry)
    assert get_args(entry.model_fields["kind"].annotation) == (kind,)
