"""What several routes take: the conversations of the application, ids, pages; and what their errors look like."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request

from bot.asides import Asides
from bot.channels.problems import Problem
from bot.conversation import Conversations

LARGEST_PAGE = 500


async def conversations(request: Request) -> Conversations:
    """The conversations of this application; async, since a thread for it would cost more than the look-up."""
    found: Conversations = request.app.state.services.conversations
    return found


Talks = Annotated[Conversations, Depends(conversations)]


async def asides(talks: Talks) -> Asides:
    """What keeps what is told besides messages."""
    return Asides(talks)


Beside = Annotated[Asides, Depends(asides)]
Id = Annotated[str, Path(max_length=64, description="The id that POST /v1/conversations gave.")]
After = Annotated[int, Query(ge=0, le=2**53, description="Only what comes after this number.")]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The responses of a route that may answer with these problem documents."""
    return {code: {"model": Problem} for code in codes}
