"""What the outermost layer makes of errors once a response has begun."""

from __future__ import annotations

import asyncio

import pytest
from anyio import BrokenResourceError
from starlette.types import Message, Receive, Scope, Send

from bot.channels.guard import Guard


def ended_with(error: Exception) -> list[Message]:
    """What is sent where a stream has begun and then fails."""
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/agent/stream", "headers": []}
    asyncio.run(Guard(app)(scope, receive, send))
    return sent


def test_who_hangs_up_on_a_stream_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    assert len(ended_with(ExceptionGroup("", [ExceptionGroup("", [BrokenResourceError()])]))) == 1
    assert not caplog.records


@pytest.mark.parametrize(
    "error", [ValueError("x"), ExceptionGroup("", [BrokenResourceError(), ValueError("x")])], ids=["alone", "beside"]
)
def test_what_fails_in_a_stream_is_logged(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    ended_with(error)
    assert [record.message for record in caplog.records] == ["unexpected error at /agent/stream"]
