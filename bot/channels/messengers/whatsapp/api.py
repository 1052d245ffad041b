"""The Graph API as far as WhatsApp needs it: messages that are sent, and files that people sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.channels.messengers.calls import LARGEST_FILE, CallFailed, fetched
from bot.channels.messengers.config import SafeUrl
from bot.channels.messengers.whatsapp.rules import WhatsAppRules

_URL = TypeAdapter(SafeUrl)


class _Details(BaseModel):
    details: str = ""


class _Error(BaseModel):
    message: str = ""
    code: int = 0
    error_subcode: int | None = None
    error_data: _Details | str | None = None


class _Refusal(BaseModel):
    """What the Graph API answers where it refuses ("Error codes")."""

    error: _Error


class _Media(BaseModel):
    url: str
    file_size: int = 0


@dataclass(frozen=True)
class GraphApi:
    """One business number. ``base`` has the version, such as https://graph.facebook.com/v25.0."""

    base: str
    number: str
    """The number's id at Meta, no phone number."""
    token: str = field(repr=False)
    media_hosts: frozenset[str]
    """Where files may be fetched from besides ``base``: the token is shown there."""
    rules: WhatsAppRules

    async def send(self, http: httpx.AsyncClient, body: dict[str, object]) -> None:
        """Send a message.

        Raises:
            CallFailed: with what Meta said, or what came in between.
        """
        await self._call(http, "POST", f"{self.base}/{self.number}/messages", body)

    async def file(self, http: httpx.AsyncClient, media: str) -> bytes:
        """A file that somebody sent.

        Raises:
            CallFailed: when it does not come; final where it never will, or is too large.
        """
        url = f"{self.base}/{quote(media, safe='')}?phone_number_id={self.number}"
        try:
            known = _Media.model_validate_json(await self._call(http, "GET", url))
        except ValidationError:
            raise CallFailed("media: no URL of the file", final=True) from None
        if known.file_size > LARGEST_FILE:
            raise CallFailed(f"a file of {known.file_size} bytes", final=True)
        if not self._trusted(known.url):
            raise CallFailed(f"media: a file at {urlsplit(known.url).hostname}, not one of media_hosts", final=True)
        return await fetched(http, known.url, self._headers(), self.rules.timeout_s)

    def _trusted(self, url: str) -> bool:
        try:
            _URL.validate_python(url)
        except ValidationError:
            return False
        return urlsplit(url).hostname in {urlsplit(self.base).hostname, *self.media_hosts}

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def _call(
        self, http: httpx.AsyncClient, method: str, url: str, body: dict[str, object] | None = None
    ) -> bytes:
        timeout = self.rules.timeout_s
        try:
            answer = await http.request(
                method, url, json=body, headers=self._headers(), timeout=timeout, follow_redirects=False
            )
        except httpx.HTTPError as error:
            raise CallFailed(type(error).__name__) from None
        if answer.is_success:
            return answer.content
        raise self._refused(answer)

    def _refused(self, answer: httpx.Response) -> CallFailed:
        try:
            error = _Refusal.model_validate_json(answer.content).error
        except ValidationError:
            return CallFailed(f"HTTP {answer.status_code}, not the Graph API's answer")
        why = self.rules.final.get(error.code)
        if why is not None and error.error_subcode not in self.rules.mendable_subcodes:
            return CallFailed(f"{error.code}: {why}", final=True)
        details = error.error_data.details if isinstance(error.error_data, _Details) else ""
        return CallFailed(f"{error.code}: {details or error.message}", wait_s=self.rules.waits_s.get(error.code))
