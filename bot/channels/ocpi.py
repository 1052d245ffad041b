"""What an OCPI party asks of us: our versions, and where it posts the results of commands (OCPI 6, 13.2.2)."""

from __future__ import annotations

import binascii
import secrets
from base64 import b64decode
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, HTTPException, Path, Security, status
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field

from bot.channels.problems import Problem

SUCCESS = 1000
"""OCPI 5.1."""
VERSION = "2.2.1"
WRONG_TOKEN = "The credentials token is missing or is not yours. Send 'Authorization: Token' and it, in Base64."  # noqa: S105
NOT_AWAITED = "No result is awaited here: the command is unknown, has its result already, or is too long ago."

HEADER = APIKeyHeader(
    name="Authorization", scheme_name="OCPI", description="`Token` and the credentials token", auto_error=False
)


class Results(Protocol):
    """Where results are awaited."""

    def arrived(self, command: str, result: str) -> bool:
        """Take in a result; False where none is awaited under that id. It must not block."""


class CommandResult(BaseModel):
    """OCPI 13.3.3. Its messages are for people of the other side; drivers are told in our own words."""

    result: str = Field(min_length=1, max_length=64, examples=["ACCEPTED"])


class Envelope(BaseModel):
    """OCPI 4.1.7."""

    data: list[dict[str, Any]] | dict[str, Any] | None = None
    status_code: int = SUCCESS
    status_message: str = "Success"
    timestamp: datetime = Field(default_factory=lambda: datetime.now(UTC))


def ocpi_router(results: Results, token: str, public: str) -> APIRouter:
    """The routes under /ocpi.

    Args:
        results: what is told of results that arrive.
        token: what the other side must show; the one that it was given at registration.
        public: where this server is reached from outside, without a path of OCPI.
    """
    base = f"{public.rstrip('/')}/ocpi"

    async def known(authorization: Annotated[str | None, Security(HEADER)] = None) -> None:
        if not _shows(authorization or "", token):
            raise HTTPException(status.HTTP_401_UNAUTHORIZED, WRONG_TOKEN, {"WWW-Authenticate": "Token"})

    router = APIRouter(
        prefix="/ocpi", tags=["ocpi"], dependencies=[Depends(known)], responses={401: {"model": Problem}}
    )

    @router.get("/versions", response_model_exclude_none=True)
    async def versions() -> Envelope:
        """The OCPI versions that are spoken here."""
        return Envelope(data=[{"version": VERSION, "url": f"{base}/{VERSION}"}])

    @router.get(f"/{VERSION}", response_model_exclude_none=True)
    async def details() -> Envelope:
        """The modules that are offered in OCPI 2.2.1."""
        commands = {"identifier": "commands", "role": "SENDER", "url": f"{base}/commands"}
        return Envelope(data={"version": VERSION, "endpoints": [commands]})

    # Not in a thread of the pool: those may all be waiting for the very results that arrive here.
    @router.post("/commands/{command}", responses={404: {"model": Problem}}, response_model_exclude_none=True)
    async def command_result(command: Annotated[str, Path(max_length=64)], body: CommandResult) -> Envelope:
        """Take in what became of a command. Its address was given with the command, and holds once."""
        if not results.arrived(command, body.result):
            raise HTTPException(status.HTTP_404_NOT_FOUND, NOT_AWAITED)
        return Envelope()

    return router


def _shows(authorization: str, token: str) -> bool:
    """Whether the header carries the token, in Base64 as OCPI 4.1.2 wants it or as older software sends it."""
    scheme, _, shown = authorization.partition(" ")
    presented = shown.strip().encode()
    # Both are always compared, so that the time tells nothing.
    plain = secrets.compare_digest(presented, token.encode())
    encoded = secrets.compare_digest(_decoded(presented), token.encode())
    return scheme.lower() == "token" and (plain or encoded)


def _decoded(presented: bytes) -> bytes:
    try:
        return b64decode(presented, validate=True)
    except (binascii.Error, ValueError):
        return b""
