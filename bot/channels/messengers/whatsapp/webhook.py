"""Where Meta posts what happens at a number, and asks whether the address is really ours."""

# No postponed annotations here: the framework could not find the functions of a function that they name.

import hashlib
import hmac
import logging
from collections.abc import Callable
from typing import Annotated

import httpx
from fastapi import APIRouter, HTTPException, Query, Request, Response, status
from fastapi.responses import PlainTextResponse
from pydantic import ValidationError

from bot.channels.messengers.calls import CallFailed
from bot.channels.messengers.ports import Intake
from bot.channels.messengers.whatsapp.notifications import Notification, failures
from bot.channels.messengers.whatsapp.receiving import Receiver

log = logging.getLogger(__name__)
HEADER = "X-Hub-Signature-256"
PATH = "/webhook"
SCHEME = "sha256="
UNSIGNED = (
    f"The header {HEADER} is missing or does not fit the body. Only Meta posts here; the operator names the app's "
    "secret in the file of channels."
)
UNVERIFIED = (
    "hub.verify_token is not the one of this channel. Enter the same in Meta's app and in the channel's secret."
)
LATER = "A photo cannot be fetched at the moment. Send the notification again."


def webhook_router(
    receiver: Receiver, app_secret: bytes, verify: bytes, client: Callable[[], httpx.AsyncClient], intake: Intake
) -> APIRouter:
    """The routes that take notifications in."""
    router = APIRouter()

    # Their form is Meta's, so they are no part of the description of our own interface.
    @router.get(PATH, include_in_schema=False)
    async def confirm(
        challenge: Annotated[str, Query(alias="hub.challenge", max_length=256, pattern=r"^[A-Za-z0-9_-]+$")],
        token: Annotated[str, Query(alias="hub.verify_token")] = "",
        mode: Annotated[str, Query(alias="hub.mode")] = "",
    ) -> PlainTextResponse:
        """Tell Meta that this address is ours."""
        if not hmac.compare_digest(token.encode(), verify) or mode != "subscribe":
            raise HTTPException(status.HTTP_403_FORBIDDEN, UNVERIFIED)
        return PlainTextResponse(challenge)

    @router.post(PATH, include_in_schema=False)
    async def take_in(request: Request) -> Response:
        """Answer 2xx once everything is kept; until then Meta sends all of it again, and what was kept is known."""
        body = await request.body()
        wanted = SCHEME + hmac.new(app_secret, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), wanted.encode()):
            raise HTTPException(status.HTTP_401_UNAUTHORIZED, UNSIGNED, {"WWW-Authenticate": HEADER})
        try:
            notification = Notification.model_validate_json(body)
        except ValidationError as error:
            # It would come again for a week.
            places = {str(each["loc"]) for each in error.errors()}
            log.warning("channel %s: news of an unknown form are skipped: %s", receiver.channel, sorted(places)[:5])
            return Response()
        for failed in failures(notification, receiver.api.number):
            why = "; ".join(f"{each.code} {each.title}" for each in failed.errors)
            log.warning("channel %s: message %s was taken, and did not arrive: %s", receiver.channel, failed.id, why)
        async with client() as http:
            try:
                await receiver.receive(notification, intake, http)
            except CallFailed as error:
                wait = str(round(error.failed.wait.total_seconds())) if error.failed.wait else "5"
                raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, LATER, {"Retry-After": wait}) from None
        return Response()

    return router
