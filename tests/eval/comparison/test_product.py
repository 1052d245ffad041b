"""The product as a system: asked as a driver asks it, without being told the language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from eval.comparison.product import Product
from eval.questions import Question


@pytest.fixture
def product(shipped_root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Product]:
    monkeypatch.setenv("PLUGDESK_INDEX", str(shipped_root))
    with ExitStack() as opened:
        built = Product(opened)
        built.build([])
        yield built


def test_it_ranks_decides_and_finds_the_language(product: Product) -> None:
    found = product.ask(Question("q", "en", "Das Ladekabel lässt sich nicht abziehen", ("cable-stuck",)))
    assert (found.topics[0], found.decision, found.language) == ("cable-stuck", "answer", "de")


def test_it_abstains(product: Product) -> None:
    assert product.ask(Question("q", "en", "what is the weather tomorrow", ("none",))).decision != "answer"
