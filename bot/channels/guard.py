"""The outermost layer of the web application: size of bodies, headers of every response, unexpected errors."""

from __future__ import annotations

import logging
from collections.abc import Container

from anyio import BrokenResourceError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.problems import problem

log = logging.getLogger(__name__)
LARGEST_BODY = 64 * 1024
"""Bytes; a driver's message is far shorter, a pasted log rarely longer."""
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_POST = 16 * 1024 * 1024
"""What messengers post besides single messages: photos in Base64, and many messages at once."""
CHANNELS, INBOUND = "/v1/channels/", "/inbound"
PHOTOS = "/photos"
"""Where paths of photos end."""
PAGE_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
UNEXPECTED = "Something went wrong on our side. Your message was not answered; please send it again."
TOO_LARGE = f"The body is larger than {LARGEST_BODY // 1024} KiB. Send a shorter message."
TOO_LARGE_POST = f"The body is larger than {LARGEST_POST // 1024 // 1024} MB. Send less at once."
TOO_LARGE_PHOTO = f"The photo is larger than {LARGEST_PHOTO // 1024 // 1024} MB. Send a smaller copy."


class _TooLarge(HTTPException):
    """More bytes arrived than are allowed. The framework passes this kind on while it reads a body, others not."""

    def __init__(self, said: str) -> None:
        super().__init__(413, said, {"Connection": "close"})


class Guard:
    """Wraps the whole application. ``without_policy``: pages with a script of their own (the API page)."""

    def __init__(self, app: ASGIApp, without_policy: Container[str | None] = ()) -> None:
        self._app, self._without_policy = app, without_policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received, started = 0, False
        largest, said = _allowed(scope["method"], scope["path"])

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > largest:
                raise _TooLarge(said)
            return message

        async def secured(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                if scope["path"] not in self._without_policy:
                    headers["Content-Security-Policy"] = PAGE_POLICY
            await send(message)

        try:
            declared = Headers(scope=scope).get("content-length", "")
            if declared.isdigit() and int(declared) > largest:
                raise _TooLarge(said)
            await self._app(scope, counted, secured)
        except _TooLarge:
            if not started:
                await problem(413, said, {"Connection": "close"})(scope, receive, secured)
        except Exception as error:
            if started and _hung_up(error):
                return
            log.exception("unexpected error at %s", scope["path"])
            if not started:
                await problem(500, UNEXPECTED)(scope, receive, secured)


def _hung_up(error: Exception) -> bool:
    """Whether a client left while an event was on its way to it: the framework's stream ends with this alone."""
    return isinstance(error, ExceptionGroup) and error.split(BrokenResourceError)[1] is None


def _allowed(method: str, path: str) -> tuple[int, str]:
    """How many bytes a body may have, and what is said of more."""
    if path.startswith(CHANNELS) and not path.endswith(INBOUND):
        return LARGEST_POST, TOO_LARGE_POST
    if method == "POST" and path.endswith(PHOTOS):
        return LARGEST_PHOTO, TOO_LARGE_PHOTO
    return LARGEST_BODY, TOO_LARGE
