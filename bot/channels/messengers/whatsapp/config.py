"""The entry of a WhatsApp number in the file of channels."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.channels.messengers.config import ChannelEntry, SafeUrl, Secrets, Variable
from bot.channels.messengers.whatsapp.api import GraphApi
from bot.channels.messengers.whatsapp.messenger import WhatsApp
from bot.channels.messengers.whatsapp.receiving import Receiver
from bot.channels.messengers.whatsapp.rules import WhatsAppRules
from bot.errors import SettingsError
from bot.replies.catalogues import Templates

SHORTEST_VERIFY = 16
APP_SECRET = r"[0-9A-Za-z]{32,128}"  # noqa: S105 - the form of an app's secret, not one
TOKEN = r"[!-~]{16,1024}"  # noqa: S105 - what may stand in a header, not a token
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+$")]


class Entry(ChannelEntry):
    """See docs/channels/whatsapp.md."""

    kind: Literal["whatsapp"]
    number: str = Field(pattern=r"^[0-9]{5,32}$")
    """The number's id at Meta (phone number ID), no phone number."""
    token: Variable
    """The access token of a system user."""
    app_secret: Variable
    """Of Meta's app, which signs what it posts."""
    verify: Variable
    """What Meta shows when the address is entered; any words of the operator's."""
    api: SafeUrl = "https://graph.facebook.com/v25.0"
    media_hosts: tuple[Host, ...] = ("lookaside.fbsbx.com",)
    """Where photos are fetched from."""

    def open(self, name: str, secrets: Secrets, texts: Templates) -> WhatsApp:
        """See :meth:`ChannelEntry.open`."""
        token = self._fit(name, "token", secrets("token", self.token), TOKEN)
        app_secret = self._fit(name, "app_secret", secrets("app_secret", self.app_secret), APP_SECRET)
        verify = secrets("verify", self.verify, SHORTEST_VERIFY)
        hosts = frozenset(self.media_hosts)
        api = GraphApi(self.api.rstrip("/"), self.number, token, hosts, WhatsAppRules.load())
        return WhatsApp(Receiver(name, api, self.context()), app_secret.encode(), verify.encode(), texts)

    def _fit(self, name: str, field: str, secret: str, form: str) -> str:
        if re.fullmatch(form, secret):
            return secret
        remedy = (
            "Copy it again from the app at developers.facebook.com; docs/channels/whatsapp.md says where it stands."
        )
        raise SettingsError(
            f"PLUGDESK_CHANNELS: channels.{name}.{field}: {getattr(self, field)} holds no such secret. {remedy}"
        )
