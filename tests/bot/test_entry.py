"""From settings to who may come in; and the commands around it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.adapters.conversations.memory import MemoryConversations
from bot.channels.clients import Clients
from bot.channels.messengers.webhook.messenger import Webhook
from bot.cli import main
from bot.conversation import Conversations
from bot.desk.photos import Photos
from bot.entry import Inside, open_clients
from bot.errors import SettingsError
from bot.notifier import InProcessNotifier
from bot.replies.catalogues import Templates
from bot.settings import ClientSettings
from bot.understanding.language import LanguageGuesser
from indexer.build import build_index
from indexer.search import open_index
from tests.doubles import FixedIndex, LetterEmbedder
from tests.talking import conversations

SECRETS = {"BRIDGE_SECRET": "0123456789abcdef" * 2}
Opened = Callable[[ClientSettings], Clients]


@pytest.fixture
def small(small_kb: Path, tmp_path: Path, guesser: LanguageGuesser, templates: Templates) -> Conversations:
    build_index(small_kb, tmp_path / "index", LetterEmbedder())
    index = FixedIndex(open_index(tmp_path / "index", LetterEmbedder()))
    return conversations(MemoryConversations(), index, guesser, templates)


@pytest.fixture
def opened(small: Conversations, templates: Templates, tmp_path: Path) -> Iterator[Opened]:
    with ExitStack() as stack:
        inside = Inside(small, templates, Photos(tmp_path / "photos"), InProcessNotifier())
        yield lambda settings: open_clients(settings, SECRETS, inside, stack.callback)


def channels(tmp_path: Path, vendor: str) -> ClientSettings:
    path = tmp_path / "channels.yaml"
    path.write_text(
        f"channels: {{bridge: {{url: 'https://bridge.example/', secret: BRIDGE_SECRET, vendor: {vendor}}}}}",
        encoding="utf-8",
    )
    return ClientSettings(channels=path, outbox=tmp_path / "outbox.db")


def test_by_default_nobody_needs_a_key_and_all_are_counted(opened: Opened) -> None:
    clients = opened(ClientSettings())
    assert (clients.door.keys, clients.exchange) == (None, None)
    assert clients.door.limits is not None


def test_limits_can_be_off(opened: Opened) -> None:
    assert opened(ClientSettings(limits=None)).door.limits is None


@pytest.mark.parametrize("url", ["redis://:hush@127.0.0.1:1/0", "carrier://hush", "redis://hush:x", "hush", ""])
def test_a_storage_that_cannot_count_is_refused_without_its_password(opened: Opened, url: str) -> None:
    with pytest.raises(SettingsError, match="PLUGDESK_LIMITS_STORE") as told:
        opened(ClientSettings(limits_store=url))
    assert "hush" not in str(told.value)


def test_keys_are_kept_where_the_setting_says(opened: Opened, tmp_path: Path) -> None:
    keys = opened(ClientSettings(keys=f"sqlite:///{tmp_path / 'keys.db'}")).door.keys
    assert keys is not None
    assert (tmp_path / "keys.db").exists()


def test_a_channel_is_served_with_its_secret(opened: Opened, tmp_path: Path) -> None:
    exchange = opened(channels(tmp_path, "eponet")).exchange
    assert exchange is not None
    bridge = exchange.reception.messengers["bridge"]
    assert isinstance(bridge, Webhook)
    assert bridge.secret == SECRETS["BRIDGE_SECRET"].encode()


def test_a_channel_of_a_vendor_that_there_is_not_is_refused(opened: Opened, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"channels\.bridge\.vendor is unknown\. Use one of .*eponet"):
        opened(channels(tmp_path, "nobody"))


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, **variables: str) -> Any:
    for name in [name for name in os.environ if name.startswith("PLUGDESK_")]:
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(f"PLUGDESK_{name}", value)
    return CliRunner().invoke(main, arguments)


def test_keys_made_by_the_command_are_those_that_the_server_knows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opened: Opened
) -> None:
    url = f"sqlite:///{tmp_path / 'keys.db'}"
    shown = run(monkeypatch, "keys", "add", "app", "--scope", "chat", KEYS=url).stdout.strip()
    keys = opened(ClientSettings(keys=url)).door.keys
    assert keys is not None
    known = keys.of(shown)
    assert known is not None
    assert known.name == "app"


def test_the_command_says_what_to_set_where_keys_are_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "PLUGDESK_KEYS is off" in run(monkeypatch, "keys", "list").output


def test_the_command_lists_an_outbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    outcome = run(monkeypatch, "hooks", "list", OUTBOX=str(tmp_path / "outbox.db"))
    assert (outcome.exit_code, outcome.output) == (0, "")
