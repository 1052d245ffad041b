"""``plugdesk telegram webhook``: what it tells Telegram, and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from bot.channels.messengers.telegram.commands import telegram as commands
from bot.channels.messengers.telegram.messenger import Telegram
from bot.channels.messengers.telegram.receiving import Receiver
from bot.cli import main
from tests.bot.channels.telegram.conftest import SECRET, payload
from tests.bot.channels.telegram.standin import TOKEN, TelegramStandin, Trouble

Command = Callable[..., Result]


@pytest.fixture
def command(bot: Telegram, receiver: Receiver) -> Command:
    def ran(*arguments: str) -> Result:
        channels = {"tg": bot, "quiet": Telegram(receiver, None)}
        return CliRunner().invoke(commands, ["webhook", *arguments], obj=channels)

    return ran


def test_it_registers_the_address_with_the_secret(command: Command, telegram: TelegramStandin) -> None:
    result = command("tg", "--public", "https://help.example/")
    assert result.exit_code == 0, result.output
    assert telegram.webhook
    assert telegram.webhook.url == "https://help.example/v1/channels/tg/webhook"
    assert telegram.webhook.secret_token == SECRET
    assert telegram.webhook.allowed_updates == ["message", "callback_query"]
    assert not telegram.webhook.drop_pending_updates
    assert result.output.splitlines() == ["Telegram posts to https://help.example/v1/channels/tg/webhook", "waiting: 0"]
    assert SECRET not in result.output


def test_without_an_address_it_only_shows(command: Command, telegram: TelegramStandin) -> None:
    assert "posts nowhere" in command("tg").output
    command("tg", "--public", "https://help.example")
    telegram.updates, telegram.last_error = [payload("text")], "Wrong response from the webhook: 401 Unauthorized"
    shown = command("tg").output.splitlines()
    assert shown[1:] == [
        "waiting: 1", "last error: 2025-11-26 09:00 UTC: Wrong response from the webhook: 401 Unauthorized",
    ]  # fmt: skip
    assert telegram.calls.count("setWebhook") == 1


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://help.example", "https://"),
        ("https://user:pw@help.example", "https://"),
        ("https://help.example:8080", "8443"),
        ("https://help.example:x", "443"),
        ("help.example", "https://"),
    ],
)
def test_an_address_that_telegram_does_not_take(
    command: Command, telegram: TelegramStandin, address: str, told: str
) -> None:
    result = command("tg", "--public", address)
    assert (result.exit_code, telegram.calls) == (2, [])
    assert told in result.output


def test_a_channel_that_is_none(command: Command) -> None:
    result = command("bridge")
    assert result.exit_code == 1
    assert "no Telegram bot called 'bridge'. It has: tg, quiet." in result.output


def test_a_bot_that_polls_needs_no_webhook(command: Command) -> None:
    result = command("quiet", "--public", "https://help.example")
    assert result.exit_code == 1
    assert "polling" in result.output


def test_what_telegram_says_is_shown(command: Command, telegram: TelegramStandin) -> None:
    telegram.troubles = [Trouble("setWebhook", 401, "Unauthorized")]
    result = command("tg", "--public", "https://help.example")
    assert (result.exit_code, result.output) == (1, "Error: Telegram: setWebhook: 401 Unauthorized\n")


def test_the_command_reads_the_file_of_channels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "channels.yaml"
    file.write_text("channels:\n  tg: {kind: telegram, token: TG_TOKEN, mode: polling}\n", encoding="utf-8")
    monkeypatch.setenv("PLUGDESK_CHANNELS", str(file))
    monkeypatch.setenv("TG_TOKEN", TOKEN)
    assert "polling" in CliRunner().invoke(main, ["telegram", "webhook", "tg"]).output
    monkeypatch.delenv("PLUGDESK_CHANNELS")
    assert "PLUGDESK_CHANNELS is not set" in CliRunner().invoke(main, ["telegram", "webhook", "tg"]).output


def test_a_server_that_cannot_be_reached(receiver: Receiver) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    bot = Telegram(receiver, SECRET.encode(), lambda: httpx.AsyncClient(transport=httpx.MockTransport(broken)))
    result = CliRunner().invoke(commands, ["webhook", "tg"], obj={"tg": bot})
    assert result.output == "Error: Telegram: getWebhookInfo: ConnectError\n"
