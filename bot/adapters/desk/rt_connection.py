"""Where Request Tracker is, and as whom Plugdesk signs in there."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from bot.errors import SettingsError

SCHEMES = ("rt+http", "rt+https")
_ADDRESS = "Use rt+https://HOST/PATH, where HOST/PATH leads to the pages of Request Tracker."
_CREDENTIALS = "Set PLUGDESK_RT_TOKEN, or else PLUGDESK_RT_USER and PLUGDESK_RT_PASSWORD."


class RtConnection(BaseModel):
    """``url`` is where the pages of RT are, without credentials.

    ``secret`` is the password of ``user``, or an auth token where there is no user.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    queue: str
    secret: SecretStr
    user: str | None = None

    @classmethod
    def of(cls, address: str, queue: str, token: str = "", user: str = "", password: str = "") -> RtConnection:
        """From the settings, each empty where it is not set.

        Raises:
            SettingsError: when the address is none, or the credentials are too few or too many. The message tells
                nothing of what was there: it may be secret.
        """
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            raise SettingsError(f"PLUGDESK_DESK is no address. {_ADDRESS}") from None
        if parts.scheme not in SCHEMES or not parts.hostname or parts.query or parts.fragment:
            raise SettingsError(f"PLUGDESK_DESK is no address of a Request Tracker. {_ADDRESS}")
        if parts.username or parts.password:
            raise SettingsError(f"PLUGDESK_DESK has credentials in it, which logs would show. {_CREDENTIALS}")
        if bool(token) == bool(user or password) or bool(user) != bool(password):
            raise SettingsError(f"Plugdesk cannot sign in to Request Tracker. {_CREDENTIALS}")
        scheme = parts.scheme.removeprefix("rt+")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return cls(
            url=f"{scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}",
            queue=queue,
            secret=SecretStr(token or password),
            user=user or None,
        )
