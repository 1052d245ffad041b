"""The panel's texts: English where they stand, translated by catalogues, one file a group of pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from bot.replies.catalogues import SOURCE_LANGUAGE, compiled_catalogue

LOCALES = Path(__file__).with_name("locales")
Say = Callable[..., str]
"""Says a text in somebody's language; names in it, written ``%(name)s``, are filled in."""


def N_(text: str) -> str:
    """Marks a text that is translated where it is shown."""
    return text


@cache
def translations(language: str) -> NullTranslations:
    """All catalogues of a language, ``locales/LANGUAGE/*.po``, as one; English needs none."""
    joined = NullTranslations()
    if language != SOURCE_LANGUAGE:
        for path in sorted((LOCALES / language).glob("*.po")):
            catalogue = compiled_catalogue(path, language)
            catalogue.add_fallback(joined)
            joined = catalogue
    return joined


def say_in(language: str) -> Say:
    """What says texts in that language."""
    known = translations(language)

    def say(text: str, **names: object) -> str:
        said = known.gettext(text)
        return said % names if names else said

    return say
