"""Calls to the API of a messenger that fail in ways that a courier understands, and files that are fetched from it."""

from __future__ import annotations

import ssl
from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta
from functools import cache

import httpx

from bot.channels.messengers.ports import Failed

LONGEST_ERROR = 200
LARGEST_FILE = 10 * 1024 * 1024
"""Bytes; what the REST interface takes of a photo as well."""
TIMEOUT_S = 10.0
"""For a messenger to take or give the next bytes, where nothing else is said."""
_REMEMBERED = 1_000


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the authorities takes longer than most calls."""
    return httpx.create_ssl_context(trust_env=False)


def open_client(timeout_s: float = TIMEOUT_S) -> httpx.AsyncClient:
    """Follows no redirect, which could lead a token or a reply elsewhere, and heeds no proxy of the environment."""
    return httpx.AsyncClient(verify=_trusted(), follow_redirects=False, trust_env=False, timeout=timeout_s)


class CallFailed(Exception):
    """A call to a messenger's API that failed."""

    def __init__(self, error: str, final: bool = False, wait_s: float | None = None) -> None:
        super().__init__(error)
        wait = timedelta(seconds=wait_s) if wait_s is not None else None
        self.failed = Failed(error[:LONGEST_ERROR], final, wait)


async def fetched(
    http: httpx.AsyncClient, url: str, headers: Mapping[str, str], timeout_s: float, most: int = LARGEST_FILE
) -> bytes:
    """A file of at most ``most`` bytes.

    Raises:
        CallFailed: when it does not come; final where it never will, or is larger.
    """
    data = bytearray()
    try:
        async with http.stream("GET", url, headers=headers, timeout=timeout_s, follow_redirects=False) as answer:
            if answer.status_code != httpx.codes.OK:
                gone = answer.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE)
                raise CallFailed(f"HTTP {answer.status_code} for a file", final=gone)
            async for chunk in answer.aiter_bytes():
                data += chunk
                if len(data) > most:
                    raise CallFailed(f"a file of more than {most} bytes", final=True)
    except httpx.HTTPError as error:
        # Its text may hold the URL, and that may hold a token.
        raise CallFailed(f"{type(error).__name__} for a file") from None
    return bytes(data)


class Parts:
    """How many messages of a delivery were shown, so that another attempt goes on where the last one broke off.

    Kept in memory: after a restart a delivery that had broken off in between is shown from its beginning.
    """

    def __init__(self) -> None:
        self._shown: OrderedDict[str, int] = OrderedDict()

    def shown(self, delivery: str) -> int:
        """How many were shown."""
        return self._shown.get(delivery, 0)

    def note(self, delivery: str, shown: int) -> None:
        """So many were shown."""
        self._shown[delivery] = shown
        self._shown.move_to_end(delivery)
        while len(self._shown) > _REMEMBERED:
            self._shown.popitem(last=False)

    def forget(self, delivery: str) -> None:
        """All of it was shown."""
        self._shown.pop(delivery, None)
