"""What a version answers to the questions of a set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation import Conversations
from bot.types import ArticleOrigin
from eval.metrics import Outcome, is_helped, is_wrong
from eval.questions import NONE, Question
from indexer.build import Progress
from indexer.search import Index


@dataclass(frozen=True)
class Answer:
    """``topics``: the most probable one, or those offered; ``sections``: what is shown, as keys of passages."""

    decision: str
    topics: tuple[str, ...]
    sections: tuple[str, ...]

    def grade(self, question: Question) -> int:
        """How good it is by the question's label: 0 wrong, 1 nothing, 2 offered or rightly declined, 3 answered."""
        outcome = Outcome(question, self.topics or ("",), 0.0, self.decision, question.language, 0.0)
        if is_wrong(outcome):
            return 0
        if is_helped(outcome):
            return 3 if self.decision == "answer" else 2
        return 2 if NONE in question.topics and self.decision != "answer" else 1

    def __str__(self) -> str:
        shown = ", ".join(key.rpartition("#")[2] for key in self.sections)
        return f"{self.decision} {', '.join(self.topics)}{f' ({shown})' if shown else ''}".strip()


class Still:
    """Gives one index for good; see :class:`bot.ports.Knowledge`."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def current(self) -> Index:
        """That one."""
        return self._index


def answers(talks: Conversations, index: Index, questions: Sequence[Question], progress: Progress) -> dict[str, Answer]:
    """The answers over that index, by the questions' ids, as ``plugdesk ask`` gives them."""
    over = replace(talks, knowledge=Still(index))
    progress.stage(f"asking {index.manifest.build}", len(questions))
    found = {}
    for question in questions:
        found[question.id] = _answer(over, question.text)
        progress.advance(1)
    return found


def _answer(talks: Conversations, text: str) -> Answer:
    heard, reply = talks.answer(text)
    origins = [part.origin for part in reply.parts if isinstance(part.origin, ArticleOrigin)]
    sections = dict.fromkeys(f"{each.language}/{each.article}#{each.section}" for each in origins)
    topics = tuple(topic.id for topic in heard.topics)
    shown = {"answer": topics[:1], "choices": topics[:3]}.get(reply.decision, ())
    return Answer(reply.decision, shown, tuple(sections))
