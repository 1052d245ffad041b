"""The first page of the signed-in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from bot.panel.values import Agent
from bot.panel.web.access import needs
from bot.panel.web.pages import show


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get("/agent")
    def start(request: Request, agent: Annotated[Agent, Depends(needs("agent"))]) -> Response:
        return show(request, "start")

    return routes
