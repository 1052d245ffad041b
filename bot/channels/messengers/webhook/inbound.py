"""Where a webhook's other side posts what people wrote."""

# No postponed annotations here: the framework could not find the functions of a function that they name.

from base64 import b64decode
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, Response, Security, status
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader
from pydantic import Base64Encoder, BaseModel, EncodedBytes, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from bot.channels.messengers.ports import InboundMessage, Intake, MessageIdReused, OutboundMessage
from bot.channels.messengers.webhook.signatures import HEADER, SignatureRefused
from bot.channels.problems import Problem

REUSED = "This message_id was another message's. Give each message an id of its own."
SIGNATURE = APIKeyHeader(
    name=HEADER, scheme_name="Signature", auto_error=False,
    description="`t=<seconds since 1970>,v1=<HMAC-SHA256 of t, a dot and the body, in hexadecimal digits>`",
)  # fmt: skip
PROBLEMS: dict[int | str, dict[str, Any]] = {code: {"model": Problem} for code in (401, 404, 409, 413, 422)}
MOST_PHOTOS = 5


class _Base64(Base64Encoder):
    """Nothing but Base64 (RFC 4648, 4): the library's own passes over other letters."""

    @classmethod
    def decode(cls, data: bytes) -> bytes:
        try:
            return b64decode(data, validate=True)
        except ValueError:
            raise PydanticCustomError("base64", "Input should be Base64 (RFC 4648, 4)") from None


File = Annotated[
    bytes,
    EncodedBytes(_Base64),
    WithJsonSchema(
        {
            "type": "string",
            "contentEncoding": "base64",
            "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        }
    ),
]


class InboundPhotos(InboundMessage):
    """What a person wrote, with photos of it."""

    photos: list[File] = Field(
        min_length=1, max_length=MOST_PHOTOS, description="The files, each in Base64: JPEG, PNG, WebP or HEIC."
    )


class Accepted(BaseModel):
    """The message was taken in; its reply is posted to the channel's URL."""

    duplicate: bool = Field(description="It had been taken in before, and nothing was done.")


def inbound_router(name: str, check: Callable[[str | None, bytes], None], intake: Intake) -> APIRouter:
    """The routes of the channel ``name``; ``check`` raises SignatureRefused for a header that does not fit a body."""

    class SignedRoute(APIRoute):
        """Looks at the signature before anybody reads the body."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            go_on = super().get_route_handler()

            async def handle(request: Request) -> Response:
                try:
                    check(request.headers.get(HEADER), await request.body())
                except SignatureRefused as error:
                    raise HTTPException(
                        status.HTTP_401_UNAUTHORIZED, str(error), {"WWW-Authenticate": HEADER}
                    ) from None
                return await go_on(request)

            return handle

    async def taken_in(message: InboundMessage, photos: list[bytes]) -> Accepted:
        try:
            return Accepted(duplicate=not await intake.take_in(name, message, photos))
        except MessageIdReused:
            raise HTTPException(status.HTTP_409_CONFLICT, REUSED) from None

    router = APIRouter(route_class=SignedRoute, dependencies=[Security(SIGNATURE)], responses=PROBLEMS)
    replies = APIRouter()

    @replies.post("{$request.query.url}", status_code=status.HTTP_204_NO_CONTENT, operation_id=f"reply_of_{name}")
    def reply(body: OutboundMessage) -> None:
        """A reply, posted to the channel's URL and signed as messages are. Any 2xx means that it arrived."""

    @router.post("/inbound", callbacks=replies.routes)
    async def take_in(message: InboundMessage) -> Accepted:
        """Take in what a person wrote. Send it again until this answers 2xx; the same message_id is one message."""
        return await taken_in(message, [])

    @router.post("/inbound/photos")
    async def take_in_photos(message: InboundPhotos) -> Accepted:
        """The same with photos. One that cannot be used is answered in words, as everything that the person wrote."""
        plain = InboundMessage.model_construct(**{name: getattr(message, name) for name in InboundMessage.model_fields})
        return await taken_in(plain, message.photos)

    return router
