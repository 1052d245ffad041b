"""Beside the field for answers: what is suggested and canned, what is sent along, and what a macro does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from bot.care import Person, PersonSaid
from bot.errors import Unavailable
from bot.events import Fact, Learned
from bot.panel.suggestions import Suggestion
from bot.panel.suggestions.offers import KEPT, MOST, Offer, Offers
from bot.panel.suggestions.values import Looked
from bot.panel.translations import Translations
from bot.panel.web.readings import rows
from bot.panel.web.texts import say_in
from bot.panel.web.words import looked_up
from bot.types import Context
from tests.bot.panel.browsers import PanelWorld
from tests.bot.panel.events import NINE
from tests.doubles import SteppingClock

MARIA = Person(id="a-lead", name="Maria Huber")


class Case:
    """A conversation, and the agent's browser on its page."""

    def __init__(self, world: PanelWorld, locale: str = "fr", language: str = "en") -> None:
        self.panel = world.panel
        account = self.panel.agents.of("a-agent")
        self.panel.agents.save(account.model_copy(update={"language": language}))
        self.browser = world.browser("agent")
        self.id = self.panel.conversations.start(Context(locale=locale))
        self.page = f"/agent/c/{self.id}"

    def taken_over(self) -> Case:
        self.browser.post(f"{self.page}/join")
        return self

    def knows(self, **facts: str) -> None:
        told = tuple(Fact(slot=slot, value=value, source="driver") for slot, value in facts.items())
        self.panel.conversations.note(self.id, lambda _: Learned(facts=told))

    def suggested(self) -> str:
        return str(self.browser.fragment(f"{self.page}/suggestions", "suggestions").text)

    def offer(self) -> str:
        found = re.search(r'name="offer" value="([^"]+)" form="say-form"', self.suggested())
        assert found
        return found[1]

    def says(self, text: str, **fields: str) -> int:
        status = self.browser.post(f"{self.page}/say", {"text": text, **fields}).status_code
        assert isinstance(status, int)
        return status

    @property
    def said(self) -> list[PersonSaid]:
        events = self.panel.conversations.events(self.id)
        return [event.happening for event in events if isinstance(event.happening, PersonSaid)]


@pytest.fixture
def case(world: PanelWorld) -> Case:
    return Case(world).taken_over()


CABLE = "mon câble est coincé dans la voiture"


def test_a_suggestion_stands_in_both_languages_with_its_source_and_its_key(world: PanelWorld) -> None:
    case = Case(world, language="nb").taken_over()
    case.panel.conversations.turn(case.id, CABLE)
    shown = case.suggested()
    assert shown.startswith('<section class="suggestions"')
    assert 'lang="fr"' in shown and 'lang="nb"' in shown
    assert "Kilde: " in shown and " %)" in shown
    assert 'data-key="Alt+1" data-key-also="1"' in shown


def test_a_source_names_its_sections_by_their_headings(world: PanelWorld) -> None:
    case = Case(world).taken_over()
    case.panel.conversations.turn(case.id, CABLE)
    offer = case.panel.answers.offer(case.id, case.panel.agents.of("a-agent"))
    assert offer is not None
    source = offer.suggestions[0].readable_sources[0]
    article = case.panel.conversations.knowledge.current().readable_article(source.article, "en")
    found = [article.section(section) for section in source.sections]
    headings = [(section.heading if section else "") or "beginning" for section in found]
    assert len(headings) > 1
    assert f"({', '.join(headings)}; " in unescape(case.suggested())


