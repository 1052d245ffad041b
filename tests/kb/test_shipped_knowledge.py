"""The shipped knowledge base carries the vendors' rules, each where it belongs and nowhere else."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from eval.answer_cases import answer_cases
from eval.consistency import parallel_questions
from eval.questions import own_questions
from indexer.chunking import section_text
from indexer.facts import filters_for
from indexer.knowledge import ARTICLE_LANGUAGES, DRIVER_LANGUAGES, Knowledge, read_knowledge
from indexer.train.domain import Domain
from indexer.types import Article
from indexer.utterances import comparable

KB = Path(__file__).parents[2] / "kb"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return read_knowledge(KB)


@pytest.fixture(scope="module")
def articles(knowledge: Knowledge) -> dict[tuple[str, str], Article]:
    return {(article.language, article.id): article for article in knowledge.articles}


def vendor_text(article: Article, vendor: str) -> str:
    return " ".join(section_text(section) for section in article.sections if section.vendor == vendor)


def test_every_topic_has_an_article_in_every_article_language(articles: dict[tuple[str, str], Article]) -> None:
    assert len(articles) == 43 * len(ARTICLE_LANGUAGES)


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_every_topic_has_enough_utterances(knowledge: Knowledge, language: str) -> None:
    least = 40 if language in ARTICLE_LANGUAGES else 10
    counts = Counter(each.label for each in knowledge.utterances if each.language == language)
    assert {topic.id: counts[topic.id] for topic in knowledge.topics if counts[topic.id] < least} == {}


def test_there_are_enough_lines_that_no_topic_answers(knowledge: Knowledge) -> None:
    assert sum(each.label == "out-of-scope" for each in knowledge.utterances) >= 400


def test_no_evaluation_line_is_trained_on(knowledge: Knowledge) -> None:
    texts = [each.text for each in knowledge.utterances]
    texts += [line.text for group in Domain.of(knowledge, KB / "utterances").twins for line in group]
    for article in knowledge.articles:
        texts += [article.title, *article.alternative_titles]
        texts += [section.heading for section in article.sections if section.heading]
    trained = {key for text in texts if len((key := comparable(text)).split()) > 2}  # "hello" cannot be kept apart
    asked = [*own_questions(), *(each for block in parallel_questions() for each in block)]
    lines = [(each.id, each.text) for each in asked]
    lines += [(case.id, turn.driver) for case in answer_cases() for turn in case.turns if turn.driver]
    assert [f"{name}: {text}" for name, text in lines if comparable(text) in trained] == []


@pytest.mark.parametrize("language", ARTICLE_LANGUAGES)
@pytest.mark.parametrize("topic", ["minimum-balance", "top-up-account", "charging-wont-start"])
def test_the_minimum_balance_is_in_every_article_that_needs_it(
    knowledge: Knowledge, articles: dict[tuple[str, str], Article], language: str, topic: str
) -> None:
    minimum = knowledge.vendors["eponet"].facts["minimum_balance"]
    assert filters_for(language)["money"](minimum) in vendor_text(articles[language, topic], "eponet")


@pytest.mark.parametrize("language", ARTICLE_LANGUAGES)
def test_topping_up_names_ways_fees_and_days(
    knowledge: Knowledge, articles: dict[tuple[str, str], Article], language: str
) -> None:
    facts, filters = knowledge.vendors["eponet"].facts, filters_for(language)
    text = vendor_text(articles[language, "top-up-account"], "eponet")
    for fact in (
        filters["percent"](facts["card_fee_percent"]),
        filters["money"](facts["card_fee_fixed"]),
        filters["span"](facts["transfer_days"]),
    ):
        assert fact in text


@pytest.mark.parametrize("language", ARTICLE_LANGUAGES)
def test_a_phone_number_of_one_country_stands_in_sections_of_that_country_only(
    knowledge: Knowledge, articles: dict[tuple[str, str], Article], language: str
) -> None:
    number = knowledge.vendors["chargepoint"].facts["support_phone"]["IT"]
    countries = {
        section.country
        for (tongue, _), article in articles.items()
        if tongue == language
        for section in article.sections
        if number in section_text(section)
    }
    assert countries == {"IT"}


@pytest.mark.parametrize("language", ARTICLE_LANGUAGES)
def test_a_restart_names_plans_model_and_dialog(
    knowledge: Knowledge, articles: dict[tuple[str, str], Article], language: str
) -> None:
    facts, filters = knowledge.vendors["wallbox"].facts, filters_for(language)
    requirements = vendor_text(articles[language, "remote-restart-requirements"], "wallbox")
    assert filters["either"](facts["restart_plans"]) in requirements
    assert facts["restart_excluded_models"][0] in requirements
    steps = vendor_text(articles[language, "remote-restart"], "wallbox")
    assert facts["restart_dialog_title"] in steps
    assert facts["restart_dialog_button"] in steps


def test_every_article_has_a_section_for_each_vendor_whose_rules_it_must_carry(
    knowledge: Knowledge, articles: dict[tuple[str, str], Article]
) -> None:
    owners = {"EP": "eponet", "EN": "enelx", "MB": "mbrella", "CP": "chargepoint", "WB": "wallbox"}
    missing = [
        f"{language}/{topic.id}: {rule}"
        for topic in knowledge.topics
        for rule in topic.rules
        for language in ARTICLE_LANGUAGES
        if owners[rule[:2]] not in articles[language, topic.id].vendors
    ]
    assert missing == []


def test_vendors_are_named_in_their_own_sections_only(knowledge: Knowledge) -> None:
    # "Wallbox" is also the common German and Italian word for a charger at home.
    names = {vendor.id: vendor.name.split()[0] for vendor in knowledge.vendors.values() if vendor.id != "wallbox"}
    found = [
        f"{article.language}/{article.id}#{section.id}: {name}"
        for article in knowledge.articles
        for section in article.sections
        for vendor, name in names.items()
        if section.vendor != vendor and re.search(rf"\b{name}\b", section_text(section))
    ]
    assert found == []


def test_facts_are_rendered_never_typed() -> None:
    typed = re.compile(r"\b50[.,]00\b|49[.,]80|4[.,]5\s?%|168017|CHARGER RESTART|\bOKAY\b|Standard \w+ Business")
    found = [
        f"{path.parent.name}/{path.name}:{number}"
        for path in sorted((KB / "articles").glob("*/*.md"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if typed.search(line)
    ]
    assert found == []


def test_safety_never_offers_a_restart(articles: dict[tuple[str, str], Article]) -> None:
    words = {"en": "restart", "fr": "redémarr", "de": "neu start", "it": "riavvi", "nb": "omstart"}
    for language, word in words.items():
        text = " ".join(section_text(section) for section in articles[language, "safety-emergency"].sections)
        assert word not in text.lower()
        assert "112" in text


@pytest.mark.parametrize("path", sorted((KB / "pictures").glob("*.svg")), ids=lambda path: path.name)
def test_pictures_are_wordless_and_load_nothing(path: Path, knowledge: Knowledge) -> None:
    drawing = path.read_text(encoding="utf-8")
    assert not re.search(r"<text|<script|<foreignObject|<image|href=|on\w+=", drawing)
    sources = "".join(each.read_text(encoding="utf-8") for each in (KB / "articles" / "en").glob("*.md"))
    assert f"(pictures/{path.name})" in sources
