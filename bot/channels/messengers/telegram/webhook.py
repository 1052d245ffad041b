"""Where Telegram posts updates, once ``plugdesk telegram webhook`` has told it to."""

# No postponed annotations here: the framework could not find the functions of a function that they name.

import hmac
import logging
from collections.abc import Callable

import httpx
from fastapi import APIRouter, HTTPException, Request, Response, status
from pydantic import ValidationError

from bot.channels.messengers.calls import CallFailed
from bot.channels.messengers.ports import Intake
from bot.channels.messengers.telegram.receiving import Receiver
from bot.channels.messengers.telegram.updates import Update

log = logging.getLogger(__name__)
HEADER = "X-Telegram-Bot-Api-Secret-Token"
PATH = "/webhook"
FOREIGN = (
    f"The header {HEADER} is missing or wrong. Only Telegram posts here; the operator registers this address with: "
    "plugdesk telegram webhook"
)
LATER = "A photo cannot be fetched at the moment. Send the update again."


def webhook_router(
    receiver: Receiver, secret: bytes, client: Callable[[], httpx.AsyncClient], intake: Intake
) -> APIRouter:
    """The route that takes updates in."""
    router = APIRouter()

    # Its form is Telegram's, so it is no part of the description of our own interface.
    @router.post(PATH, include_in_schema=False)
    async def take_in(request: Request) -> Response:
        """Answer 2xx once the update is kept; until then Telegram sends it again."""
        shown = request.headers.get(HEADER, "").encode()
        if not hmac.compare_digest(shown, secret):
            raise HTTPException(status.HTTP_401_UNAUTHORIZED, FOREIGN, {"WWW-Authenticate": HEADER})
        try:
            update = Update.model_validate_json(await request.body())
        except ValidationError as error:
            # It would come again and again, and hold up what comes after it.
            places = {str(each["loc"]) for each in error.errors()}
            log.warning("channel %s: news of an unknown form are skipped: %s", receiver.channel, sorted(places)[:5])
            return Response()
        async with client() as http:
            try:
                await receiver.receive(update, intake, http)
            except CallFailed as error:
                wait = str(round(error.failed.wait.total_seconds())) if error.failed.wait else "5"
                raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, LATER, {"Retry-After": wait}) from None
        return Response()

    return router
