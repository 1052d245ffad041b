"""From what clients say of their language to one of ours."""

from __future__ import annotations

from collections.abc import Collection

from babel.core import negotiate_locale

# Norwegian without a written form, and Nynorsk, are answered in Bokmål.
_NORWEGIAN = {"no": "nb", "nn": "nb"}
FALLBACK = "en"


def language_of(locale: str | None, languages: Collection[str]) -> str | None:
    """The language of a BCP 47 tag such as ``nb-NO``, if it is one of ``languages``."""
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    language = _NORWEGIAN.get(language, language)
    return language if language in languages else None


def negotiated(accept_language: str, languages: Collection[str]) -> str:
    """The best language for an Accept-Language header (RFC 9110, 12.5.4), English where none fits."""
    weighted = []
    for part in accept_language.split(",")[:20]:
        tag, _, quality = part.strip().partition(";q=")
        try:
            weighted.append((float(quality or 1), tag))
        except ValueError:
            continue
    wanted = [_NORWEGIAN.get(tag.split("-")[0].lower(), tag) for _, tag in sorted(weighted, key=lambda each: -each[0])]
    return negotiate_locale(wanted, sorted(languages), sep="-") or FALLBACK
