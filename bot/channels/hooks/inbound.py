"""Where channels post what people wrote."""

# No postponed annotations here: the framework could not find the functions of a function that they name.

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from anyio import CapacityLimiter, create_task_group, to_thread
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Request, Security, status
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field

from bot.channels.door import Door
from bot.channels.hooks.config import Channel
from bot.channels.hooks.courier import Courier
from bot.channels.hooks.order import Order
from bot.channels.hooks.service import MessageIdReused
from bot.channels.hooks.signatures import HEADER, SignatureRefused, check
from bot.channels.messengers.ports import InboundMessage, OutboundMessage
from bot.channels.problems import Problem

UNKNOWN_CHANNEL = "There is no channel of that name. Its operator names channels in the file of PLUGDESK_CHANNELS."
REUSED = "This message_id was another message's. Give each message an id of its own."
SIGNATURE = APIKeyHeader(
    name=HEADER, scheme_name="Signature", auto_error=False,
    description="`t=<seconds since 1970>,v1=<HMAC-SHA256 of t, a dot and the body, in hexadecimal digits>`",
)  # fmt: skip
PROBLEMS: dict[int | str, dict[str, Any]] = {code: {"model": Problem} for code in (401, 404, 409, 413, 422)}


class Accepted(BaseModel):
    """The message was taken in; its reply is posted to the channel's URL."""

    duplicate: bool = Field(description="It had been taken in before, and nothing was done.")


def hooks_router(courier: Courier, door: Door) -> APIRouter:
    """The routes below /v1/channels; while they are served, ``courier`` delivers."""
    hooks = courier.hooks
    order = Order(hooks.rules.settle_s)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with create_task_group() as beside:
            beside.start_soon(courier.run)
            yield
            beside.cancel_scope.cancel()

    async def signed(
        request: Request,
        name: Annotated[str, Path(max_length=32)],
        shown: Annotated[str | None, Security(SIGNATURE)] = None,
    ) -> Channel:
        channel = hooks.channels.get(name)
        if channel is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND, UNKNOWN_CHANNEL)
        try:
            now = hooks.clock.now().timestamp()
            check(shown, channel.secret, await request.body(), now, hooks.rules.window_s)
        except SignatureRefused as error:
            raise HTTPException(status.HTTP_401_UNAUTHORIZED, str(error), {"WWW-Authenticate": HEADER}) from None
        return channel

    router = APIRouter(prefix="/v1/channels", tags=["channels"], lifespan=lifespan)
    replies = APIRouter()

    @replies.post("{$request.query.url}", status_code=status.HTTP_204_NO_CONTENT)
    def reply(body: OutboundMessage) -> None:
        """A reply, posted to the channel's URL and signed as messages are. Any 2xx means that it arrived."""

    @router.post("/{name}/inbound", responses=PROBLEMS, callbacks=replies.routes)
    async def take_in(
        request: Request, channel: Annotated[Channel, Depends(signed)], message: InboundMessage
    ) -> Accepted:
        """Take in what a person wrote. Send it again until this answers 2xx; the same message_id is one message."""
        sender = f"{channel.name}/{message.sender}"
        door.count("deliver", {"conversation": sender})
        turns: CapacityLimiter = request.app.state.turns
        async with order.turn(sender, message.sent_at):
            try:
                new = await to_thread.run_sync(hooks.take_in, channel, message, limiter=turns)
            except MessageIdReused:
                raise HTTPException(status.HTTP_409_CONFLICT, REUSED) from None
        courier.wake(channel.name)
        return Accepted(duplicate=not new)

    return router
