"""Every finder: the nearest document is the one about the same thing, whatever library looks for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eval.comparison.catalogue import EXTRA, SYSTEMS
from eval.comparison.ports import Document, Finder

FINDERS = [name for name, found in SYSTEMS.items() if found.finder is not None]
DOCUMENTS = [
    Document("cable-stuck", "en", "The charging cable is stuck in the car and cannot be removed"),
    Document("invoices-receipts", "en", "Where to find the invoice and the receipt of a charge"),
    Document("login-password", "en", "I forgot the password and cannot sign in"),
]


@pytest.fixture(scope="module", params=FINDERS)
def finder(request: pytest.FixtureRequest) -> Finder:
    found = SYSTEMS[request.param]
    if found.missing:
        pytest.skip(f"{', '.join(found.missing)} is not installed: {EXTRA}")
    make: Callable[[], Callable[[str], Finder]] | None = found.finder
    assert make is not None
    made = make()("en")
    made.build(DOCUMENTS)
    return made


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("my cable is stuck", "cable-stuck"),
        ("send me the invoice please", "invoices-receipts"),
        ("forgot my password", "login-password"),
    ],
)
def test_the_nearest_document_is_about_the_same(finder: Finder, text: str, label: str) -> None:
    assert DOCUMENTS[finder.nearest(text, 3)[0].document].label == label


def test_scores_fall(finder: Finder) -> None:
    scores = [hit.score for hit in finder.nearest("the cable and the invoice", 3)]
    assert scores == sorted(scores, reverse=True)


def test_no_more_are_found_than_were_asked_for(finder: Finder) -> None:
    assert len(finder.nearest("the charging cable and the password", 1)) == 1


def test_no_document_is_found_twice(finder: Finder) -> None:
    found = [hit.document for hit in finder.nearest("the invoice of the charge", 50)]
    assert len(found) == len(set(found)) <= len(DOCUMENTS)
