"""Requests to the REST 2.0 of Request Tracker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random

from bot.adapters.desk.rt_connection import RtConnection
from bot.adapters.desk.rt_rules import RtRules
from bot.errors import NotFound, Unavailable

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_LONGEST_MESSAGE = 200


class _MayPass(Unavailable):
    """What may be over at the next attempt."""


class RtHttp:
    """Asks in JSON and takes nothing else for an answer. Safe to use from several threads.

    Args:
        connection: where, and as whom.
        rules: limits.
        transport: what carries the requests; the network where none is given.
    """

    def __init__(self, connection: RtConnection, rules: RtRules, transport: httpx.BaseTransport | None = None) -> None:
        self._rules = rules
        secret = connection.secret.get_secret_value()
        headers = {"Accept": "application/json"}
        if connection.user is None:
            headers["Authorization"] = f"token {secret}"
        self._client = httpx.Client(
            base_url=f"{connection.url}/REST/2.0/",
            auth=(connection.user, secret) if connection.user is not None else None,
            headers=headers,
            timeout=rules.timeout_s,
            transport=transport,
        )

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Any:
        """Read, again if need be.

        Raises:
            NotFound: when RT says that there is no such thing.
            Unavailable: when it does not answer, or with something else than JSON.
        """
        attempts = Retrying(
            retry=retry_if_exception_type(_MayPass),
            stop=stop_after_attempt(self._rules.attempts),
            wait=wait_random(0, self._rules.wait_s),
            reraise=True,
        )
        return attempts(self._exchange, "GET", path, params, None)

    def send(self, method: str, path: str, body: Any) -> Any:
        """Change something, once.

        Raises:
            NotFound: when RT says that there is no such thing.
            Unavailable: as above; ``sent`` says whether it may have happened.
        """
        return self._exchange(method, path, None, body)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _exchange(self, method: str, path: str, params: Mapping[str, str | int] | None, body: Any) -> Any:
        try:
            with self._client.stream(method, path, params=params, json=body) as response:
                return self._understood(response, self._body(response))
        except httpx.TimeoutException as error:
            raise _MayPass("no answer in time", sent=not isinstance(error, _NOT_SENT)) from None
        except httpx.HTTPError as error:
            name = type(error).__name__
            raise _MayPass(f"cannot be reached ({name})", sent=not isinstance(error, _NOT_SENT)) from None

    def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self._rules.largest_bytes:
                raise Unavailable(f"answered more than {self._rules.largest_bytes} bytes")
        return bytes(body)

    def _understood(self, response: httpx.Response, body: bytes) -> Any:
        status = response.status_code
        if status == httpx.codes.UNAUTHORIZED:
            raise Unavailable("does not let Plugdesk in (401): check the user and password, or the token", sent=False)
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
        if response.is_redirect or kind != "application/json":
            what = "sends on to another page" if response.is_redirect else f"answered {kind or 'nothing'} and not JSON"
            raise Unavailable(f"{what} ({status}): check the address, and that no sign-in page stands before REST/2.0")
        try:
            answer = json.loads(body)
        except ValueError:
            raise Unavailable(f"answered broken JSON ({status})") from None
        if response.is_success:
            return answer
        said = _message(answer)
        if status == httpx.codes.NOT_FOUND:
            raise NotFound(said)
        if status == httpx.codes.FORBIDDEN:
            raise Unavailable(f"does not allow it (403): {said}; see rt.initialdata for the rights", sent=False)
        if response.is_client_error:
            raise Unavailable(f"refused it ({status}): {said}", sent=False)
        raise _MayPass(f"failed ({status}): {said}")


def _message(answer: Any) -> str:
    """What RT says of a failure, for the operator's log."""
    said = str(answer.get("message", answer) if isinstance(answer, dict) else answer)
    return "".join(letter if letter.isprintable() else " " for letter in said)[:_LONGEST_MESSAGE].strip()
