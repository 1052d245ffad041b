"""What was done to chargers, stations, sessions and tickets, by whom: the ledger's audit log, for leads."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from bot.panel.values import Agent
from bot.panel.web.access import needs, panel_of
from bot.panel.web.outcomes import detail
from bot.panel.web.pages import say_to, show
from bot.tools.ledger import AuditFilter

PAGE = 100
"""Lines on one page."""
STEPS = ("begun", "done", "refused", "unsure")
Asked = Annotated[str, Query(max_length=80)]


def router() -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get("/agent/actions")
    def page(
        request: Request,
        agent: Annotated[Agent, Depends(needs("lead"))],
        action: Asked = "",
        target: Asked = "",
        who: Asked = "",
        conversation: Asked = "",
        step: Asked = "",
        before: Annotated[int | None, Query(ge=1)] = None,
    ) -> Response:
        panel, say = panel_of(request), say_to(request)
        actions = panel.conversations.dialogue.actions
        asked = {"action": action, "target": target, "who": who, "conversation": conversation, "step": step}
        wanted = {name: value.strip() for name, value in asked.items() if value.strip()}
        lines = actions.ledger.audit(AuditFilter(**wanted, before=before), PAGE + 1)
        older = (
            f"/agent/actions?{urlencode({**wanted, 'before': lines[PAGE - 1].number})}" if len(lines) > PAGE else None
        )
        return show(
            request, "actions", lines=lines[:PAGE], asked=asked, older=older, names=tuple(actions.rules.actions),
            steps=STEPS, people={each.id: each.name for each in panel.agents.all()},
            detail=lambda line: detail(line, say),
        )  # fmt: skip

    return routes
