"""What Plugdesk asks of a homeserver, as the user of its application service (Matrix Client-Server API)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote

import httpx
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential

DEVICE = "PLUGDESK"
"""Only within a device are two attempts of one transaction id one message for a day, whatever restarts meanwhile."""
TIMEOUT_S = 20.0
LARGEST_PHOTO = 10 * 1024 * 1024
CAUGHT_UP = 50
"""Events that are read at once of what was said before."""
LONGEST_WAIT_S = 24 * 3600
P = ParamSpec("P")
T = TypeVar("T")
_MEDIA = re.compile(r"mxc://([A-Za-z0-9.:\[\]-]+)/([A-Za-z0-9_-]+)", re.ASCII)


class MatrixError(Exception):
    """The homeserver did not do what it was asked for. ``passing``: it may do so later."""

    passing = True


class Unreachable(MatrixError):
    """It gave no answer that could be read."""


class Refused(MatrixError):
    """It said no; ``code`` is Matrix's, such as ``M_FORBIDDEN``, and ``wait`` what it asked for."""

    def __init__(self, status: int, code: str, wait: timedelta | None = None) -> None:
        super().__init__(f"HTTP {status} {code}")
        self.status, self.code, self.wait = status, code, wait
        self.passing = status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR


@dataclass(frozen=True)
class Account:
    """The user of the application service, and the homeserver where it lives."""

    base: str
    """Of the Client-Server API, without a slash at its end."""
    user: str
    """Such as ``@plugdesk:example.org``."""
    token: str = field(repr=False)
    """The ``as_token``."""

    @property
    def localpart(self) -> str:
        """The user's name within the homeserver."""
        return self.user[1:].partition(":")[0]


def open_http() -> httpx.AsyncClient:
    """Follows no redirect, which could lead the token elsewhere, and heeds no proxy of the environment."""
    return httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=TIMEOUT_S)


