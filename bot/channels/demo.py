"""The demo world over HTTP, for the demo page. Only where PLUGDESK_DEMO is on and every source system is a demo."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from bot.channels.parameters import problems
from bot.ports import Demo


class WorldCommand(BaseModel):
    """The words of a ``plugdesk world`` command."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"command": "credit 40711 20.00"}]})

    command: str = Field(min_length=1, max_length=256)


class DemoUser(BaseModel):
    """Somebody of the demo world."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"user": "ane"}]})

    user: str = Field(min_length=1, max_length=64)


class DemoToken(BaseModel):
    """A token that this server trusts until it is started again."""

    token: str


def demo_router(demo: Demo) -> APIRouter:
    """Routes over a demo world."""
    router = APIRouter(prefix="/v1/demo", tags=["demo"])

    @router.get("")
    def read_world() -> dict[str, Any]:
        """Everything in the demo world, by kind."""
        return dict(demo.world())

    @router.post("", status_code=status.HTTP_204_NO_CONTENT, responses=problems(413, 422))
    def change_world(body: WorldCommand) -> None:
        """Change the demo world, as the command line does."""
        demo.change(body.command)

    @router.post("/token", responses=problems(413, 422))
    def sign_in(body: DemoUser) -> DemoToken:
        """A token for somebody of the demo world."""
        return DemoToken(token=demo.token(body.user))

    return router
