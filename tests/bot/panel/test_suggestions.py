"""What is suggested to agents: live results and articles in both languages, and nothing rather than something wrong."""

from __future__ import annotations

import pytest

from bot.care import Person
from bot.conversation import Conversations
from bot.events import Acted, HandedOver, ToolRead
from bot.notifier import InProcessNotifier
from bot.panel.canned import CannedReplies
from bot.panel.suggestions import Suggester, Suggestion, distance
from bot.panel.suggestions.suggest import SuggestionRules
from bot.replies.catalogues import Templates
from bot.staff import Staff
from bot.types import Context

KARI = Person(id="kari", name="Kari")


class Talk:
    """A conversation that Kari has taken over, and what is suggested in it to an agent who reads Norwegian."""

    def __init__(self, talks: Conversations, templates: Templates, context: Context, taken_over: bool = True) -> None:
        self.talks, self.id = talks, talks.start(context)
        self.staff = Staff(talks, templates, InProcessNotifier())
        self._suggester = Suggester(talks, templates, SuggestionRules.load(), CannedReplies.load())
        if taken_over:
            self.staff.join(self.id, KARI)

    def suggested(self, *texts: str) -> tuple[Suggestion, ...]:
        for text in texts:
            self.talks.turn(self.id, text)
        return self._suggester.suggest(self.id, "nb", "Kari").suggestions


@pytest.fixture
def talk(talks: Conversations, templates: Templates) -> Talk:
    return Talk(talks, templates, Context(locale="fr", vendor="eponet"))


def test_an_article_is_suggested_in_the_drivers_language_with_the_same_in_the_agents(talk: Talk) -> None:
    first = talk.suggested("mon câble est coincé dans la voiture")[0]
    assert (first.id, first.language, first.readable_language) == ("article:fr/cable-stuck", "fr", "nb")
    assert first.text.startswith("Arrêtez la recharge")
    assert first.readable.startswith("Avslutt ladingen")
    assert [source.article for source in first.sources] == ["cable-stuck"]


def test_what_a_source_system_says_is_suggested_first_and_named(talk: Talk) -> None:
    first = talk.suggested("mon compte 40711 a assez de crédit ?")[0]
    assert (first.kind, first.tools) == ("live", ("accounts.account(40711)",))
    assert "49,80" in first.text and "49,80" in first.readable


def test_suggesting_keeps_nothing_and_does_nothing(talk: Talk) -> None:
    talk.suggested("mon compte 40711 a assez de crédit ?")
    happenings = [event.happening for event in talk.talks.events(talk.id)]
    assert not any(isinstance(each, Acted | HandedOver | ToolRead) for each in happenings)


def test_messages_in_a_row_are_read_together(talk: Talk) -> None:
    assert talk.suggested("regardez mon compte s'il vous plaît", "40711")[0].tools == ("accounts.account(40711)",)


@pytest.mark.parametrize("text", ["quel temps fait-il demain ?", "?", "asdf ghjk"])
def test_where_nothing_is_asked_that_the_base_answers_nothing_is_suggested(talk: Talk, text: str) -> None:
    assert talk.suggested(text) == ()


@pytest.mark.parametrize(
    ("text", "reply", "begins"),
    [("bonjour", "greeting", "Bonjour, ici Kari."), ("merci beaucoup", "goodbye", "Avec plaisir.")],
)
def test_a_greeting_or_thanks_is_answered_by_a_canned_reply(talk: Talk, text: str, reply: str, begins: str) -> None:
    (only,) = talk.suggested(text)
    assert (only.id, only.kind, only.language) == (f"canned:{reply}", "canned", "fr")
    assert only.text.startswith(begins)


def test_a_canned_reply_is_not_suggested_beside_an_answer(talk: Talk) -> None:
    assert "canned" not in {each.kind for each in talk.suggested("bonjour, mon câble est coincé dans la voiture")}


def test_what_was_looked_up_stands_beside_the_suggestion(talk: Talk) -> None:
    (looked,) = talk.suggested("mon compte 40711 a assez de crédit ?")[0].looked
    assert (looked.tool, looked.arguments, looked.outcome) == ("accounts.account", ("40711",), "found")
    assert looked.value is not None and "balance" in looked.value


def test_a_source_is_named_as_the_agent_can_read_it(talk: Talk) -> None:
    first = talk.suggested("mon câble est coincé dans la voiture")[0]
    assert [source.language for source in first.readable_sources] == ["nb"]


def test_danger_comes_first_and_alone(talk: Talk) -> None:
    (only,) = talk.suggested("il y a de la fumée qui sort de la borne")
    assert only.urgent
    assert "112" in only.text


def test_what_the_driver_was_told_already_is_not_suggested_again(talks: Conversations, templates: Templates) -> None:
    talk = Talk(talks, templates, Context(locale="en"), taken_over=False)
    found = talk.suggested("the cable is stuck and I cannot remove it", "I want to talk to a person")
    assert "article:en/cable-stuck" not in [each.id for each in found]


def test_no_more_than_three_are_suggested(talk: Talk) -> None:
    assert len(talk.suggested("ça ne charge pas, la borne est rouge et l'appli dit paiement refusé")) <= 3


def test_nothing_is_suggested_before_the_driver_wrote(talk: Talk) -> None:
    assert talk.suggested() == ()


@pytest.mark.parametrize(
    ("suggested", "sent", "far"),
    [
        ("Unplug it.", "Unplug it.", 0.0),
        ("Unplug it.", " Unplug it.\n", 0.0),
        ("abcd", "abxd", 0.25),
        ("abc", "xyz", 1.0),
    ],
)
def test_how_much_of_a_suggestion_was_changed(suggested: str, sent: str, far: float) -> None:
    assert distance(suggested, sent) == far
