"""Whether somebody in a car park can read it: short, one action a step, the answer first."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.lint.base import Base, Piece
from indexer.lint.rules import Rules
from indexer.lint.sentences import clauses, lix, sentences, words
from indexer.lint.types import Found
from indexer.markdown import LEAD


def long_step(base: Base, rules: Rules) -> Iterator[Found]:
    """A step of more words than somebody keeps in mind while doing it."""
    for page in base.pages:
        for piece in page.pieces:
            count = len(words(piece.text))
            if piece.step and count > rules.reading.step_words:
                yield Found(page.path, piece.line, f"The step has {count} words", "Cut it, or make two of it.")


def several_actions(base: Base, rules: Rules) -> Iterator[Found]:
    """A step that tells of one action after another."""
    for page in base.pages:
        for piece in page.pieces:
            if not piece.step:
                continue
            match = rules.sequence[page.language].search(piece.text)
            if match and match.start() > 0 and not _after_colon(piece, match.start()):
                what = f"The step has several actions: {match[0]!r}"
                yield Found(page.path, piece.line, what, "Make each action a step of its own.")
            elif len(sentences(piece.text)) >= rules.step_sentences:
                what = f"The step has {len(sentences(piece.text))} sentences"
                yield Found(page.path, piece.line, what, "Make each action a step of its own.")


def _after_colon(piece: Piece, place: int) -> bool:
    """Whether it stands in an explanation, which says what happens rather than what to do."""
    return ":" in piece.text[:place] or ";" in piece.text[:place]


def long_sentence(base: Base, rules: Rules) -> Iterator[Found]:
    """A sentence that has to be read twice."""
    for page in base.pages:
        most = rules.reading.languages[page.language].sentence_words
        for piece in page.pieces:
            count = max((len(words(clause)) for clause in clauses(piece.text)), default=0)
            if not piece.step and count > most:
                yield Found(page.path, piece.line, f"A sentence has {count} words", f"Use {most} at most.")


def hard_to_read(base: Base, rules: Rules) -> Iterator[Found]:
    """Long words in long sentences: the readability index LIX of a section."""
    for page in base.pages:
        most = rules.reading.languages[page.language].lix
        for placed in page.placed:
            mine = [piece.text for piece in page.pieces if piece.section is placed.section]
            text = [clause for each in mine for clause in clauses(each)]
            if len(text) >= rules.reading.fewest_clauses and (index := lix(text)) > most:
                what = f"The section {placed.section.id!r} is hard to read: LIX {index:.0f}"
                yield Found(page.path, placed.line, what, f"Use shorter words and sentences, up to {most:.0f}.")


def late_answer(base: Base, rules: Rules) -> Iterator[Found]:
    """A first sentence that asks instead of answering, or that is too long to be one answer."""
    for page in base.pages:
        lead = next((piece for piece in page.pieces if piece.section.id == LEAD), None)
        first = next(iter(sentences(lead.text)), "") if lead else ""
        if lead is None or not first:
            continue
        count = len(words(clauses(first)[0])) if words(first) else 0
        if first.rstrip("»”\"' ").endswith("?"):
            yield Found(page.path, lead.line, "The first sentence is a question", "Answer in the first sentence.")
        elif count > (most := rules.reading.languages[page.language].first_words):
            yield Found(page.path, lead.line, f"The first sentence has {count} words", f"Answer in {most} at most.")
