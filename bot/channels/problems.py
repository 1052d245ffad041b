"""Errors over HTTP as problem documents (RFC 9457): what was wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from bot.errors import (
    AnotherDriver,
    ConversationConflict,
    DemoRefused,
    IdentityRefused,
    PhotoRefused,
    UnknownConversation,
    UnknownPhoto,
    UnknownReply,
    UnknownVendor,
)

MEDIA_TYPE = "application/problem+json"


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
    """Let the errors of ``app`` become problem documents, and its OpenAPI page say so."""

    @app.exception_handler(UnknownConversation)
    async def unknown(request: Request, error: UnknownConversation) -> JSONResponse:
        return problem(404, "There is no conversation of that id. Start one with POST /v1/conversations.")

    @app.exception_handler(UnknownVendor)
    async def unknown_vendor(request: Request, error: UnknownVendor) -> JSONResponse:
        return problem(422, str(error))

    @app.exception_handler(IdentityRefused)
    async def refused(request: Request, error: IdentityRefused) -> JSONResponse:
        told = f'Bearer error="invalid_token", error_description="{error.reason}"'
        return problem(401, str(error), {"WWW-Authenticate": told})

    @app.exception_handler(PhotoRefused)
    async def refused_photo(request: Request, error: PhotoRefused) -> JSONResponse:
        return problem(413 if error.code == "too_large" else 415, str(error))

    @app.exception_handler(UnknownPhoto)
    async def unknown_photo(request: Request, error: UnknownPhoto) -> JSONResponse:
        return problem(404, str(error))

    @app.exception_handler(UnknownReply)
    async def unknown_reply(request: Request, error: UnknownReply) -> JSONResponse:
        return problem(404, str(error))

    @app.exception_handler(DemoRefused)
    async def refused_change(request: Request, error: DemoRefused) -> JSONResponse:
        return problem(422, str(error))

    @app.exception_handler(AnotherDriver)
    async def another(request: Request, error: AnotherDriver) -> JSONResponse:
        return problem(409, str(error))

    @app.exception_handler(ConversationConflict)
    async def conflict(request: Request, error: ConversationConflict) -> JSONResponse:
        return problem(409, "Another message of this conversation came in between. Send this one again.")

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        found = "; ".join(f"{_where(each['loc'])}: {each['msg']}" for each in error.errors()[:5])
        return problem(422, f"The request does not fit: {found}. See /docs for the form.")

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail), error.headers)

    describe = app.openapi

    def described() -> dict[str, Any]:
        """FastAPI describes every error as plain JSON; these are problem documents."""
        schema = describe()
        for path in schema["paths"].values():
            for operation in path.values():
                for response in operation["responses"].values():
                    content = response.get("content", {})
                    if content.get("application/json", {}).get("schema", {}).get("$ref", "").endswith("/Problem"):
                        content[MEDIA_TYPE] = content.pop("application/json")
        return schema

    app.openapi = described  # type: ignore[method-assign]
