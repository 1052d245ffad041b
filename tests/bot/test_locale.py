"""What clients say of their language."""

from __future__ import annotations

import pytest

from bot.understanding.locale import language_of, negotiated
from indexer.knowledge import DRIVER_LANGUAGES


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de", "de"),
        ("de-CH", "de"),
        ("fr_CA", "fr"),
        ("PT-BR", "pt"),
        ("nb-NO", "nb"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("sv-Latn-SE", "sv"),
        ("fi", None),
        ("fil-PH", None),
        ("deutsch", None),
        ("", None),
        (None, None),
        ("-", None),
        ("<script>", None),
    ],
)
def test_a_locale_means_one_of_our_languages_or_none(locale: str | None, language: str | None) -> None:
    assert language_of(locale, DRIVER_LANGUAGES) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("pl", "pl"),
        ("de-CH", "de"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
        ("en;q=0.2,it;q=0.9", "it"),
        ("fi, sv;q=0.7, en;q=0.3", "sv"),
        ("nn-NO,no;q=0.8", "nb"),
        ("no", "nb"),
        ("da, nb", "da"),
        ("zh-Hans-CN, es;q=0.4", "es"),
        ("DE", "de"),
        ("PT-br", "pt"),
        ("en;q=0.2, sv; q=0.9", "sv"),
        ("en ;q=0.2, sv ;q=0.9", "sv"),
        ("de;q=0, fr;q=0.1", "fr"),
    ],
)
def test_a_header_gives_the_language_that_the_driver_prefers(header: str, language: str) -> None:
    assert negotiated(header, DRIVER_LANGUAGES) == language


@pytest.mark.parametrize(
    "header",
    [
        "",
        "*",
        "fi",
        "xx-YY",
        "de;q=0",
        "de;q=high",
        ",,,",
        ";q=1",
        "<script>alert(1)</script>",
        "a" * 9000,
        "\x00",
        "é",
    ],
)
def test_a_header_without_any_of_our_languages_gives_english(header: str) -> None:
    assert negotiated(header, DRIVER_LANGUAGES) == "en"


def test_a_header_of_many_thousand_parts_is_read_as_far_as_it_helps() -> None:
    assert negotiated("it," + "xx," * 50_000, DRIVER_LANGUAGES) == "it"
