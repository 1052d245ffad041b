"""The entry of a bot: what it takes, and what it says of what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messengers.config import read_channels
from bot.channels.messengers.telegram.messenger import Telegram
from bot.errors import SettingsError
from bot.replies.catalogues import Templates
from tests.bot.channels.telegram.conftest import SECRET
from tests.bot.channels.telegram.standin import TOKEN

GOOD = {"TG_TOKEN": TOKEN, "TG_SECRET": SECRET}


def opened(tmp_path: Path, templates: Templates, entry: str, environ: dict[str, str]) -> Telegram:
    file = tmp_path / "channels.yaml"
    file.write_text(f"channels:\n  tg: {{kind: telegram, {entry}}}\n", encoding="utf-8")
    bot = read_channels(file, environ, templates)["tg"]
    assert isinstance(bot, Telegram)
    return bot


def test_an_entry_opens_a_bot(tmp_path: Path, templates: Templates) -> None:
    bot = opened(tmp_path, templates, "token: TG_TOKEN, secret: TG_SECRET, vendor: eponet, country: CH", GOOD)
    assert (bot.name, bot.buttons, bot.secret, bot.context.vendor) == ("tg", True, SECRET.encode(), "eponet")
    assert bot.receiver.api.base == "https://api.telegram.org"


def test_a_bot_that_polls_needs_no_secret(tmp_path: Path, templates: Templates) -> None:
    bot = opened(tmp_path, templates, "token: TG_TOKEN, mode: polling", {"TG_TOKEN": TOKEN})
    assert bot.secret is None


def test_nothing_that_is_printed_tells_a_secret(tmp_path: Path, templates: Templates) -> None:
    told = repr(opened(tmp_path, templates, "token: TG_TOKEN, secret: TG_SECRET", GOOD))
    assert TOKEN not in told
    assert SECRET not in told


@pytest.mark.parametrize(
    ("entry", "environ", "told"),
    [
        ("token: TG_TOKEN", GOOD, "secret"),
        ("token: TG_TOKEN, secret: TG_SECRET", {"TG_SECRET": SECRET}, "TG_TOKEN"),
        ("token: TG_TOKEN, secret: TG_SECRET", {**GOOD, "TG_TOKEN": "my token"}, "BotFather"),
        ("token: TG_TOKEN, secret: TG_SECRET", {**GOOD, "TG_SECRET": "brief"}, "TG_SECRET"),
        ("token: TG_TOKEN, secret: TG_SECRET", {**GOOD, "TG_SECRET": "ø" * 32}, "letters, digits"),
        ("token: TG_TOKEN, secret: TG_SECRET, api: 'http://api.telegram.org'", GOOD, "https://"),
        ("token: TG_TOKEN, secret: TG_SECRET, mode: pulling", GOOD, "mode"),
        ("token: TG_TOKEN, secret: TG_SECRET, sceret: TG_SECRET", GOOD, "sceret"),
    ],
)
def test_what_is_wrong_is_told_without_secrets(
    tmp_path: Path, templates: Templates, entry: str, environ: dict[str, str], told: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        opened(tmp_path, templates, entry, environ)
    assert "tg" in str(caught.value)
    assert told in str(caught.value)
    assert not any(secret in str(caught.value) for secret in environ.values())