def test_what_was_looked_up_is_told_in_words(world: PanelWorld) -> None:
    value: dict[str, object] = {"vendor": "eponet", "balance": {"amount": "49.80", "currency": "CHF"}, "active": True}
    looked = Looked(tool="accounts.account", arguments=("40711",), outcome="found", value=value)
    suggested = Suggestion(
        id="live:x", kind="live", text="x", language="fr", readable="x", readable_language="de", topic=None,
        confidence=0.9, looked=(looked,),
    )  # fmt: skip
    shown = world.panel.pages.render(
        "suggestions", "de", "suggestions",
        {
            "conversation": "c", "offer": Offer("o", "c", (suggested,), NINE), "heading": lambda source, section: "",
            "looked_up": lambda tool, arguments: looked_up(tool, arguments, say_in("de"), {}),
            "rows": lambda found: rows(found, "de", say_in("de"), {"eponet": "Eponet"}),
        },
    )  # fmt: skip
    read = " ".join(unescape(re.sub(r"<[^>]*>", " ", shown)).split())
    assert "Nachgesehen: Konto 40711 · gefunden; Anbieter Eponet; Guthaben 49,80 CHF; Aktiv ja" in read


def test_the_page_waits_for_no_suggestion(case: Case) -> None:
    case.panel.conversations.turn(case.id, CABLE)
    page = case.browser.get(case.page).text
    assert f'data-src="{case.page}/suggestions" data-load' in page
    assert "suggestion-1" not in page


def test_suggestions_come_anew_with_the_news_of_their_conversation(case: Case) -> None:
    assert f'data-on="case-{case.id}"' in case.suggested()


def test_where_nothing_fits_nothing_is_suggested_and_it_says_so(case: Case) -> None:
    case.panel.conversations.turn(case.id, "?")
    assert "No suggestion" in case.suggested()


def test_nothing_is_suggested_once_it_is_closed(case: Case) -> None:
    case.panel.conversations.turn(case.id, CABLE)
    case.browser.post(f"{case.page}/close", {"why": "solved"})
    assert "suggestion-1" not in case.suggested()


def test_a_suggestion_sent_as_it_is_is_told_with_the_message(case: Case) -> None:
    case.panel.conversations.turn(case.id, CABLE)
    offer = case.panel.answers.offer(case.id, case.panel.agents.of("a-agent"))
    case.says(offer.suggestions[0].text, offer=offer.id, used=f"{offer.id}.0")
    (said,) = case.said
    assert said.suggestion is not None
    assert (said.suggestion.offered, said.suggestion.used) == (offer.names, offer.names[0])
    assert said.suggestion.distance == 0


