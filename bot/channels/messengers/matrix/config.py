"""The entry of a Matrix homeserver."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.channels.messengers.config import ChannelEntry, SafeUrl, Secrets, Variable
from bot.channels.messengers.matrix.homeserver import Account
from bot.channels.messengers.matrix.messenger import Matrix
from bot.replies.catalogues import Templates

SHORTEST_TOKEN = 32
UserId = Annotated[
    str, StringConstraints(pattern=r"^@[a-z0-9._=/+-]+:[A-Za-z0-9.-]+(:\d{1,5})?$", max_length=255)
]  # fmt: skip
"""Matrix appendices, 'User identifiers'."""


class Entry(ChannelEntry):
    """See docs/channels/matrix.md."""

    kind: Literal["matrix"]
    homeserver: SafeUrl
    """Of its Client-Server API."""
    user: UserId
    """The bot's, which belongs to the application service."""
    as_token: Variable
    """What Plugdesk shows to the homeserver."""
    hs_token: Variable
    """What the homeserver shows to Plugdesk."""
    display_name: str = Field("Plugdesk", min_length=1, max_length=100)

    def open(self, name: str, secrets: Secrets, texts: Templates) -> Matrix:
        """See :meth:`ChannelEntry.open`."""
        as_token = secrets("as_token", self.as_token, SHORTEST_TOKEN)
        hs_token = secrets("hs_token", self.hs_token, SHORTEST_TOKEN)
        account = Account(self.homeserver.rstrip("/"), self.user, as_token)
        return Matrix(name, account, hs_token, self.display_name, self.context(), texts)
