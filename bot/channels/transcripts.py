"""The conversation as a file to keep."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from bot.channels.parameters import Id, Talks, problems
from bot.replies.transcript import Transcripts

router = APIRouter(prefix="/v1", tags=["conversations"])


@router.get(
    "/conversations/{conversation}/transcript",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems(404, 422)},
)
def read_transcript(request: Request, talks: Talks, conversation: Id) -> PlainTextResponse:
    """Everything that was said, as plain text in the driver's language and time, with the origin of each answer."""
    events = talks.events(conversation)
    transcripts: Transcripts = request.app.state.services.transcripts
    text = transcripts.of(events, talks.language(conversation), talks.timezone(conversation))
    name = f"plugdesk-{events[0].at.date().isoformat()}.txt"
    return PlainTextResponse(text, headers={"Content-Disposition": f'attachment; filename="{name}"'})
