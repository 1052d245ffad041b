"""The entry of a messenger that is connected by webhooks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.channels.messengers.config import ChannelEntry, SafeUrl, Secrets, Variable
from bot.channels.messengers.webhook.messenger import Webhook
from bot.replies.catalogues import Templates

SHORTEST_SECRET = 32
"""Bytes; as long as what SHA-256 gives (RFC 2104, 3)."""


class Entry(ChannelEntry):
    """See docs/channels.md."""

    kind: Literal["webhook"] = "webhook"
    url: SafeUrl
    """Where its replies are posted."""
    secret: Variable
    """Signs both directions."""
    buttons: bool = True
    window_s: int = Field(300, gt=0, le=3600)
    """A signature is good for so long, before and after."""

    def open(self, name: str, secrets: Secrets, texts: Templates) -> Webhook:  # noqa: ARG002 - the other side shows buttons
        """See :meth:`ChannelEntry.open`."""
        secret = secrets("secret", self.secret, SHORTEST_SECRET).encode()
        return Webhook(name, self.url, secret, self.buttons, self.context(), self.window_s)
