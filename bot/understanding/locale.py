"""From what clients say of their language to one of ours."""

from __future__ import annotations

from collections.abc import Collection

from babel import Locale, UnknownLocaleError

# Norwegian without a written form, and Nynorsk, are answered in Bokmål.
_NORWEGIAN = {"no": "nb", "nn": "nb"}
FALLBACK = "en"
# A browser sends a handful; what comes after is not worth reading.
MOST_TAGS = 20


def language_of(locale: str | None, languages: Collection[str]) -> str | None:
    """The language of a BCP 47 tag such as ``nb-NO``, if it is one of ``languages``."""
    language = (locale or "").strip().replace("_", "-").split("-")[0].lower()
    language = _NORWEGIAN.get(language, language)
    return language if language in languages else None


def writing_locale(locale: str | None, language: str) -> str:
    """How money and times are written: as the client's locale does where it is of that language, else as the language.

    The Swiss write 49.80 in every language, the Germans 49,80.
    """
    if locale and language_of(locale, (language,)):
        _, _, territory = locale.replace("_", "-").partition("-")
        try:
            return str(Locale.parse(f"{language}_{territory[-2:].upper()}"))
        except (UnknownLocaleError, ValueError):
            return language
    return language


def negotiated(accept_language: str, languages: Collection[str]) -> str:
    """The best language for an Accept-Language header (RFC 9110, 12.5.4), English where none fits."""
    best, best_weight = FALLBACK, 0.0
    for part in accept_language.split(",")[:MOST_TAGS]:
        tag, *parameters = (piece.strip() for piece in part.split(";"))
        language, weight = language_of(tag, languages), _weight(parameters)
        if language and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: Collection[str]) -> float:
    """The quality value; 1 where there is none, 0 (not wanted) where it cannot be read."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
