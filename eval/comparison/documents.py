"""The documents that every system is given, and which of them belong to a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.comparison.ports import Document
from indexer.chunking import passages
from indexer.knowledge import Knowledge, Language


def documents_of(knowledge: Knowledge, with_utterances: bool) -> list[Document]:
    """The passages that the product's index has too, cut by the same rule, and the example utterances.

    A text that stands twice under one label and language is one document.
    """
    found = [Document(each.article, each.language, each.text) for each in passages(knowledge.articles)]
    if with_utterances:
        found += [Document(each.label, each.language, each.text, True) for each in knowledge.utterances]
    return list(dict.fromkeys(found))


def by_language(documents: Sequence[Document], languages: Mapping[str, Language]) -> dict[str, list[Document]]:
    """For each language of drivers its utterances, and the articles in it, in its kin and in what is read first.

    These are the articles that the product prefers for that language too (``other_language`` of ranking.yaml).
    """
    return {
        code: [
            each
            for each in documents
            if each.language == code or (not each.is_utterance and each.language in (language.kin, language.read[0]))
        ]
        for code, language in languages.items()
    }
