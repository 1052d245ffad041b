"""The Bot API: methods that are called, and files that are fetched. The token stands in every URL, and in no log."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from bot.channels.messengers.calls import LARGEST_FILE, CallFailed, fetched
from bot.channels.messengers.telegram.rules import TelegramRules

TOKEN = r"[0-9]{1,20}:[A-Za-z0-9_-]{30,100}"  # noqa: S105 - the form of a token, not one
_IN_URL = re.compile(rf"/bot{TOKEN}")


class WithoutTokens(logging.Filter):
    """Takes tokens out of what the HTTP library logs: it tells the URL of every request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, without the token."""
        told = record.getMessage()
        if _IN_URL.search(told):
            record.msg, record.args = _IN_URL.sub("/bot***", told), ()
        return True


def hide_tokens() -> None:
    """Let no log of the HTTP library hold a token; to be called once or more before any request."""
    logger = logging.getLogger("httpx")
    if not any(isinstance(each, WithoutTokens) for each in logger.filters):
        logger.addFilter(WithoutTokens())


class _Parameters(BaseModel):
    retry_after: int | None = None


class _Answer(BaseModel):
    """What every method answers ("Making requests")."""

    ok: bool
    result: Any = None
    error_code: int = 0
    description: str = ""
    parameters: _Parameters = _Parameters()


class _File(BaseModel):
    file_path: str
    file_size: int = 0


@dataclass(frozen=True)
class TelegramApi:
    """One bot's methods. ``base`` is where the API is, without the token."""

    base: str
    token: str = field(repr=False)
    rules: TelegramRules

    async def call(self, http: httpx.AsyncClient, method: str, wait_s: float = 0, **parameters: object) -> Any:
        """What a method answers; ``wait_s`` more than usual is waited for it.

        Raises:
            CallFailed: with what Telegram said, or what came in between.
        """
        url = f"{self.base}/bot{self.token}/{method}"
        try:
            timeout = self.rules.timeout_s + wait_s
            answer = await http.post(url, json=parameters, timeout=timeout, follow_redirects=False)
        except httpx.HTTPError as error:
            # Its text may hold the URL, and with it the token.
            raise CallFailed(f"{method}: {type(error).__name__}") from None
        try:
            told = _Answer.model_validate_json(answer.content)
        except ValidationError:
            raise CallFailed(f"{method}: HTTP {answer.status_code}, not the Bot API's answer") from None
        if told.ok:
            return told.result
        code = told.error_code or answer.status_code
        asked = told.parameters.retry_after
        wait = None if asked is None else min(float(max(asked, 0)), self.rules.most_wait_s)
        raise CallFailed(f"{method}: {code} {told.description}", code in self.rules.final, wait)

    async def file(self, http: httpx.AsyncClient, file_id: str) -> bytes:
        """A file that somebody sent.

        Raises:
            CallFailed: when it does not come; final where it never will, or is too large.
        """
        try:
            known = _File.model_validate(await self.call(http, "getFile", file_id=file_id))
        except ValidationError:
            raise CallFailed("getFile: no path to the file", final=True) from None
        if known.file_size > LARGEST_FILE:
            raise CallFailed(f"a file of {known.file_size} bytes", final=True)
        # The path comes from outside: it must lead nowhere else.
        path = "/".join(quote(part, safe="") for part in known.file_path.split("/") if part not in ("", ".", ".."))
        return await fetched(http, f"{self.base}/file/bot{self.token}/{path}", {}, self.rules.timeout_s)
