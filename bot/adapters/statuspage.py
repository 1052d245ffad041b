"""Public status pages of the Statuspage v2 form, over HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from bot.adapters.statuspage_summary import PageRules, is_web_address, platform_status
from bot.errors import NotFound, SettingsError, Unavailable
from bot.tools.values import PlatformStatus

SUMMARY = "/api/v2/summary.json"


def _system_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class _Kept:
    status: PlatformStatus
    at: float
    """On the monotonic clock, in seconds."""


class StatusPage:
    """See :class:`bot.tools.ports.StatusPages`. A page that cannot be read is unknown, never "all fine".

    Args:
        pages: the address of each vendor's page, such as https://status.example.com.
        components: the names of the components that matter to drivers; all of a vendor that is not in it.
        fresh: how long a reading may be told again without looking.
        timeout: how long a page may be silent, and how long its whole answer may take.
        now: what a reading is dated by.
        monotonic: what its age is reckoned by, in seconds.

    Raises:
        SettingsError: for an address that is none.
    """

    def __init__(
        self,
        pages: Mapping[str, str],
        components: Mapping[str, tuple[str, ...]],
        fresh: timedelta = timedelta(seconds=15),
        timeout: timedelta = timedelta(seconds=2),
        now: Callable[[], datetime] = _system_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pages = {vendor: _checked(vendor, url) for vendor, url in pages.items()}
        self._components, self._fresh, self._timeout = components, fresh, timeout
        self._now, self._monotonic, self._rules = now, monotonic, PageRules.load()
        self._kept: dict[str, _Kept] = {}
        self._guard = threading.Lock()
        # Without compression the limit on the answer's size holds for what it unfolds to.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        self._client = httpx.Client(timeout=timeout.total_seconds(), headers=headers, follow_redirects=False)

    def status(self, vendor: str, again: bool = False) -> PlatformStatus:
        """See :class:`bot.tools.ports.StatusPages`."""
        page = self._pages.get(vendor)
        if page is None:
            raise NotFound(f"No status page of {vendor} is known.")
        at = self._monotonic()
        with self._guard:
            kept = self._kept.get(vendor)
        if kept and not again and at - kept.at < self._fresh.total_seconds():
            return kept.status
        body = self._body(httpx.URL(page + SUMMARY))
        wanted = self._components.get(vendor, ())
        found = platform_status(body, vendor, wanted, page, self._now(), self._rules)
        with self._guard:
            self._kept[vendor] = _Kept(found, at)
        return found

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _body(self, url: httpx.URL) -> bytes:
        until = time.monotonic() + self._timeout.total_seconds()
        try:
            for _ in range(self._rules.most_redirects + 1):
                with self._client.stream("GET", url) as response:
                    if response.next_request is None:
                        return self._read(response, until)
                    url = _followed(url, response.next_request.url)
        except httpx.TimeoutException:
            raise self._late() from None
        except httpx.HTTPError as error:
            raise Unavailable(f"cannot be reached ({type(error).__name__})") from None
        raise Unavailable(f"sends on more than {self._rules.most_redirects} times")

    def _read(self, response: httpx.Response, until: float) -> bytes:
        if response.status_code != httpx.codes.OK:
            raise Unavailable(f"answered {response.status_code}")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise Unavailable("answered compressed, which was not asked for")
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > self._rules.largest_bytes:
                raise Unavailable(f"answered more than {self._rules.largest_bytes} bytes")
            # The client's own limit is for each chunk, and a page may trickle.
            if time.monotonic() > until:
                raise self._late()
        return bytes(body)

    def _late(self) -> Unavailable:
        return Unavailable(f"no answer within {self._timeout.total_seconds():g} s")


def _checked(vendor: str, url: str) -> str:
    """The address without a slash at its end. Drivers are shown it, so that it may hold no password."""
    try:
        parsed = httpx.URL(url)
        usable = is_web_address(url) and not (parsed.query or parsed.fragment or parsed.userinfo)
    except httpx.InvalidURL:
        usable = False
    if not usable:
        message = f"The address of the status page of {vendor} cannot be used."
        raise SettingsError(f"{message} Write one such as https://status.example.com, without a password or a query.")
    return url.rstrip("/")


def _followed(url: httpx.URL, target: httpx.URL) -> httpx.URL:
    """Where a page sends on to, if that is the same host, by the same way or by https."""
    same_way = (target.scheme, target.port) == (url.scheme, url.port)
    upgraded = (url.scheme, target.scheme, target.port) == ("http", "https", None)
    if target.host != url.host or not (same_way or upgraded):
        raise Unavailable("sends on to another host")
    return target