class Homeserver:
    """Calls of the Client-Server API. ``tries``: how often one that may pass is made before its error is raised."""

    def __init__(self, account: Account, http: httpx.AsyncClient, tries: int = 3, first_wait_s: float = 0.2) -> None:
        self.account, self._http = account, http
        self._tries, self._first_wait_s = tries, first_wait_s

    async def register(self) -> None:
        """Let the user exist."""
        body = {"type": "m.login.application_service", "username": self.account.localpart, "inhibit_login": True}
        try:
            await self._ask("POST", "v3/register", body)
        except Refused as error:
            if error.code != "M_USER_IN_USE":
                raise

    async def make_device(self) -> None:
        """Let the device exist that messages are sent from."""
        try:
            await self._ask("PUT", f"v3/devices/{DEVICE}", {"display_name": "Plugdesk"})
        except Refused as error:
            # Older homeservers know no devices of application services, and do not ask for one.
            if error.status not in (httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND):
                raise

    async def show_as(self, display_name: str) -> None:
        """Give the user the name that people see."""
        await self._ask("PUT", f"v3/profile/{_in_path(self.account.user)}/displayname", {"displayname": display_name})

    async def ping(self, registration: str) -> None:
        """Let the homeserver ask this application service for a sign of life."""
        await self._ask("POST", f"v1/appservice/{_in_path(registration)}/ping", {})

    async def join(self, room: str) -> None:
        """Follow an invitation."""
        await self._ask("POST", f"v3/rooms/{_in_path(room)}/join", {})

    async def leave(self, room: str) -> None:
        """Leave a room, or decline its invitation."""
        await self._ask("POST", f"v3/rooms/{_in_path(room)}/leave", {})

    async def others(self, room: str) -> set[str]:
        """Who else is in a room."""
        found = await self._ask("GET", f"v3/rooms/{_in_path(room)}/joined_members")
        return set(found["joined"]) - {self.account.user}

    async def encrypted(self, room: str) -> bool:
        """Whether what people write in a room is hidden from the application service."""
        try:
            await self._ask("GET", f"v3/rooms/{_in_path(room)}/state/m.room.encryption/")
        except Refused as error:
            if error.status == httpx.codes.NOT_FOUND:
                return False
            raise
        return True

    async def latest(self, room: str) -> list[Any]:
        """What happened in a room of late, newest first."""
        path = f"v3/rooms/{_in_path(room)}/messages"
        found = await self._ask("GET", path, dir="b", limit=str(CAUGHT_UP))
        return list(found["chunk"])

    async def send(self, room: str, transaction: str, content: Mapping[str, Any]) -> None:
        """Say something in a room; the same transaction again is the same message (Client-Server API, 'txnId')."""
        path = f"v3/rooms/{_in_path(room)}/send/m.room.message/{_in_path(transaction)}"
        # Synapse fails over a device whose user is not named, though it can be no other.
        sent_by = {"user_id": self.account.user, "device_id": DEVICE}
        try:
            await self._ask("PUT", path, content, **sent_by)
        except Refused as error:
            if error.code != "M_UNKNOWN_DEVICE":
                raise
            await self.make_device()
            await self._ask("PUT", path, content, **sent_by)

    async def typing(self, room: str, for_ms: int) -> None:
        """Show that an answer is being written, for so long; 0: no longer."""
        body = {"typing": True, "timeout": for_ms} if for_ms else {"typing": False}
        await self._ask("PUT", f"v3/rooms/{_in_path(room)}/typing/{_in_path(self.account.user)}", body)

    async def photo(self, uri: str) -> bytes:
        """The file of an ``mxc://`` address, from the homeserver alone. One that is too large ends after a byte too
        many, by which it is known as such."""
        place = _MEDIA.fullmatch(uri)
        if place is None:
            raise Refused(httpx.codes.NOT_FOUND, "M_NOT_FOUND")
        path = f"v1/media/download/{_in_path(place[1])}/{_in_path(place[2])}"
        return await self._patiently(self._download, path)

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: str) -> Any:
        return await self._patiently(self._once, method, path, body, query)

    async def _patiently(self, call: Callable[P, Awaitable[T]], *arguments: P.args, **named: P.kwargs) -> T:
        """Again after a while, where that may help."""
        trying = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, MatrixError) and error.passing),
            stop=stop_after_attempt(self._tries),
            wait=wait_exponential(self._first_wait_s, max=TIMEOUT_S),
            reraise=True,
        )
        return await trying(call, *arguments, **named)

    async def _once(self, method: str, path: str, body: Mapping[str, Any] | None, query: Mapping[str, str]) -> Any:
        try:
            answer = await self._http.request(
                method, self._url(path), headers=self._headers(), params=query or None, json=body
            )
            if answer.is_success:
                return answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unreachable(type(error).__name__) from None
        raise _refusal(answer)

    async def _download(self, path: str) -> bytes:
        found = bytearray()
        try:
            async with self._http.stream("GET", self._url(path), headers=self._headers()) as answer:
                if not answer.is_success:
                    await answer.aread()
                    raise _refusal(answer)
                async for piece in answer.aiter_bytes():
                    found += piece
                    if len(found) > LARGEST_PHOTO:
                        break
        except httpx.HTTPError as error:
            raise Unreachable(type(error).__name__) from None
        return bytes(found[: LARGEST_PHOTO + 1])

    def _url(self, path: str) -> str:
        return f"{self.account.base}/_matrix/client/{path}"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.account.token}"}


def _in_path(part: str) -> str:
    return quote(part, safe="")


def _refusal(answer: httpx.Response) -> Refused:
    try:
        said = answer.json()
    except ValueError:
        said = None
    said = said if isinstance(said, dict) else {}
    code = said.get("errcode")
    return Refused(answer.status_code, code if isinstance(code, str) else "without errcode", _asked_wait(answer, said))


def _asked_wait(answer: httpx.Response, said: Mapping[str, Any]) -> timedelta | None:
    """What a limit asks for: the header, or what came before it (Client-Server API, 'Rate limiting')."""
    header = answer.headers.get("Retry-After", "")
    if header.isascii() and header.isdigit():
        seconds = float(header[:9])
    else:
        given = said.get("retry_after_ms")
        if not isinstance(given, int) or given < 0:
            return None
        seconds = given / 1000
    return timedelta(seconds=min(seconds, LONGEST_WAIT_S))
