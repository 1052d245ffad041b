"""Getting pages over HTTP with limits on time, size and redirects, and never from another host."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx

from indexer.importers.ports import Fetched, Unfetchable
from indexer.importers.rules import Limits

USER_AGENT = "Plugdesk-Import/1.0"
_PORTS = {"http": 80, "https": 443}
_LOGIN = ("/login", "/signin", "/sign_in", "/sign-in", "/auth/", "/sso", "/oauth")


class HttpFetcher:
    """A client of HTTP for one import. ``client`` sends no cookies back: every page is asked for as by a stranger."""

    def __init__(self, client: httpx.Client, limits: Limits, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._client, self._limits, self._elapsed = client, limits, elapsed

    def get(self, url: str, most_bytes: int) -> Fetched:
        """See :class:`indexer.importers.ports.Fetcher`."""
        deadline = self._elapsed() + self._limits.seconds
        seen, at = {url}, url
        for _ in range(self._limits.redirects + 1):
            try:
                with self._client.stream("GET", at, headers={"User-Agent": USER_AGENT}) as response:
                    if not response.has_redirect_location:
                        return self._answer(response, at, most_bytes, deadline)
                    following = str(response.url.join(response.headers["Location"]))
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
                raise Unfetchable(_reason(error)) from None
            if not same_host(url, following):
                raise Unfetchable(f"It redirects to another host ({urlsplit(following).hostname}).")
            if following in seen:
                raise Unfetchable("Its redirects go in a circle.")
            if any(part in urlsplit(following).path.lower() for part in _LOGIN):
                raise Unfetchable("It wants a sign-in. Export the article, or save the page and import that.")
            seen.add(following)
            at = following
        raise Unfetchable(f"It redirects more than {self._limits.redirects} times.")

    def _answer(self, response: httpx.Response, url: str, most_bytes: int, deadline: float) -> Fetched:
        status = response.status_code
        if status in (401, 403):
            raise Unfetchable(
                f"It lets nobody in without a sign-in (status {status}). Save the page and import that.", status
            )
        if status != httpx.codes.OK:
            raise Unfetchable(f"The server answers with status {status}.", status)
        content = bytearray()
        for part in response.iter_bytes():
            content += part
            if len(content) > most_bytes:
                raise Unfetchable(f"It is larger than {most_bytes // 1000} kB.")
            if self._elapsed() > deadline:
                raise Unfetchable(f"It takes longer than {self._limits.seconds:g} seconds.")
        media = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Fetched(url, media, response.charset_encoding, bytes(content))


def same_host(first: str, second: str) -> bool:
    """Whether two URLs are of the same host and port; from HTTP to HTTPS on the usual ports is the same."""
    one, other = urlsplit(first), urlsplit(second)
    if other.scheme not in _PORTS or one.hostname != other.hostname:
        return False
    try:
        ports = (one.port or _PORTS.get(one.scheme), other.port or _PORTS[other.scheme])
    except ValueError:
        return False
    return ports[0] == ports[1] or ports == (80, 443)


def _reason(error: Exception) -> str:
    match error:
        case httpx.TimeoutException():
            return "The server does not answer in time."
        case httpx.ConnectError():
            return "The server cannot be reached."
        case httpx.DecodingError():
            return "The answer cannot be unpacked."
        case _:
            return f"The connection failed ({type(error).__name__})."
