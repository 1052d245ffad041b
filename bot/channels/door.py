"""Who is let in: the key or the page that a request comes with, and how often it may come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from anyio import to_thread
from fastapi import HTTPException, Request, Security, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.channels.limits import Errand, RateLimits, counted_address
from bot.keys import Key, Keys, Scope

SCHEME = "Key"
HEADER = HTTPBearer(auto_error=False, scheme_name=SCHEME, description="An API key, made with `plugdesk keys add`.")
KEY_NEEDED = (
    "This needs an API key: send 'Authorization: Bearer' and the key. Its operator makes one with: plugdesk keys"
)
UNKNOWN_KEY = "The API key is unknown or was revoked. Ask this server's operator for another."
FOREIGN_PAGE = "Pages of this origin may not start conversations here. The operator names them in PLUGDESK_ORIGINS."
WRONG_SCOPE = "The API key has not the scope {}. Ask this server's operator for a key that has."
TOO_OFTEN = "That was too often. Try again in {} s."
CONVERSATIONS = "/v1/conversations"
Guarding = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Need:
    """What a request is for, and the scopes of which a key needs one. ``open``: without a key it is let in by
    another right: the conversation's id, which cannot be guessed."""

    errand: Errand
    scopes: tuple[Scope, ...]
    open: bool = True


def needed(method: str, path: str) -> Need:
    """What a request to a route below /v1/conversations needs; ``path`` as the route writes it."""
    if path == CONVERSATIONS:
        return Need("start", ("chat",), open=False)
    if path.endswith("/events"):
        return Need("read", ("read",), open=False)
    if method == "GET":
        return Need("read", ("read", "chat"))
    return Need("photo" if path.endswith("/photos") else "say", ("chat",))


@dataclass(frozen=True)
class Door:
    """Lets requests in. Without ``keys`` nobody needs one; without ``limits`` all may come as often as they like."""

    keys: Keys | None = None
    origins: tuple[str, ...] = ()
    limits: RateLimits | None = None

    def conversations(self) -> Guarding:
        """What the routes of conversations depend on.

        It raises HTTPException: 401 without a key that is needed, 403 where it has not the scope, 429 too often.
        """

        async def let_in(request: Request, shown: HTTPAuthorizationCredentials | None) -> None:
            need = needed(request.method, request.scope["route"].path)
            key = await self.known(shown)
            self.count(need.errand, _who(request, key))
            self._admit(request, need, key, shown is not None)

        return self._guarding(let_in)

    def webhooks(self) -> Guarding:
        """What webhooks depend on, besides their signature; it raises as :meth:`conversations` does."""

        async def let_in(request: Request, shown: HTTPAuthorizationCredentials | None) -> None:
            key = await self.known(shown)
            self.count("deliver", _who(request, key))
            self._admit(request, Need("deliver", ("deliver",), open=False), key, shown is not None)

        return self._guarding(let_in)

    def counting(self) -> Guarding:
        """What routes depend on whose callers show no key: they are only counted. It raises HTTPException: 429."""

        async def let_in(request: Request) -> None:
            self.count("deliver", _who(request, None))

        return let_in

    async def known(self, shown: HTTPAuthorizationCredentials | None) -> Key | None:
        """The key that was shown; None where it is none, or none is looked at."""
        if self.keys is None or shown is None:
            return None
        return await to_thread.run_sync(self.keys.of, shown.credentials)

    def count(self, errand: Errand, who: Mapping[str, str]) -> None:
        """Count a request.

        Raises:
            HTTPException: 429, with the seconds to wait.
        """
        wait = self.limits.take(errand, who) if self.limits is not None else None
        if wait is not None:
            raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS, TOO_OFTEN.format(wait), {"Retry-After": str(wait)})

    def _guarding(self, let_in: Callable[[Request, HTTPAuthorizationCredentials | None], Awaitable[None]]) -> Guarding:
        """With the key's header in the API's description only where keys are looked at."""
        if self.keys is None:

            async def without(request: Request) -> None:
                await let_in(request, None)

            return without

        async def with_key(
            request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Security(HEADER)] = None
        ) -> None:
            await let_in(request, shown)

        return with_key

    def _admit(self, request: Request, need: Need, key: Key | None, shown: bool) -> None:
        if self.keys is None:
            return
        if key is not None:
            if not set(need.scopes) & set(key.scopes):
                raise HTTPException(status.HTTP_403_FORBIDDEN, WRONG_SCOPE.format(" or ".join(need.scopes)))
            return
        if shown:
            raise _unauthorised(UNKNOWN_KEY, 'Bearer error="invalid_token"')
        if need.open:
            return
        origin = request.headers.get("origin")
        if need.errand == "start" and origin is not None:
            # No secret: it keeps other people's pages out, and the limits by address keep programs at bay.
            if origin.lower() in self.origins:
                return
            raise HTTPException(status.HTTP_403_FORBIDDEN, FOREIGN_PAGE)
        raise _unauthorised(KEY_NEEDED, "Bearer")


def _who(request: Request, key: Key | None) -> dict[str, str]:
    """Whom a request is counted for: its key or else its address, and the conversation that it names."""
    conversation = request.path_params.get("conversation")
    who = {"conversation": conversation} if conversation else {}
    if key is not None:
        who["key"] = key.id
    elif request.client is not None and request.client.host:
        who["address"] = counted_address(request.client.host)
    return who


def _unauthorised(said: str, challenge: str) -> HTTPException:
    return HTTPException(status.HTTP_401_UNAUTHORIZED, said, {"WWW-Authenticate": challenge})
