"""Requests to the other side, with limits on time, size and where they may go."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_after_delay, wait_random

from bot.adapters.ocpi.connection import OcpiConnection
from bot.adapters.ocpi.rules import OcpiRules
from bot.errors import Unavailable

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class _MayPass(Unavailable):
    """What may be over at the next attempt."""


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: httpx.Headers
    body: bytes


class OcpiHttp:
    """Asks the other side's hosts and no others. Safe to use from several threads.

    Args:
        connection: whose hosts and token are used.
        rules: limits.
        transport: what carries the requests; the network where none is given.
        sleep: waits between attempts.
    """

    def __init__(
        self,
        connection: OcpiConnection,
        rules: OcpiRules,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connection, self._rules, self._sleep = connection, rules, sleep
        self._home = httpx.URL(connection.versions)
        # Without compression the limit on the answer's size holds for what it unfolds to.
        headers = {
            "Authorization": connection.their_authorization,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        self._client = httpx.Client(
            transport=transport, timeout=rules.timeout_s, headers=headers, follow_redirects=False
        )

    def get(self, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Read, again if need be.

        Raises:
            Unavailable: when no whole answer came, from a host that we may ask.
        """
        attempts = Retrying(
            retry=retry_if_exception_type(_MayPass),
            stop=stop_after_attempt(self._rules.attempts) | stop_after_delay(self._rules.reads_s),
            wait=wait_random(0, self._rules.wait_s),
            sleep=self._sleep,
            reraise=True,
        )
        return attempts(self._read, self._address(url, params), headers)

    def post(self, url: str, body: Any, params: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Send once; nothing is followed and nothing repeated.

        Raises:
            Unavailable: when no whole answer came; ``sent`` says whether it may have arrived.
        """
        return self._exchange("POST", self._address(url, params), headers, body)[0]

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _read(self, url: httpx.URL, headers: Mapping[str, str]) -> Answer:
        for _ in range(self._rules.most_redirects + 1):
            answer, onward = self._exchange("GET", url, headers)
            if onward is None:
                if answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
                    raise _MayPass(f"answered {answer.status}")
                return answer
            if (onward.scheme, onward.host, onward.port) != (url.scheme, url.host, url.port):
                raise Unavailable("sends on to another host")
            url = onward
        raise Unavailable(f"sends on more than {self._rules.most_redirects} times")

    def _exchange(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], body: Any = None
    ) -> tuple[Answer, httpx.URL | None]:
        until = time.monotonic() + self._rules.answer_s
        # OCPI 4.2: they let both sides find one request again in their logs.
        ids = {"X-Request-ID": str(uuid4()), "X-Correlation-ID": str(uuid4()), **headers}
        try:
            with self._client.stream(method, url, json=body, headers=ids) as response:
                onward = response.next_request.url if response.next_request else None
                return Answer(response.status_code, response.headers, self._body(response, until)), onward
        except httpx.TimeoutException as error:
            raise _MayPass("no answer in time", sent=not isinstance(error, _NOT_SENT)) from None
        except httpx.HTTPError as error:
            name = type(error).__name__
            raise _MayPass(f"cannot be reached ({name})", sent=not isinstance(error, _NOT_SENT)) from None

    def _body(self, response: httpx.Response, until: float) -> bytes:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise Unavailable("answered compressed, which was not asked for")
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > self._rules.largest_bytes:
                raise Unavailable(f"answered more than {self._rules.largest_bytes} bytes")
            # The client's own limit is for each chunk, and an answer may trickle.
            if time.monotonic() > until:
                raise _MayPass("no answer in time")
        return bytes(body)

    def _address(self, given: str, params: Mapping[str, str]) -> httpx.URL:
        try:
            url, home = httpx.URL(given).copy_merge_params(params), self._home
        except httpx.InvalidURL:
            raise Unavailable("names an address that is none", sent=False) from None
        same = (url.scheme, url.host, url.port) == (home.scheme, home.host, home.port)
        listed = url.host in self._connection.hosts and (url.scheme == "https" or home.scheme == "http")
        if not (same or listed):
            reason = f"names the host {url.host}, which is not theirs; if it is, add it to hosts of the connection"
            raise Unavailable(reason, sent=False)
        return url
