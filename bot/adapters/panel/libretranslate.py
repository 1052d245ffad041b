"""A translation service of LibreTranslate's form: POST /translate with JSON, ``translatedText`` in the answer."""

from __future__ import annotations

from typing import Any

import httpx

from bot.errors import SettingsError, Unavailable

SCHEME = "libretranslate+"
TIMEOUT_S = 8.0
LONGEST_ANSWER = 100_000


class LibreTranslate:
    """See :class:`bot.panel.ports.Translator`. Sends on nothing but the text and its two languages."""

    def __init__(self, url: str, key: str = "") -> None:
        """``url``: such as ``libretranslate+https://translate.example``; ``key``: of a service that wants one.

        Raises:
            SettingsError: when the URL has another form.
        """
        base = _address(url)
        if base is None:
            # Not quoted: people put passwords into URLs.
            raise SettingsError("PLUGDESK_TRANSLATOR is no such address. Use off, or libretranslate+https://host/path.")
        self._key = key
        self._path = f"{base.path.rstrip('/')}/translate"
        self._client = httpx.Client(base_url=base.copy_with(path="/"), timeout=TIMEOUT_S)

    def translate(self, text: str, source: str, target: str) -> str:
        """See :class:`bot.panel.ports.Translator`."""
        asked = {"q": text, "source": source, "target": target, "format": "text"}
        if self._key:
            asked["api_key"] = self._key
        try:
            answer = self._client.post(self._path, json=asked)
        except httpx.HTTPError as error:
            raise Unavailable(f"cannot be reached: {type(error).__name__}") from None
        if not answer.is_success:
            raise Unavailable(f"answered {answer.status_code}")
        return _translated(answer)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()


def _address(url: str) -> httpx.URL | None:
    try:
        base = httpx.URL(url.removeprefix(SCHEME))
    except httpx.InvalidURL:
        return None
    # A password in it would stand in every message about it.
    fits = url.startswith(SCHEME) and base.scheme in ("http", "https") and base.host and not base.userinfo
    return base if fits else None


def _translated(answer: httpx.Response) -> str:
    try:
        found: Any = answer.json()
    except ValueError:
        raise Unavailable("answered no JSON") from None
    text = found.get("translatedText") if isinstance(found, dict) else None
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_ANSWER:
        raise Unavailable("answered no translation")
    return text
