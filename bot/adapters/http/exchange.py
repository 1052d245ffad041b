"""Requests and whole answers, within limits of time and size; safe ones are sent again; a sick system is left alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_before_delay, wait_random

from bot.adapters.http.breaker import Breaker
from bot.adapters.http.spec import ConnectorSpec
from bot.errors import Unavailable

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Without a connection nothing can have arrived."""


class _MayPass(Unavailable):
    """What may be over at the next attempt."""


@dataclass(frozen=True)
class Request:
    """What is to be sent. ``url`` is whole, its parts encoded."""

    method: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes | None
    timeout_s: float
    """For all attempts together; none begins later."""
    repeatable: bool
    understood: frozenset[int] = field(default_factory=frozenset)
    """Status codes that say something even though they are errors."""


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    media_type: str
    """In small letters, without parameters; empty where none is named."""
    body: bytes


class HttpExchange:
    """Speaks with one system. Safe to use from several threads.

    Args:
        spec: its limits.
        credentials: the headers that it knows us by.
        transport: what carries the requests; the network where none is given.
        sleep: waits between attempts.
        monotonic: the breaker's clock, in seconds.
    """

    def __init__(
        self,
        spec: ConnectorSpec,
        credentials: Mapping[str, str],
        transport: httpx.BaseTransport | None,
        sleep: Callable[[float], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._retries, self._largest, self._sleep = spec.retries, spec.largest_bytes, sleep
        self._breaker = Breaker(spec.breaker.failures, spec.breaker.reset_s, monotonic)
        # Without compression the limit on the answer's size holds for what it unfolds to.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", **credentials}
        self._client = httpx.Client(transport=transport, headers=headers, follow_redirects=False)

    def send(self, request: Request) -> Answer:
        """Send it; again, if that is safe and the first attempt failed.

        Raises:
            Unavailable: when no whole answer came; ``sent`` is False only if no attempt can have arrived.
        """
        until = time.monotonic() + request.timeout_s
        arrived = False

        def attempt() -> Answer:
            nonlocal arrived
            try:
                return self._guarded(request, until)
            except Unavailable as error:
                arrived = arrived or error.sent
                raise

        attempts = Retrying(
            retry=retry_if_exception_type(_MayPass),
            stop=stop_after_attempt(self._retries.attempts if request.repeatable else 1)
            | stop_before_delay(request.timeout_s),
            wait=wait_random(0, self._retries.wait_s),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return attempts(attempt)
        except Unavailable as error:
            raise Unavailable(error.reason, sent=arrived) from None

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _guarded(self, request: Request, until: float) -> Answer:
        self._breaker.enter()
        try:
            answer = self._exchanged(request, until)
            if answer.status not in request.understood:
                if answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
                    raise _MayPass(f"answered {answer.status}")
                if answer.status == httpx.codes.TOO_MANY_REQUESTS:
                    # Asking once more would only add to it.
                    self._breaker.failed()
                    raise Unavailable("answered 429: it is asked too often")
        except _MayPass:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return answer

    def _exchanged(self, request: Request, until: float) -> Answer:
        left = until - time.monotonic()
        if left <= 0:
            raise _MayPass("no answer in time", sent=False)
        try:
            with self._client.stream(
                request.method,
                request.url,
                params=request.query or None,
                headers=request.headers,
                content=request.content,
                timeout=left,
            ) as response:
                media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                return Answer(response.status_code, media_type, self._body(response, until))
        except httpx.InvalidURL:
            raise Unavailable("cannot be asked: the address would be too long", sent=False) from None
        except httpx.HTTPError as error:
            late = isinstance(error, httpx.TimeoutException)
            reason = "no answer in time" if late else f"cannot be reached ({type(error).__name__})"
            raise _MayPass(reason, sent=not isinstance(error, _NOT_SENT)) from None

    def _body(self, response: httpx.Response, until: float) -> bytes:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise Unavailable("answered compressed, which was not asked for")
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > self._largest:
                raise Unavailable(f"answered more than {self._largest} bytes")
            # The client's own limit is for each chunk, and an answer may trickle.
            if time.monotonic() > until:
                raise _MayPass("no answer in time")
        return bytes(body)
