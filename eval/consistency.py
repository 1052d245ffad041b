"""Whether the same question leads to the same topic in every language.

``eval/datasets/parallel/<topic>.txt`` has blocks of one question in eleven languages; ``none.txt`` those that no topic
answers. The lines were written without sight of the utterances and of the other question sets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from eval.questions import Question
from indexer.utterances import parallel_blocks

FOLDER = Path(__file__).with_name("datasets") / "parallel"
MAIN = ("en", "fr", "de", "it", "nb")


@dataclass(frozen=True)
class Consistency:
    """``pairs``: share of language pairs that agree, mean over the questions; ``whole``: share of questions on which
    all languages agree."""

    pairs: float
    whole: float


def parallel_questions(folder: Path = FOLDER) -> list[list[Question]]:
    """One list a question: the same thing asked in each language."""
    return [
        [Question(f"{path.stem}-{number}-{code}", code, text, (path.stem,)) for code, text in block.items()]
        for path in sorted(folder.glob("*.txt"))
        for number, block in enumerate(parallel_blocks(path), start=1)
    ]


def consistency(found: Sequence[Mapping[str, str]], languages: Sequence[str] = MAIN) -> Consistency:
    """``found``: for each question the first topic by language."""
    agreeing, whole = [], []
    for topics in found:
        pairs = [topics[one] == topics[other] for one, other in combinations(languages, 2)]
        agreeing.append(sum(pairs) / len(pairs))
        whole.append(all(pairs))
    return Consistency(sum(agreeing) / len(agreeing), sum(whole) / len(whole))