def test_how_far_it_was_edited_is_found_out_here_and_not_believed(case: Case) -> None:
    case.panel.conversations.turn(case.id, CABLE)
    offer = case.panel.answers.offer(case.id, case.panel.agents.of("a-agent"))
    text = offer.suggestions[0].text
    case.says(text[: len(text) // 2], offer=offer.id, used=f"{offer.id}.0", distance="0")
    use = case.said[0].suggestion
    assert use is not None
    assert use.distance == pytest.approx(0.5, abs=0.02)


def test_what_was_offered_and_ignored_is_told_too(case: Case) -> None:
    case.panel.conversations.turn(case.id, CABLE)
    case.says("Je regarde.", offer=case.offer())
    use = case.said[0].suggestion
    assert use is not None
    assert (use.used, [each.partition(":")[0] for each in use.offered][:1]) == (None, ["article"])


@pytest.mark.parametrize("used", ["nothing.0", "nothing", "canned:nothing", ".", "canned:", "x.-1", "x.²", "<b>.0"])
def test_what_is_not_known_as_offered_is_not_counted(case: Case, used: str) -> None:
    case.says("Je regarde.", used=used)
    assert [each.suggestion for each in case.said] == [None]


def test_what_was_offered_in_another_conversation_is_not_known_here(world: PanelWorld, case: Case) -> None:
    case.panel.conversations.turn(case.id, CABLE)
    offer = case.offer()
    other = Case(world).taken_over()
    other.says("Je regarde.", offer=offer, used=f"{offer}.0")
    assert other.said[0].suggestion is None
    assert "suggestion" not in other.browser.get(f"{other.page}?use={offer}.0").text.partition("<textarea")[2][:40]


def test_a_place_that_the_offer_has_not_is_not_counted(case: Case) -> None:
    case.panel.conversations.turn(case.id, CABLE)
    offer = case.offer()
    case.says("Je regarde.", used=f"{offer}.7")
    assert case.said[0].suggestion is None


def test_a_canned_reply_is_told_as_what_it_is(case: Case) -> None:
    case.says("Un instant.", used="canned:one-moment")
    use = case.said[0].suggestion
    assert use is not None
    assert (use.offered, use.used) == ((), "canned:one-moment")
    assert 0 < use.distance < 1


def test_the_list_has_what_can_be_sent_now_in_both_languages(case: Case) -> None:
    assert 'id="canned-reported"' not in case.browser.get(f"{case.page}/canned").text
    case.knows(station="4521")
    listed = case.browser.fragment(f"{case.page}/canned", "canned").text
    assert listed.startswith("<div")
    assert "à la borne 4521" in listed and "at station 4521" in listed
    assert "Closes the conversation: Solved" in " ".join(listed.split())


def test_without_the_script_a_text_is_put_into_the_field_by_its_link(case: Case) -> None:
    page = case.browser.get(f"{case.page}?use=canned:works-again").text
    assert "Je ferme cette conversation" in page.partition('<textarea id="say"')[2].partition("</textarea>")[0]
    assert 'name="macro" id="say-macro" value="works-again"' in page


@pytest.mark.parametrize(
    ("macro", "done"),
    [
        ("works-again", lambda care: care.closed.why == "solved" and care.person is None),
        ("look-tomorrow", lambda care: timedelta(hours=23) < care.snoozed_until - SteppingClock().now()),
        ("owner-asked", lambda care: care.tags == ("vip", "owner")),
        ("mine-from-here", lambda care: care.assigned.id == "a-agent"),
        ("back-to-assistant", lambda care: care.person is None and care.closed is None),
    ],
)  # fmt: skip
def test_a_macro_sends_and_does_in_one_step(case: Case, macro: str, done: object) -> None:
    case.browser.post(f"{case.page}/tags", {"tags": "vip"})
    case.browser.post(f"{case.page}/assign", {"to": ""})
    assert case.says("D’accord.", macro=macro) == 303
    care = case.panel.conversations.state(case.id).care
    assert callable(done) and done(care)
    assert [each.text for each in case.said] == ["D’accord."]


def test_where_a_colleague_talks_nothing_is_sent_and_the_macro_does_nothing(world: PanelWorld) -> None:
    case = Case(world)
    case.panel.staff.join(case.id, MARIA)
    answer = case.browser.post(f"{case.page}/say", {"text": "Au revoir.", "macro": "works-again"})
    assert answer.status_code == 409
    assert "Maria Huber" in answer.text and "Au revoir." in answer.text
    care = case.panel.conversations.state(case.id).care
    assert (care.closed, care.person, case.said) == (None, MARIA, [])


def test_without_taking_over_the_macro_does_nothing(world: PanelWorld) -> None:
    case = Case(world)
    assert case.says("Au revoir.", macro="works-again") == 409
    assert case.panel.conversations.state(case.id).care.closed is None


@pytest.mark.parametrize("macro", ["no-such-macro", "one-moment", "../works-again", "<script>"])
def test_what_is_no_macro_sends_nothing_and_keeps_what_was_typed(case: Case, macro: str) -> None:
    answer = case.browser.post(f"{case.page}/say", {"text": "Au revoir.", "macro": macro})
    assert answer.status_code == 422
    assert "no such macro" in answer.text and "Au revoir." in answer.text
    assert case.said == []


def test_a_second_try_sends_nothing_again(case: Case) -> None:
    for _ in range(2):
        case.says("D’accord.", id="once", macro="owner-asked")
    assert len(case.said) == 1
    assert case.panel.conversations.state(case.id).care.tags == ("owner",)


def test_markup_of_a_driver_stays_text_in_what_is_canned(case: Case) -> None:
    case.knows(station="<img src=x>")
    listed = case.browser.get(f"{case.page}/canned").text
    assert "<img src=x>" not in listed and "&lt;img src=x&gt;" in listed


@pytest.mark.parametrize("page", ["suggestions", "canned", "lines/1/translation"])
def test_of_a_conversation_that_there_is_not_nothing_is_told(world: PanelWorld, page: str) -> None:
    assert world.browser("agent").get(f"/agent/c/nothing/{page}").status_code == 404


class Signs:
    """Translates by saying into what."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.away = False

    def translate(self, text: str, source: str, target: str) -> str:
        if self.away:
            raise Unavailable("cannot be reached")
        self.asked.append((text, source, target))
        return f"[{target}] {text}"


@pytest.fixture
def signs(world: PanelWorld) -> Signs:
    signs, panel = Signs(), world.panel
    translated = replace(panel, answers=replace(panel.answers, translations=Translations(signs)))
    world.app.state.panel = translated
    return signs


def test_without_a_service_nothing_of_it_is_shown(case: Case) -> None:
    case.panel.conversations.turn(case.id, CABLE)
    page = case.browser.get(case.page).text
    assert "translat" not in page.lower()
    assert case.browser.post(f"{case.page}/translation", {"text": "Hello"}).status_code == 404


def test_a_message_in_another_language_gets_its_translation_for_itself(case: Case, signs: Signs) -> None:
    case.panel.conversations.turn(case.id, CABLE)
    page = case.browser.get(case.page).text
    (source,) = re.findall(r'data-src="([^"]+/translation)"', page)
    assert signs.asked == []
    shown = case.browser.fragment(source, "translation").text
    assert f"[en] {CABLE}" in shown and shown.startswith("<p")
    assert signs.asked == [(CABLE, "fr", "en")]


def test_the_same_text_is_asked_for_once(case: Case, signs: Signs) -> None:
    case.panel.conversations.turn(case.id, CABLE)
    (source,) = re.findall(r'data-src="([^"]+/translation)"', case.browser.get(case.page).text)
    for _ in range(3):
        case.browser.fragment(source, "translation")
    assert len(signs.asked) == 1


def test_where_the_service_is_away_the_page_says_so_and_works(case: Case, signs: Signs) -> None:
    case.panel.conversations.turn(case.id, CABLE)
    signs.away = True
    (source,) = re.findall(r'data-src="([^"]+/translation)"', case.browser.get(case.page).text)
    assert "Cannot be translated right now." in case.browser.fragment(source, "translation").text


def test_only_messages_of_the_driver_are_translated(case: Case, signs: Signs) -> None:
    case.says("Je regarde.")
    assert case.browser.get(f"{case.page}/lines/2/translation").status_code == 404
    assert signs.asked == []


def test_an_agent_sees_the_translation_before_anything_is_sent(case: Case, signs: Signs) -> None:
    answer = case.browser.post(f"{case.page}/translation", {"text": "Good day"}, headers={"X-Fragment": "translated"})
    assert answer.text.startswith('<div id="translated"')
    assert "[fr] Good day" in answer.text
    assert (signs.asked, case.said) == ([("Good day", "en", "fr")], [])


def test_a_card_number_does_not_leave_for_the_service(case: Case, signs: Signs) -> None:
    case.browser.post(f"{case.page}/translation", {"text": "It was 4111 1111 1111 1111"})
    assert "4111" not in signs.asked[0][0]


def test_what_cannot_be_translated_is_given_back(case: Case, signs: Signs) -> None:
    signs.away = True
    answer = case.browser.post(f"{case.page}/translation", {"text": "Good day"})
    assert answer.status_code == 503
    assert "Good day" in answer.text


def test_an_offer_is_forgotten_after_its_time() -> None:
    offers, clock = Offers(), SteppingClock()
    suggestion = Suggestion(
        id="article:en/a", kind="article", text="A", language="en", readable="A", readable_language="en", topic="a",
        confidence=1.0,
    )  # fmt: skip
    old = offers.keep("c", [suggestion], clock.now())
    assert offers.of(old.id, "c") == old
    offers.keep("c", [suggestion], clock.now() + KEPT * 2)
    assert offers.of(old.id, "c") is None


def test_of_many_offers_the_oldest_are_forgotten() -> None:
    offers, at = Offers(), SteppingClock().now()
    first = offers.keep("c", [], at)
    last = [offers.keep("c", [], at) for _ in range(MOST)][-1]
    assert (offers.of(first.id, "c"), offers.of(last.id, "c")) == (None, last)
