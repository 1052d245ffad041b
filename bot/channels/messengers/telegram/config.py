"""The entry of a Telegram bot in the file of channels."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import model_validator

from bot.channels.messengers.config import ChannelEntry, SafeUrl, Secrets, Variable
from bot.channels.messengers.telegram.api import TOKEN, TelegramApi, hide_tokens
from bot.channels.messengers.telegram.messenger import Telegram
from bot.channels.messengers.telegram.receiving import Receiver
from bot.channels.messengers.telegram.rules import TelegramRules
from bot.errors import SettingsError
from bot.replies.catalogues import Templates

SHORTEST_SECRET = 32
"""Characters; Telegram takes 1 to 256."""
SECRET = r"[A-Za-z0-9_-]{1,256}"  # noqa: S105 - the form of a secret token (setWebhook), not one


class Entry(ChannelEntry):
    """See docs/channels/telegram.md."""

    kind: Literal["telegram"]
    token: Variable
    """Of the bot, from BotFather."""
    mode: Literal["webhook", "polling"] = "webhook"
    secret: Variable | None = None
    """Shows that an update comes from Telegram; what is polled needs none."""
    api: SafeUrl = "https://api.telegram.org"

    @model_validator(mode="after")
    def _shown(self) -> Self:
        if self.mode == "webhook" and self.secret is None:
            raise ValueError("name the variable of the secret, or set mode to polling")
        return self

    def open(self, name: str, secrets: Secrets, texts: Templates) -> Telegram:
        """See :meth:`ChannelEntry.open`."""
        token = secrets("token", self.token)
        if not re.fullmatch(TOKEN, token):
            raise SettingsError(
                f"PLUGDESK_CHANNELS: channels.{name}.token: {self.token} holds no bot token. "
                "BotFather shows it: digits, a colon and at least 30 letters."
            )
        hide_tokens()
        api = TelegramApi(self.api.rstrip("/"), token, TelegramRules.load())
        return Telegram(Receiver(name, api, self.context(), texts), self._secret(name, secrets))

    def _secret(self, name: str, secrets: Secrets) -> bytes | None:
        if self.mode == "polling" or self.secret is None:
            return None
        secret = secrets("secret", self.secret, SHORTEST_SECRET)
        if not re.fullmatch(SECRET, secret):
            raise SettingsError(
                f"PLUGDESK_CHANNELS: channels.{name}.secret: {self.secret} has signs that Telegram does not take. "
                "Use letters, digits, _ and - only, such as those of: openssl rand -hex 32"
            )
        return secret.encode()
