"""What a homeserver is told of Plugdesk (Application Service API, 'Registration')."""

from __future__ import annotations

import re
from typing import Any

from bot.channels.messengers.matrix.messenger import Matrix


def registration_id(messenger: Matrix) -> str:
    """Names the application service at its homeserver."""
    return f"plugdesk-{messenger.name}"


def registration_of(messenger: Matrix, public: str) -> dict[str, Any]:
    """The registration; ``public``: where the homeserver reaches Plugdesk. It holds both tokens."""
    return {
        "id": registration_id(messenger),
        "url": f"{public.rstrip('/')}/v1/channels/{messenger.name}",
        "as_token": messenger.account.token,
        "hs_token": messenger.hs_token,
        "sender_localpart": messenger.account.localpart,
        # A driver's homeserver limits the driver; the answers must not be held up by it.
        "rate_limited": False,
        "namespaces": {
            "users": [{"exclusive": True, "regex": f"^{re.escape(messenger.account.user)}$"}],
            "aliases": [],
            "rooms": [],
        },
    }
