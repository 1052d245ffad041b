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
from starlette.routing import Match, Mount

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

FILES_ALLOW = "GET, HEAD"
"""Where no route is, folders of files are."""
METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
MEDIA_TYPE = "application/problem+json"
UNREADABLE = "There was an error parsing the body"
"""What FastAPI says, with status 400, of bytes that are no text."""


PROBLEM = "#/components/schemas/Problem"
INVALID = "#/components/schemas/HTTPValidationError"
"""What FastAPI says that it answers where a route names nothing else."""


class Problem(BaseModel):
    """A problem document."""

    title: str
    status: int
    detail: str


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A response that says what was wrong."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def _is_problem(described: Mapping[str, Any]) -> bool:
    return described.get("schema", {}).get("$ref", "") in (PROBLEM, INVALID)


def _where(location: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in location if part != "body") or "body"


def _methods(request: Request) -> list[str]:
    """What may be done at a path, by any of its routes; the framework names those of the first alone."""
    routes = [route for route in request.app.routes if not isinstance(route, Mount)]
    return [
        method
        for method in METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]


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
        if error.detail == UNREADABLE:
            return problem(422, "The body is no JSON in UTF-8, or nested too deeply. See /docs for the form.")
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(_methods(request)) or FILES_ALLOW
        return problem(error.status_code, str(error.detail), headers)

    describe = app.openapi

    def described() -> dict[str, Any]:
        """FastAPI describes every error in the form of the answer, mostly plain JSON; these are problem documents."""
        schema = describe()
        for path in schema["paths"].values():
            for operation in path.values():
                for response in operation["responses"].values():
                    content = response.get("content", {})
                    for form in [form for form, each in content.items() if _is_problem(each)]:
                        del content[form]
                        content[MEDIA_TYPE] = {"schema": {"$ref": PROBLEM}}
        return schema

    app.openapi = described  # type: ignore[method-assign]
