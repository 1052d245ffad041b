"""What is said, as it is said: server-sent events (HTML Living Standard, 9.2)."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from bot.channels.forms import Said
from bot.channels.parameters import After, Id, Talks, problems
from bot.conversation import Conversations
from bot.ports import Listener, News, Notifier, Speaker

RETRY_MS = 2_000
PAGE = 100
"""Events read at once."""
EVERYTHING = News(number=sys.maxsize)
"""What one who begins to follow has not seen."""
LastEventId = Annotated[
    int | None,
    Header(alias="Last-Event-ID", ge=0, le=2**53, description="The last id that came; it counts for more than after."),
]


async def listening(request: Request, talks: Talks, conversation: Id) -> AsyncIterator[Listener]:
    """Follows the conversation until the response has ended, however it ends."""
    await to_thread.run_sync(talks.events, conversation, 0, 1)
    notifier: Notifier = request.app.state.services.notifier
    with notifier.listen(conversation) as listener:
        yield listener


router = APIRouter(prefix="/v1", tags=["conversations"])


@router.get("/conversations/{conversation}/stream", response_class=EventSourceResponse, responses=problems(404, 422))
async def stream(
    talks: Talks,
    conversation: Id,
    listener: Annotated[Listener, Depends(listening)],
    after: After = 0,
    last_event_id: LastEventId = None,
) -> AsyncIterator[ServerSentEvent]:
    """Follow the conversation: ``said`` holds what a page of messages holds, ``typing`` tells who is about to speak."""
    yield ServerSentEvent(retry=RETRY_MS)
    seen = after if last_event_id is None else last_event_id
    news = EVERYTHING
    while not news.ended:
        if news.typing and (writer := await to_thread.run_sync(_writer, talks, conversation, news.typing)):
            yield ServerSentEvent(raw_data=json.dumps(writer), event="typing")
        # What is told of was often read already, together with what came before it.
        more = news.number > seen
        while more:
            events = await to_thread.run_sync(talks.events, conversation, seen, PAGE)
            for event in events:
                seen = event.number
                if said := Said.of(event):
                    yield ServerSentEvent(raw_data=said.model_dump_json(), event="said", id=str(seen))
            more = len(events) == PAGE
        news = await listener.news()


def _writer(talks: Conversations, conversation: str, who: Speaker) -> dict[str, str] | None:
    """Who is about to speak, a person by name; None where the person has left meanwhile."""
    if who == "bot":
        return {"who": who}
    person = talks.state(conversation).care.person
    return {"who": who, "name": person.name} if person else None
