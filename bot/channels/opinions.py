"""What drivers think: whether a reply helped, stars for the conversation."""

from __future__ import annotations

from fastapi import APIRouter, status

from bot.channels.forms import NewFeedback, NewRating
from bot.channels.parameters import Beside, Id, problems

router = APIRouter(
    prefix="/v1/conversations/{conversation}", tags=["conversations"], responses=problems(404, 409, 413, 422)
)


@router.post("/feedback", status_code=status.HTTP_204_NO_CONTENT)
def send_feedback(beside: Beside, conversation: Id, body: NewFeedback) -> None:
    """Say whether a reply helped. The last word on a reply counts."""
    beside.feedback(conversation, body.reply, body.helped)


@router.post("/rating", status_code=status.HTTP_204_NO_CONTENT)
def send_rating(beside: Beside, conversation: Id, body: NewRating) -> None:
    """Rate the conversation. The last rating counts."""
    beside.rating(conversation, body.stars, body.comment)
