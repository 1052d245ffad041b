"""What a driver says about the conversation: every command in every language, look-alikes, and the strict yes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.understanding.commands import Command, Commands, Said
from bot.understanding.commands.phrases import FOLDER, Phrases, Rules, read_phrases, read_rules
from bot.understanding.commands.words import spellings, words_of
from indexer.knowledge import DRIVER_LANGUAGES

COMMANDS = Commands.load()
PHRASES = read_phrases()
RULES = read_rules()
FEWEST_PHRASES, FEWEST_ANSWERS = 12, 20
MANY_ANSWERS = (Command.YES, Command.NO)
ALL_PHRASES = [
    (language, command, phrase)
    for language, each in PHRASES.items()
    for command, phrases in each.phrases.items()
    for phrase in phrases
]


def found(text: str, language: str | None = "en") -> list[Command]:
    return [said.command for said in COMMANDS.find(text, language)]


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
@pytest.mark.parametrize("command", list(Command))
def test_every_command_has_many_phrases(language: str, command: Command) -> None:
    least = FEWEST_ANSWERS if command in MANY_ANSWERS else FEWEST_PHRASES
    assert len(PHRASES[language].phrases[command]) >= least


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_every_phrase_is_found_exactly(language: str) -> None:
    missed = [
        phrase
        for spoken, command, phrase in ALL_PHRASES
        if spoken == language and COMMANDS.find(phrase, language) != (Said(command, 1.0),)
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("forget it", Command.CANCEL),
        ("say that again", Command.REPEAT),
        ("huh?", Command.EXPLAIN),
        ("wrong, previous question", Command.BACK),
        ("that's not it", Command.NOT_THAT),
        ("I don't have it", Command.MISSING),
        ("ok did that", Command.DONE),
        ("still not working", Command.STILL),
        ("solved, thanks", Command.WORKS),
        ("I have paid, check", Command.AGAIN),
        ("step by step please", Command.STEP_BY_STEP),
        ("I've had enough, give me a human", Command.PERSON),
        ("start over", Command.RESTART_TALK),
        ("and how long does that take?", Command.FOLLOW_UP),
    ],
)
def test_a_command_is_found_among_politeness(text: str, command: Command) -> None:
    assert found(f"Hi, {text}", "en") == [command]


@pytest.mark.parametrize(
    "text",
    ["stop charging my car", "cancel my subscription", "restart the charger", "it works but slowly", "no charge",
     "done charging but cable stuck", "can I talk to my charger", "I don't have a card, how do I order one",
     "and my invoice?", "and what about station 4521?", "what time is it", "I need no human", "are you a real person?",
     "it works not", "not done", "don't cancel", "ok thanks", "oh no", "hello", "", "???"],
)  # fmt: skip
def test_what_only_looks_like_a_command_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [("annuler ma réservation", "fr"), ("ça marche mais très lentement", "fr"), ("laden stoppen", "de"),
     ("no funciona ya la tarjeta", "es"), ("come va?", "it"), ("tak", "da"), ("takk", "nb"), ("ja men", "sv")],
)  # fmt: skip
def test_look_alikes_of_other_languages_are_none(text: str, language: str) -> None:
    assert found(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "command"),
    [("Ca marche plus... NON, même problème", "fr", []), ("SKJØNNER IKKE", "nb", [Command.EXPLAIN]),
     ("skjoenner ikke", "nb", [Command.EXPLAIN]), ("skjonner ikke", "nb", [Command.EXPLAIN]),
     ("j’ai payé", "fr", [Command.AGAIN]), ("jai paye", "fr", [Command.AGAIN]), ("stoppp", "en", [Command.CANCEL]),
     ("stil not wroking", "en", [Command.STILL]), ("nie dziala", "pl", [Command.STILL]),
     ("neverm ind", "en", [Command.CANCEL]), ("funktioniert leider nicht", "de", [Command.STILL])],
)  # fmt: skip
def test_spelling_does_not_matter(text: str, language: str, command: list[Command]) -> None:
    assert found(text, language) == command


def test_a_slip_of_the_fingers_makes_it_less_certain() -> None:
    (said,) = COMMANDS.find("stil not wroking", "en")
    assert said.certainty < 1.0


def test_a_no_before_a_command_comes_after_it() -> None:
    assert found("no, not that one") == [Command.NOT_THAT, Command.NO]


@pytest.mark.parametrize("text", ["yes no", "ja nein", "sí no", "tak nie", "yes, cancel"])
def test_a_contradiction_says_nothing(text: str) -> None:
    assert found(text, None) == []


@pytest.mark.parametrize("text", ["yes?", "still not working?"])
def test_a_statement_that_is_asked_is_none(text: str) -> None:
    assert found(text) == []


def test_who_asks_whether_it_works_wants_a_look() -> None:
    assert found("it works now?") == [Command.AGAIN]


@pytest.mark.parametrize(
    ("text", "language", "command"),
    [("no", None, [Command.NO]), ("tak", "pl", [Command.YES]), ("tak", None, []), ("oui", "en", [Command.YES]),
     ("stop", "pl", [Command.CANCEL]), ("jeg vil snakke med et menneske", None, [Command.PERSON]), ("ja", "pl", [])],
)  # fmt: skip
def test_the_language_decides_what_a_shared_word_is(text: str, language: str | None, command: list[Command]) -> None:
    assert found(text, language) == command


@pytest.mark.parametrize(
    ("text", "language"),
    [("yes", "en"), ("YESSS, please do it", "en"), ("ja", "de"), ("oui vas-y", "fr"), ("ok", "en"), ("👍", "pl"),
     ("👍🏽", None), ("sì, grazie", "it"), ("ja takk", "nb"), ("ja graag", "nl"), ("sí, adelante", "es"),
     ("ja tack!", "sv"), ("ja tak", "da"), ("sim, por favor", "pt"), ("tak, proszę", "pl"), ("ja", None)],
)  # fmt: skip
def test_an_explicit_yes_is_a_yes(text: str, language: str | None) -> None:
    assert COMMANDS.yes_or_no(text, language) is True


@pytest.mark.parametrize(
    ("text", "language"),
    [("no", "en"), ("don't", "en"), ("I said no", "en"), ("non merci", "fr"), ("lieber nicht", "de"),
     ("nei takk", "nb"), ("no grazie", "it"), ("laat maar", "nl"), ("no lo hagas", "es"), ("nej", "sv"),
     ("lad være", "da"), ("agora não", "pt"), ("nie", "pl"), ("👎", None), ("never mind", "en")],
)  # fmt: skip
def test_an_explicit_no_is_a_no(text: str, language: str | None) -> None:
    assert COMMANDS.yes_or_no(text, language) is False


@pytest.mark.parametrize(
    ("text", "language"),
    [("yes but", "en"), ("yes, what does it cost?", "en"), ("maybe", "en"), ("yes?", "en"), ("not yes", "en"),
     ("ja nein", "de"), ("yes I know that already", "en"), ('"yes"', "en"), ("'yes'", "en"), ("« oui »", "fr"),
     ("yes/no", "en"), ("yes...", "en"), ("yes 4521", "en"), ("he said yes", "en"), ("yes it works now", "en"),
     ("yse please wiat", "en"), ("na ja", "de"), ("ja gleich", "de"), ("ok thanks", "en"), ("ok so", "en"),
     ("right now", "en"), ("takk", "nb"), ("tak", "da"), ("no, not that one", "en"), ("", "en"), ("🤔", "en")],
)  # fmt: skip
def test_everything_between_is_neither(text: str, language: str) -> None:
    assert COMMANDS.yes_or_no(text, language) is None


@given(st.text(max_size=80), st.sampled_from([*DRIVER_LANGUAGES, None, "xx"]))
@settings(max_examples=300, deadline=None)
def test_nothing_that_people_type_raises(text: str, language: str | None) -> None:
    assert isinstance(COMMANDS.find(text, language), tuple)
    assert COMMANDS.yes_or_no(text, language) in (True, False, None)


def _consenting(language: str) -> set[tuple[str, ...]]:
    """What may stand in a yes: its phrases, and what the data says changes nothing."""
    each, everywhere = PHRASES[language], RULES.everywhere
    said = (*each.phrases[Command.YES], *everywhere.commands[Command.YES])
    light = (*each.fillers, *each.thanks, *each.acknowledgements, *everywhere.acknowledgements)
    return {words for entry in (*said, *light) for words in spellings(entry)}


CONSENTING = {language: _consenting(language) for language in DRIVER_LANGUAGES}


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_yes_with_a_word_of_anything_else_is_no_yes(data: st.DataObject) -> None:
    language, _, phrase = data.draw(st.sampled_from(ALL_PHRASES).filter(lambda each: each[1] is not Command.YES))
    yes = data.draw(st.sampled_from(PHRASES[language].phrases[Command.YES]))
    word = data.draw(st.sampled_from(words_of(phrase)))
    words = words_of(f"{yes} {word}")
    explained = any(words[start:] in CONSENTING[language] for start in range(len(words)))
    assert explained or COMMANDS.yes_or_no(f"{yes} {word}", language) is not True


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_yes_beside_any_other_command_is_no_yes(data: st.DataObject) -> None:
    language, _, phrase = data.draw(st.sampled_from(ALL_PHRASES).filter(lambda each: each[1] is not Command.YES))
    yes = data.draw(st.sampled_from(PHRASES[language].phrases[Command.YES]))
    first, second = data.draw(st.permutations([yes, phrase]))
    assert COMMANDS.yes_or_no(f"{first}, {second}", language) is not True


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_no_filler_negates_or_puts_off(language: str) -> None:
    each = PHRASES[language]
    kept = {phrase.casefold() for phrase in (*each.fillers, *each.thanks)}
    assert kept.isdisjoint(each.person.unless)
    assert kept.isdisjoint(each.softeners)


def test_a_phrase_with_two_meanings_is_refused() -> None:
    data = yaml.safe_load((FOLDER / "en.yaml").read_text(encoding="utf-8"))
    data["phrases"]["no"] += ", sure"
    with pytest.raises(ValidationError, match=re.escape("'sure' stands under yes and under no")):
        Phrases.model_validate(data)


def test_rules_that_forget_a_command_are_refused() -> None:
    data = yaml.safe_load((FOLDER / "rules.yaml").read_text(encoding="utf-8"))
    data["priority"].remove("person")
    with pytest.raises(ValidationError, match="priority names every command once"):
        Rules.model_validate(data)


def test_every_data_file_is_of_a_language_or_the_rules() -> None:
    assert {path.stem for path in Path(FOLDER).glob("*.yaml")} == {*DRIVER_LANGUAGES, "rules"}
