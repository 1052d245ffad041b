"""One finder a language: which documents it gets, and how documents become topics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.comparison.documents import by_language, documents_of
from eval.comparison.ports import Document, Hit
from eval.comparison.routed import DECLINED, Routed
from eval.questions import Question
from indexer.knowledge import Knowledge, Language, read_knowledge

LANGUAGES = {
    "en": Language(name="English", read=("en",), kin="en"),
    "nl": Language(name="Nederlands", read=("en", "de"), kin="de"),
}
TOPICS = ("cable-stuck", "lost-pass")


class SharedWords:
    """Counts the words in common."""

    def build(self, documents: Sequence[Document]) -> None:
        self.documents = documents

    def nearest(self, text: str, count: int) -> list[Hit]:
        scores = [len(set(text.split()) & set(each.text.split())) for each in self.documents]
        order = sorted(range(len(scores)), key=lambda place: -scores[place])
        return [Hit(place, float(scores[place])) for place in order if scores[place]][:count]


def routed(*documents: Document) -> Routed:
    system = Routed(lambda _: SharedWords(), LANGUAGES, TOPICS)
    system.build(documents)
    return system


def asked(text: str, language: str = "en") -> Question:
    return Question("q", language, text, TOPICS)


def test_a_topic_is_as_near_as_its_nearest_document() -> None:
    system = routed(
        Document("lost-pass", "en", "a pass"),
        Document("cable-stuck", "en", "a cable"),
        Document("lost-pass", "en", "a pass that is lost"),
    )
    found = system.ask(asked("pass that is a cable"))
    assert (found.topics, found.confidence, found.decision) == (("lost-pass", "cable-stuck"), 4.0, "answer")


def test_it_declines_where_the_nearest_document_has_no_topic() -> None:
    system = routed(
        Document("out-of-scope", "en", "what is the weather", True), Document("lost-pass", "en", "what is a pass")
    )
    found = system.ask(asked("what is the weather"))
    assert (found.topics, found.confidence, found.decision) == (("lost-pass",), DECLINED, "none")


@pytest.mark.parametrize(("label", "abstains"), [("out-of-scope", True), ("lost-pass", False)])
def test_it_can_abstain_only_where_a_document_has_no_topic(label: str, abstains: bool) -> None:
    assert routed(Document(label, "en", "text")).abstains is abstains


def test_a_line_that_nothing_is_near_gets_no_answer() -> None:
    assert routed(Document("lost-pass", "en", "pass")).ask(asked("zzz")).decision == "none"


def test_a_question_goes_to_the_documents_of_its_language() -> None:
    system = routed(Document("lost-pass", "en", "pas", True), Document("cable-stuck", "nl", "pas", True))
    assert system.ask(asked("pas", "nl")).topics == ("cable-stuck",)


def test_a_language_without_articles_gets_those_of_its_kin_and_what_is_read_first_but_not_their_utterances() -> None:
    articles = [Document("lost-pass", code, f"article {code}") for code in ("en", "de", "fr")]
    lines = [Document("lost-pass", code, f"line {code}", True) for code in ("en", "de", "nl")]
    texts = [each.text for each in by_language([*articles, *lines], LANGUAGES)["nl"]]
    assert texts == ["article en", "article de", "line nl"]


@pytest.fixture
def knowledge(small_kb: Path) -> Knowledge:
    return read_knowledge(small_kb)


def test_utterances_are_given_only_where_they_are_wanted(knowledge: Knowledge) -> None:
    without, with_them = (documents_of(knowledge, each) for each in (False, True))
    assert len(with_them) - len(without) == len(knowledge.utterances)
    assert not any(each.is_utterance for each in without)
