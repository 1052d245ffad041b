"""Errors over HTTP as problem documents (RFC 9457): what was wrong, where, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from bot.errors import ConversationConflict, UnknownConversation

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
LARGEST_BODY = 64 * 1024
"""Bytes; a driver's message is far shorter, a pasted log rarely longer."""


class Problem(BaseModel):
    """A problem document."""

    title: str
    status: int
    detail: str


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A response that says what was wrong."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def _where(location: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in location if part != "body") or "body"


def install(app: FastAPI) -> None:
    """Let every error of ``app`` become a problem document."""

    @app.exception_handler(UnknownConversation)
    def unknown(request: Request, error: UnknownConversation) -> JSONResponse:
        return problem(404, "There is no conversation of that id. Start one with POST /v1/conversations.")

    @app.exception_handler(ConversationConflict)
    def conflict(request: Request, error: ConversationConflict) -> JSONResponse:
        return problem(409, "Another message of this conversation came in between. Send this one again.")

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        found = "; ".join(f"{_where(each['loc'])}: {each['msg']}" for each in error.errors()[:5])
        return problem(422, f"The request does not fit: {found}. See /docs for the form.")

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        detail = str(error.detail)
        if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            detail = f"The body is larger than {LARGEST_BODY // 1024} KiB. Send a shorter message."
        return problem(error.status_code, detail, error.headers)

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.exception("unexpected error at %s", request.url.path)
        return problem(500, "Something went wrong on our side. Your message was not answered; please send it again.")
