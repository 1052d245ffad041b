"""The safety lane: danger, and what only looks like it. The whole set is measured in tests/eval/test_safety.py."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.understanding.safety import HAZARDOUS_ERROR_CODES, Hazard, SafetyLane
from bot.understanding.safety.lexicon import LEXICONS, Atom, Lexicon, Phrase, load_lexicons
from bot.understanding.safety.rules import RULES_FILE, Rules
from bot.understanding.safety.words import composed, words_of
from indexer.knowledge import DRIVER_LANGUAGES

LANE = SafetyLane.load()
LANE_CONCEPTS = {"negation", "negation_after", "past"}


def hazards(text: str, language: str | None = None) -> set[str]:
    danger = LANE.assess(text, language)
    return {str(hazard) for hazard in danger.hazards} if danger else set()


@pytest.mark.parametrize(
    ("text", "hazard"),
    [
        ("it smells burnt near the wallbox", "fire"),
        ("got an electric shock from the cable", "shock"),
        ("the plug is too hot to touch", "heat"),
        ("someone cut the cable, bare wires hanging out", "bare"),
        ("there is water inside the socket", "water"),
        ("a car crashed into the charger", "crash"),
    ],
)
def test_every_kind_of_danger_is_told_by_its_name(text: str, hazard: str) -> None:
    assert hazard in hazards(text)


def test_several_dangers_in_one_message_are_all_told_most_urgent_first() -> None:
    danger = LANE.assess("van hit the charger, bare wires hanging out and it is smoking")
    assert danger is not None
    assert danger.hazards == (Hazard.FIRE, Hazard.BARE, Hazard.CRASH)


@pytest.mark.parametrize(
    "text",
    ["Es brennt!", "au feu", "FUOCO alla colonnina", "det brenner", "er is brand", "está ardiendo", "det brinner",
     "det brænder", "está a arder", "pali się stacja", "it's on fire"],
)  # fmt: skip
def test_fire_is_heard_in_every_language_without_knowing_it(text: str) -> None:
    assert hazards(text) == {"fire"}


@pytest.mark.parametrize(
    "text",
    ["smoek from the charger", "SMOOOOKE", "ROEYK FRA LADESTOLPEN", "roeg fra ladeboksen", "rok fran laddboxen",
     "humo!!", "smierdzi spalenizna", "cheira a queimado", "ça sent le brulé", "stromschlg bekommen"],
)  # fmt: skip
def test_panic_on_a_keyboard_without_accents_is_heard(text: str) -> None:
    assert hazards(text) != set()


@pytest.mark.parametrize(
    "text",
    ["my battery is dead", "the app crashed", "I'm burning to know the price", "Strom ist weg", "this deal is on fire",
     "I was shocked by the price", "is there a smoke-free area", "does it run on an Amazon Fire tablet",
     "my water bottle is next to the charger", "is it safe to charge in the rain?", "the price exploded"],
)  # fmt: skip
def test_what_only_sounds_like_danger_is_none(text: str) -> None:
    assert hazards(text) == set()


@pytest.mark.parametrize(
    ("harmless", "danger"),
    [
        ("what brand is this charger", "brand bij de laadpaal"),
        ("die lampe brennt rot", "die wallbox brennt"),
        ("har ladet fire ganger", "there is a fire"),
        ("hvad hedder stationen", "stikket er glohedt"),
        ("lampka się pali", "pali się stacja"),
        ("hoe heet deze laadpaal", "de stekker is gloeiend heet"),
        ("fikk ingen støtte", "fikk støt av laderen"),
        ("standeren stod i vejen", "fik stød af standeren"),
    ],
)
def test_a_word_that_two_senses_or_languages_share_is_told_by_what_stands_around_it(harmless: str, danger: str) -> None:
    assert (hazards(harmless), bool(hazards(danger))) == (set(), True)


@pytest.mark.parametrize("hint", [None, "en", "pl", "xx"])
def test_a_wrong_hint_hides_no_danger(hint: str | None) -> None:
    assert hazards("brand i laderen", hint) == {"fire"}


@pytest.mark.parametrize(
    "text",
    ["no smoke, it just does not start", "kein rauch, kein geruch", "pas de fumée", "nessun fumo", "ingen røyk"],
)
def test_what_is_denied_is_no_danger(text: str) -> None:
    assert hazards(text) == set()


def test_oh_no_denies_nothing() -> None:
    assert hazards("oh no smoke from the charger") == {"fire"}


def test_danger_in_the_middle_of_a_long_message_about_something_else_is_heard() -> None:
    before = "I wanted to ask about my invoice for March because the amount is wrong and nobody answers. " * 8
    assert hazards(f"{before}Now the plug is melting. {before}") == {"heat"}


def test_a_sentence_in_another_language_than_the_rest_is_read_in_its_own() -> None:
    pasted = "The session could not be started. Please check that the cable is in and try again with the app. "
    assert hazards(pasted + "Es brennt in der Garage!") == {"fire"}


def test_words_far_apart_do_not_belong_together() -> None:
    assert hazards("the plug is new. " + "we like it very much and it works well. " * 2 + "it is hot in Rome") == set()


@pytest.mark.parametrize(
    ("text", "hazard"),
    [
        ("det er røkk fra laderen", Hazard.FIRE),
        ("the plug is mleting", Hazard.HEAT),
        ("la prise fnod", Hazard.HEAT),
    ],
)
def test_a_slip_in_any_word_is_forgiven_where_other_signs_point_to_danger(text: str, hazard: Hazard) -> None:
    assert LANE.assess(text, chance=LANE.rules.suspected_from / 2) is None
    danger = LANE.assess(text, chance=LANE.rules.suspected_from)
    assert danger is not None
    assert hazard in danger.hazards


@pytest.mark.parametrize("text", ["they fired the support team", "glömde vattenflaskan vid stolpen"])
def test_a_word_of_its_own_is_no_slip_of_another(text: str) -> None:
    assert LANE.assess(text, chance=1.0) is None


def test_it_says_the_drivers_own_words() -> None:
    danger = LANE.assess("Hallo, es kommt RAUCH aus der Säule, was nun?")
    assert danger is not None
    assert danger.because == "RAUCH"


@pytest.mark.parametrize(
    ("text", "past"), [("two years ago my plug melted", True), ("an hour ago my plug melted", False)]
)
def test_only_what_is_long_ago_is_past(text: str, past: bool) -> None:
    danger = LANE.assess(text)
    assert danger is not None
    assert danger.past is past


def test_a_danger_of_today_beside_an_old_one_is_not_past() -> None:
    danger = LANE.assess(
        "Two years ago my plug melted. That was all fine then and I was glad about it. Now I see smoke"
    )
    assert danger is not None
    assert danger.past is False


@pytest.mark.parametrize("text", ["", " ", "🔥", "4521", "\u0301", "a" * 100_000, "hot " * 500, "plug " * 500])
def test_odd_messages_are_read_like_any_other(text: str) -> None:
    assert LANE.assess(text) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=3)))
def test_no_text_and_no_hint_makes_it_fail(text: str, hint: str | None) -> None:
    danger = LANE.assess(text, hint)
    assert danger is None or danger.because in composed(text)


def test_hazardous_error_codes_are_those_of_the_product_rules() -> None:
    assert HAZARDOUS_ERROR_CODES == {"GroundFailure": Hazard.SHOCK, "HighTemperature": Hazard.HEAT}


def test_every_driver_language_has_a_lexicon() -> None:
    assert {each.language for each in load_lexicons()} == set(DRIVER_LANGUAGES)


def test_a_lexicon_is_named_after_its_language() -> None:
    names = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))["language"] for path in LEXICONS.glob("*.yaml")
    }
    assert {name for name, language in names.items() if name != language} == set()


@pytest.mark.parametrize("lexicon", load_lexicons(), ids=lambda each: each.language)
def test_a_lexicon_names_each_concept_of_the_rules_and_no_other(lexicon: Lexicon) -> None:
    named = {concept for rule in Rules.load().rules for concept in rule.concepts} | LANE_CONCEPTS
    assert set(lexicon.concepts) == named


@pytest.mark.parametrize("lexicon", load_lexicons(), ids=lambda each: each.language)
def test_every_homograph_is_an_entry(lexicon: Lexicon) -> None:
    entries = {entry.strip("*~=") for found in lexicon.concepts.values() for entry in found}
    assert set(lexicon.homographs) - entries == set()


@pytest.mark.parametrize("written", ["*", "~", "fyr~", "=rauch"])
def test_an_entry_that_cannot_be_meant_is_refused_in_words(written: str) -> None:
    with pytest.raises(ValueError, match="The entry"):
        Atom.parse(written)


def test_a_phrase_of_gaps_only_is_refused() -> None:
    with pytest.raises(ValueError, match="no words"):
        Phrase.parse(".. ..")


def test_a_rule_with_an_unknown_hazard_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(RULES_FILE.read_text(encoding="utf-8").replace("hazard: crash", "hazard: boredom"))
    with pytest.raises(ValidationError, match="boredom"):
        Rules.load(file)


def test_the_end_of_a_sentence_holds_words_apart() -> None:
    places = [word.place for word in words_of("hot. Plug cold")]
    assert places == [0, 3, 4]
