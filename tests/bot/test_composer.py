"""Replies over the shipped knowledge base: every topic, in every language, for every vendor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from bot.replies.catalogues import Templates
from bot.replies.composer import Composer, Setting
from bot.replies.plan import ArticleItem, ButtonItem, Line, Plan
from bot.state import ConversationState
from bot.types import ArticleOrigin, Choice, Context, Decision, PicturePart, Reply, TemplateOrigin
from eval.grounding import sentences, ungrounded
from indexer.knowledge import ARTICLE_LANGUAGES, DRIVER_LANGUAGES
from indexer.search import Index
from tests.bot.grounding import sections_of, written
from tests.talking import TIMEZONE

VENDORS = ("eponet", "enelx", "mbrella", "chargepoint", "wallbox")
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
COUNTRIES = (None, "IT", "CH", "NO")
ITALIAN_PHONE = "168017"
MINIMUM = re.compile(r"\b50[.,]00\b")

Answer = Callable[..., Reply]


@pytest.fixture
def compose(shipped_index: Index, templates: Templates) -> Answer:
    """Composes the reply to a decision."""

    def composed(
        decision: Decision,
        language: str = "en",
        vendor: str | None = None,
        country: str | None = None,
        wanted: str | None = None,
        passages: tuple[str, ...] = (),
    ) -> Reply:
        state = ConversationState(context=Context(country=country), vendor=vendor, article_language=wanted)
        plan = Plan(
            (ArticleItem(decision.topics[0]),)
            if decision.kind == "answer"
            else (Line(decision.kind), *(ButtonItem(Choice(kind="topic", value=topic)) for topic in decision.topics))
        )
        setting = Setting(language, state, shipped_index, NOW, passages)
        return Composer(templates, TIMEZONE).compose("r-1", plan, decision, setting)

    return composed


def about(topic: str) -> Decision:
    return Decision(kind="answer", topics=(topic,), confidence=0.9, reason="likely")


def labels(reply: Reply, kind: str) -> list[str]:
    return [button.label for button in reply.quick_replies if button.choice.kind == kind]


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_every_part_of_every_answer_stands_where_its_origin_says(
    compose: Answer, shipped_index: Index, language: str
) -> None:
    for topic in shipped_index.contents.topics:
        for vendor in (None, "eponet", "wallbox"):
            assert ungrounded(compose(about(topic), language, vendor, "IT"), shipped_index.article) == []


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
@pytest.mark.parametrize("kind", ["choices", "none", "greeting", "thanks", "unreadable"])
def test_every_reply_without_an_article_is_a_template_in_the_drivers_language(
    compose: Answer, shipped_index: Index, kind: str, language: str
) -> None:
    topics = ("cable-stuck", "minimum-balance") if kind == "choices" else ()
    reply = compose(Decision.model_validate({"kind": kind, "topics": topics, "reason": "test"}), language)
    assert reply.parts
    assert {part.origin for part in reply.parts} == {TemplateOrigin(template=kind, language=language)}
    assert ungrounded(reply, shipped_index.article) == []


@pytest.mark.parametrize("language", ARTICLE_LANGUAGES)
def test_an_article_in_the_drivers_own_language_comes_without_a_notice(compose: Answer, language: str) -> None:
    reply = compose(about("cable-stuck"), language)
    assert {part.origin.language for part in reply.parts} == {language}
    assert all(isinstance(part.origin, ArticleOrigin) for part in reply.parts)
    assert labels(reply, "language") == []


@pytest.mark.parametrize(
    ("language", "nearest", "name", "others"),
    [
        ("nl", "en", "English", ["Deutsch", "Français"]),
        ("es", "en", "English", ["Français", "Italiano"]),
        ("sv", "nb", "Norsk", ["English", "Deutsch"]),
        ("da", "nb", "Norsk", ["English", "Deutsch"]),
        ("pt", "en", "English", ["Français", "Italiano"]),
        ("pl", "en", "English", ["Deutsch", "Français"]),
    ],
)
def test_elsewhere_the_nearest_article_comes_with_a_notice_and_buttons_for_others(
    compose: Answer, language: str, nearest: str, name: str, others: list[str]
) -> None:
    reply = compose(about("cable-stuck"), language)
    notice, *article = reply.parts
    (sentence,) = sentences("other_language", language)
    assert notice.text == sentence % {"language": name}
    assert {part.origin.language for part in article} == {nearest}
    assert labels(reply, "language") == others
    assert reply.language == language


def test_the_article_comes_in_the_language_that_the_driver_chose(compose: Answer) -> None:
    reply = compose(about("cable-stuck"), "sv", wanted="de")
    assert reply.sources[0].language == "de"
    assert labels(reply, "language") == ["Norsk", "English"]
    assert reply.parts[0].origin == TemplateOrigin(template="other_language", language="sv")


def test_a_chosen_language_without_articles_gives_the_nearest_one(compose: Answer) -> None:
    assert compose(about("cable-stuck"), "sv", wanted="pl").sources[0].language == "nb"


def test_sections_that_the_question_was_about_are_shown_as_well(compose: Answer) -> None:
    passages = ("en/minimum-balance#why", "en/cable-stuck#car")
    assert "why" in sections_of(compose(about("minimum-balance"), passages=passages))
    assert "why" not in sections_of(compose(about("minimum-balance"), passages=passages[1:]))


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_driver_sees_the_section_of_another_vendor(compose: Answer, shipped_index: Index, vendor: str) -> None:
    for article in shipped_index.contents.articles:
        if article.language == "en":
            passages = tuple(f"en/{article.id}#{section.id}" for section in article.sections)
            for country in COUNTRIES:
                shown = sections_of(compose(about(article.id), "en", vendor, country, passages=passages))
                foreign = {each.id for each in article.sections if each.vendor not in (None, vendor)}
                assert not shown & foreign, article.id


def replies_everywhere(compose: Answer, index: Index, vendor: str | None, country: str | None) -> Iterator[Reply]:
    """The answers of all topics in all article languages, with every section that may be shown."""
    for article in index.contents.articles:
        passages = tuple(f"{article.language}/{article.id}#{section.id}" for section in article.sections)
        yield compose(about(article.id), article.language, vendor, country, passages=passages)


@pytest.mark.parametrize("vendor", [each for each in VENDORS if each != "eponet"])
def test_nobody_elses_driver_hears_of_eponets_minimum(compose: Answer, shipped_index: Index, vendor: str) -> None:
    for reply in replies_everywhere(compose, shipped_index, vendor, "CH"):
        assert not MINIMUM.search(reply.text), reply.topic


@pytest.mark.parametrize("language", ARTICLE_LANGUAGES)
@pytest.mark.parametrize("vendor", ["eponet", None])
def test_the_minimum_is_told_to_drivers_of_eponet_and_under_its_name_where_the_vendor_is_unknown(
    compose: Answer, vendor: str | None, language: str
) -> None:
    told = [part for part in compose(about("minimum-balance"), language, vendor).parts if part.type == "text"]
    with_amount = [part.text for part in told if MINIMUM.search(part.text)]
    assert with_amount
    assert all("Eponet" in text for text in with_amount)


@pytest.mark.parametrize("vendor", [None, *VENDORS])
@pytest.mark.parametrize("country", [each for each in COUNTRIES if each != "IT"])
def test_outside_italy_nobody_is_given_the_italian_number(
    compose: Answer, shipped_index: Index, vendor: str | None, country: str | None
) -> None:
    for reply in replies_everywhere(compose, shipped_index, vendor, country):
        assert ITALIAN_PHONE not in reply.text, reply.topic


@pytest.mark.parametrize("vendor", [each for each in VENDORS if each != "chargepoint"])
def test_in_italy_no_other_vendors_driver_is_given_chargepoints_number(
    compose: Answer, shipped_index: Index, vendor: str
) -> None:
    for reply in replies_everywhere(compose, shipped_index, vendor, "IT"):
        assert ITALIAN_PHONE not in reply.text, reply.topic


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
@pytest.mark.parametrize("topic", ["contact-support", "who-to-contact"])
def test_in_italy_chargepoints_drivers_are_given_the_italian_number(compose: Answer, topic: str, language: str) -> None:
    assert "39 (800) 168017" in compose(about(topic), language, "chargepoint", "IT").text


def test_the_vendor_is_asked_for_where_the_answer_depends_on_it(compose: Answer) -> None:
    reply = compose(about("contact-support"), "de")
    assert labels(reply, "vendor") == ["Eponet", "Mbrella Charge", "ChargePoint"]
    assert reply.parts[-1].origin == TemplateOrigin(template="which_vendor", language="de")


def test_a_driver_whose_vendor_is_known_is_not_asked(compose: Answer) -> None:
    assert labels(compose(about("contact-support"), "de", "eponet"), "vendor") == []


def test_wallboxs_own_steps_come_instead_of_the_general_ones(compose: Answer) -> None:
    assert "CHARGER RESTART" in compose(about("remote-restart"), "en", "wallbox").text
    shown = sections_of(compose(about("remote-restart"), "en", "wallbox"))
    assert "wallbox" in shown
    assert "steps" not in shown


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_plain_text_says_all_that_the_parts_buttons_and_sources_say(
    compose: Answer, shipped_index: Index, language: str
) -> None:
    for topic in ("cable-stuck", "contact-support", "remote-restart", "who-to-contact"):
        reply = compose(about(topic), language)
        lines = [line for part in reply.parts for text in written(part) for line in text.split("\n")]
        lines += [f"({number}) {button.label}" for number, button in enumerate(reply.quick_replies, start=1)]
        missing = [line for line in lines if line not in reply.text.split("\n")]
        assert missing == []
        assert all(source.title in reply.text and source.updated in reply.text for source in reply.sources)


def test_parts_stand_in_plain_text_in_their_order(compose: Answer) -> None:
    reply = compose(about("cable-stuck"), "sv", passages=("nb/cable-stuck#car",))
    places = [reply.text.index(written(part)[0]) for part in reply.parts]
    assert places == sorted(places)


def test_a_source_names_the_article_its_sections_and_its_date_in_the_drivers_language(
    compose: Answer, shipped_index: Index
) -> None:
    (source,) = compose(about("minimum-balance"), "sv", "eponet").sources
    article = shipped_index.article("minimum-balance", "nb")
    assert article is not None
    assert (source.article, source.language, source.title) == ("minimum-balance", "nb", article.title)
    assert source.sections == ("lead", "eponet", "steps", "next")
    assert str(article.updated.year) in source.updated
    assert "nov" in source.updated


def test_pictures_come_with_words_for_those_who_do_not_see_them(compose: Answer) -> None:
    reply = compose(about("find-account-number"), "it", passages=("it/find-account-number#where",))
    pictures = [part for part in reply.parts if isinstance(part, PicturePart)]
    assert [part.src for part in pictures] == ["/pictures/account-number.svg"]
    assert len(pictures[0].alt) > 20


def test_choices_are_the_titles_in_the_drivers_language_and_a_person(compose: Answer, shipped_index: Index) -> None:
    decision = Decision(kind="choices", topics=("cable-stuck", "top-up-account"), confidence=0.5, reason="several")
    reply = compose(decision, "fr")
    titles = [article.title for each in decision.topics if (article := shipped_index.article(each, "fr"))]
    assert [button.label for button in reply.quick_replies] == [*titles, "Parler à une personne"]
    assert [button.choice.value for button in reply.quick_replies] == [*decision.topics, "person"]
    assert (reply.decision, reply.topic, reply.sources) == ("choices", None, ())


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
@pytest.mark.parametrize("kind", ["answer", "choices", "none", "greeting", "unreadable"])
def test_a_person_is_always_one_tap_away(compose: Answer, kind: str, language: str) -> None:
    topics = {"answer": ("cable-stuck",), "choices": ("cable-stuck", "stop-session")}.get(kind, ())
    reply = compose(Decision.model_validate({"kind": kind, "topics": topics, "reason": "test"}), language)
    assert reply.quick_replies[-1].choice == Choice(kind="command", value="person")


def test_no_button_is_offered_twice(compose: Answer) -> None:
    decision = Decision(kind="choices", topics=("who-to-contact", "contact-support"), confidence=0.5, reason="several")
    choices = [button.choice for button in compose(decision).quick_replies]
    assert len(choices) == len(set(choices))


def test_whoever_says_thanks_is_let_go(compose: Answer) -> None:
    assert compose(Decision(kind="thanks", confidence=0.9, reason="thanks")).quick_replies == ()
