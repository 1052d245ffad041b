"""Searching an opened index: the driver's language first, every other language still in reach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.build import build_index
from indexer.search import SHOWN_PASSAGES, Index, open_index
from tests.doubles import LetterEmbedder
from tests.small_kb import ARTICLE_LANGUAGES, CLASSES, TOPICS, edit, write_small_kb


def index_of(kb: Path) -> Index:
    embedder = LetterEmbedder(1024)
    build_index(kb, kb.parent / "index", embedder)
    return open_index(kb.parent / "index", embedder)


@pytest.fixture(scope="module")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of(write_small_kb(tmp_path_factory.mktemp("search") / "kb"))


@pytest.mark.parametrize(
    ("line", "language", "topic"),
    [
        ("the cable is stuck", "en", "cable-stuck"),
        ("restart the charger please", "en", "remote-restart"),
        ("my balance is too low", "en", "minimum-balance"),
        ("Guthaben zu niedrig", "de", "minimum-balance"),
        ("start laderen på nytt", "nb", "remote-restart"),
        ("za niskie saldo", "pl", "minimum-balance"),
    ],
)
def test_the_topic_of_a_line_is_found(small_index: Index, line: str, language: str, topic: str) -> None:
    assert small_index.rank(line, language).best.id == topic


def test_a_ranking_holds_every_label_once_and_adds_up(small_index: Index) -> None:
    ranking = small_index.rank("hello there", "en")
    assert {topic.id for topic in ranking.topics} == set(TOPICS)
    assert tuple(ranking.classes) == CLASSES
    total = sum(topic.score for topic in ranking.topics) + sum(ranking.classes.values())
    assert total == pytest.approx(1.0, abs=1e-5)


def test_topics_come_by_falling_probability(small_index: Index) -> None:
    chances = [topic.score for topic in small_index.rank("cable", "en").topics]
    assert chances == sorted(chances, reverse=True)


@pytest.mark.parametrize("line", ["", "   ", "???", "🚗", "4521", "x" * 10_000])
@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_line_without_any_known_word_is_ranked_too(small_index: Index, line: str, language: str) -> None:
    ranking = small_index.rank(line, language)
    assert all(np.isfinite(topic.score) for topic in ranking.topics)


@pytest.mark.parametrize("count", [1, 3, 1_000])
def test_search_gives_as_many_passages_as_asked_and_there_are(small_index: Index, count: int) -> None:
    hits = small_index.search("cable", "en", count)
    assert len(hits) == min(count, len(small_index.contents.passages))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_section_that_answers_is_the_best_passage(small_index: Index) -> None:
    (hit,) = small_index.search("With Eponet, no charge starts below", "en", 1)
    assert hit.passage.key == "en/minimum-balance#eponet"
    assert hit.passage.vendor == "eponet"


@pytest.mark.parametrize(
    ("language", "preferred"),
    [("en", "en"), ("fr", "fr"), ("nb", "nb"), ("sv", "nb"), ("da", "nb"), ("pl", "en")],
)
def test_of_equal_passages_the_one_that_the_driver_reads_comes_first(
    small_kb: Path, language: str, preferred: str
) -> None:
    for each in ARTICLE_LANGUAGES:
        path = small_kb / f"articles/{each}/remote-restart.md"
        edit(path, "alternative_titles:\n", "alternative_titles:\n  - zurp zarp\n")
    (hit,) = index_of(small_kb).search("zurp zarp", language, 1)
    assert hit.passage.language == preferred


def test_what_the_best_article_says_nearer_than_its_lead_is_among_the_passages(shipped_index: Index) -> None:
    keys = [
        hit.passage.key for hit in shipped_index.rank("la recharge seulement la nuit, comment faire ?", "fr").passages
    ]
    own = [key for key in keys[SHOWN_PASSAGES:] if key.startswith("fr/scheduled-charging#")]
    assert keys[SHOWN_PASSAGES:] == own
    assert "fr/scheduled-charging#set" in keys
    assert "fr/scheduled-charging#lead" in keys


@pytest.mark.parametrize("language", ["de", "fr", "pt", "pl"])
def test_a_passage_in_another_language_is_found_when_it_alone_fits(small_index: Index, language: str) -> None:
    (hit,) = small_index.search("laderen henger og reagerer ikke", language, 1)
    assert hit.passage.language == "nb"
    assert hit.passage.article == "remote-restart"


@pytest.mark.parametrize(
    ("language", "wanted", "shown"),
    [
        ("de", None, "de"),
        ("pl", None, "en"),
        ("nl", None, "en"),
        ("sv", None, "nb"),
        ("da", None, "nb"),
        ("nl", "de", "de"),
        ("en", "it", "it"),
        ("sv", "pl", "nb"),
    ],
)
def test_the_nearest_article_language_is_shown(
    small_index: Index, language: str, wanted: str | None, shown: str
) -> None:
    assert small_index.readable_article("cable-stuck", language, wanted).language == shown


def test_an_unknown_topic_has_no_article(small_index: Index) -> None:
    assert small_index.article("tyres", "en") is None
    with pytest.raises(KeyError, match="tyres"):
        small_index.readable_article("tyres", "en")


def test_an_article_is_given_in_exactly_the_asked_language(small_index: Index) -> None:
    found = small_index.article("cable-stuck", "it")
    assert found and found.title == "Il cavo di ricarica non si stacca"
    assert small_index.article("cable-stuck", "nl") is None


@pytest.mark.parametrize(
    ("line", "language", "topic"),
    [
        ("the charging cable does not come out of my car", "en", "cable-stuck"),
        ("le câble est coincé dans la borne", "fr", "cable-stuck"),
        ("Guthaben zu niedrig zum Laden", "de", "minimum-balance"),
        ("come riavvio la wallbox dal portale", "it", "remote-restart"),
        ("hvordan starter jeg laderen på nytt", "nb", "remote-restart"),
        ("de stekker komt niet los uit de auto", "nl", "cable-stuck"),
        ("el cable se ha quedado atascado en el coche", "es", "cable-stuck"),
        ("kabeln sitter fast i bilen", "sv", "cable-stuck"),
        ("jeg har glemt min adgangskode", "da", "login-password"),
        ("o cabo ficou preso no carro", "pt", "cable-stuck"),
        ("za niskie saldo, nie mogę ładować", "pl", "minimum-balance"),
    ],
)
def test_the_shipped_index_understands_every_driver_language(
    shipped_index: Index, line: str, language: str, topic: str
) -> None:
    assert shipped_index.rank(line, language).best.id == topic


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("charging cable stuck", "en"),
        ("câble de recharge coincé", "fr"),
        ("Ladekabel steckt fest", "de"),
        ("cavo di ricarica bloccato", "it"),
        ("ladekabelen sitter fast", "nb"),
    ],
)
def test_the_shipped_index_answers_in_the_driver_s_own_language(shipped_index: Index, line: str, language: str) -> None:
    (hit,) = shipped_index.search(line, language, 1)
    assert (hit.passage.language, hit.passage.article) == (language, "cable-stuck")


@pytest.mark.parametrize(
    ("line", "language", "article"),
    [
        ("kabel utknął w samochodzie", "pl", "cable-stuck"),
        ("laadkabel zit vast", "nl", "cable-stuck"),
        ("olvidé mi contraseña", "es", "login-password"),
        ("glömt lösenord", "sv", "login-password"),
    ],
)
def test_the_shipped_index_finds_passages_for_languages_without_articles(
    shipped_index: Index, line: str, language: str, article: str
) -> None:
    assert article in {hit.passage.article for hit in shipped_index.search(line, language, 5)}
