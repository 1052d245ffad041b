"""Which language a chat line is written in, and which one is replied in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.policy import Policy
from bot.state import ConversationState
from bot.types import Context
from bot.understanding.language import LanguageGuess, LanguageGuesser
from bot.understanding.understand import Understander, named_vendor, spoken_language
from indexer.search import Index
from tests.talking import readers

POLICY = Policy.load()
SURE = POLICY.language_sure_at


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("the charger does not start", "en"),
        ("my card was declined at the station", "en"),
        ("la borne ne démarre pas", "fr"),
        ("ma carte est refusée", "fr"),
        ("die Ladesäule startet nicht", "de"),
        ("meine Karte wird abgelehnt", "de"),
        ("la colonnina non parte", "it"),
        ("la mia tessera non funziona", "it"),
        ("hvor mye må jeg ha på konto for å lade?", "nb"),
        ("jeg får ikke kabelen ut av bilen min", "nb"),
        ("de laadpaal start niet", "nl"),
        ("mijn pas werkt niet meer", "nl"),
        ("el cargador no funciona", "es"),
        ("mi tarjeta ha sido rechazada", "es"),
        ("laddaren startar inte", "sv"),
        ("jag får inte loss kabeln", "sv"),
        ("ladestanderen virker ikke, og jeg kan ikke få kablet ud", "da"),
        ("jeg kan ikke få kablet ud af bilen", "da"),
        ("o carregador não funciona", "pt"),
        ("o meu cartão foi recusado", "pt"),
        ("ładowarka nie działa", "pl"),
        ("moja karta została odrzucona", "pl"),
        ("LA BORNE NE DÉMARRE PAS", "fr"),
        ("kort 4521: meine Karte wird an CH*EPO*E4521 abgelehnt 👍", "de"),
        ("eg får ikkje lada bilen min", "nb"),
    ],
)
def test_a_plain_line_is_told_by_its_words(
    guesser: LanguageGuesser, shipped_index: Index, line: str, language: str
) -> None:
    guess = guesser.guess(line, shipped_index.language_chances(line))
    assert guess is not None
    assert guess.language == language


@pytest.mark.parametrize(
    "line",
    ["4521", "ok", "OK!", "👍", "🔌⚡", "CH*EPO*E4521", "ch*epo*e4521", "CH*EPO*EABC", "NL-TNM-C00122045-K", "R-20418",
     "CHF 49.80", "ok 👍 4521", "ane@plugdesk.example", "https://plugdesk.example/help", "", " \n"],
)  # fmt: skip
def test_numbers_ids_and_emoji_have_no_language(guesser: LanguageGuesser, line: str) -> None:
    assert guesser.guess(line, {}) is None


def test_what_drivers_write_outweighs_what_languages_look_like_at_large(guesser: LanguageGuesser) -> None:
    line = "Ladekablet sidder fast i bilen"
    alone = guesser.guess(line, {})
    helped = guesser.guess(line, {"da": 0.9, "nb": 0.05, "sv": 0.05})
    assert alone is not None
    assert helped is not None
    assert helped.language == "da"
    assert helped.confidence > alone.confidence


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Ladekablet sidder fast i bilen", "da"),
        ("Laddkabeln sitter fast i bilen", "sv"),
        ("Ladekabelen sitter fast i bilen", "nb"),
        ("hi there", "en"),
    ],
)
def test_close_languages_are_told_apart(
    guesser: LanguageGuesser, shipped_index: Index, line: str, language: str
) -> None:
    guess = guesser.guess(line, shipped_index.language_chances(line))
    assert guess is not None
    assert guess.language == language


def test_a_guess_comes_with_its_probability(guesser: LanguageGuesser) -> None:
    sure, unsure = guesser.guess("mijn laadpas werkt niet meer", {}), guesser.guess("app status", {})
    assert sure is not None
    assert unsure is not None
    assert 0 < unsure.confidence < sure.confidence <= 1


@pytest.mark.parametrize("confidence", [SURE, 1.0])
def test_a_clear_message_sets_the_language(shipped_index: Index, confidence: float) -> None:
    state = ConversationState(language="de", context=Context(locale="it"))
    assert spoken_language(LanguageGuess("pl", confidence), state, shipped_index, POLICY) == ("pl", "message")


def test_a_few_words_must_be_very_clear_to_leave_the_conversations_language(shipped_index: Index) -> None:
    state = ConversationState(language="nb")
    oi, sorry = LanguageGuess("it", 0.89), LanguageGuess("it", 0.99)
    assert spoken_language(oi, state, shipped_index, POLICY, short=True) == ("nb", "conversation")
    assert spoken_language(sorry, state, shipped_index, POLICY, short=True) == ("it", "message")


UNSURE = [None, LanguageGuess("pl", SURE - 0.01)]


@pytest.mark.parametrize("guess", UNSURE)
def test_an_unclear_message_keeps_the_language_of_the_conversation(
    shipped_index: Index, guess: LanguageGuess | None
) -> None:
    state = ConversationState(language="de", context=Context(locale="it"))
    assert spoken_language(guess, state, shipped_index, POLICY) == ("de", "conversation")


@pytest.mark.parametrize("guess", UNSURE)
def test_an_unclear_first_message_is_answered_in_the_language_of_the_client(
    shipped_index: Index, guess: LanguageGuess | None
) -> None:
    state = ConversationState(context=Context(locale="nn-NO"))
    assert spoken_language(guess, state, shipped_index, POLICY) == ("nb", "locale")


@pytest.mark.parametrize("locale", [None, "fi-FI"])
def test_where_nothing_is_known_the_guess_counts_and_then_english(shipped_index: Index, locale: str | None) -> None:
    state = ConversationState(context=Context(locale=locale))
    assert spoken_language(UNSURE[1], state, shipped_index, POLICY) == ("pl", "guess")
    assert spoken_language(None, state, shipped_index, POLICY) == ("en", "guess")


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("my Eponet account is blocked", "eponet"),
        ("EPONET!", "eponet"),
        ("the juice box at home", "enelx"),
        ("(mbrella)", "mbrella"),
        ("the charge point app", "chargepoint"),
        ("in the wallbox portal", "wallbox"),
        ("meine Wallbox lädt nicht", None),
        ("deponeting", None),
        ("my charger at home", None),
        ("Eponet or Mbrella?", None),
        ("Mbrella, I mean Mbrella Charge", "mbrella"),
    ],
)
def test_a_vendor_is_known_where_the_text_names_exactly_one(
    shipped_index: Index, text: str, vendor: str | None
) -> None:
    assert named_vendor(text, shipped_index) == vendor


def test_what_was_understood_says_why(shipped_index: Index, guesser: LanguageGuesser) -> None:
    text = "Eponet: combien de crédit faut-il pour démarrer la charge ?"
    reader = Understander(guesser, POLICY, *readers())
    heard = reader.understand(text, None, ConversationState(), shipped_index, datetime.now(UTC))
    assert (heard.language, heard.language_source, heard.vendor) == ("fr", "message", "eponet")
    assert heard.topics[0].id == "minimum-balance"
    assert [topic.score for topic in heard.topics] == sorted((topic.score for topic in heard.topics), reverse=True)
    assert heard.passages[0].startswith("fr/minimum-balance#")
    assert sum(topic.score for topic in heard.topics) + sum(heard.classes.values()) <= 1.001
