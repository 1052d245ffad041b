"""Words for lexical search: folding, stems, and compounds that are found by their parts."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest

from indexer.analysis import COMPOUNDING, Analyser, folded, words
from indexer.knowledge import DRIVER_LANGUAGES

# Words that the texts use on their own, as an article would; a part must occur twice to be learnt.
TEXTS = {
    "de": "Station laden Ladung Kabel Karte Guthaben Fehler Lade",
    "nb": "stasjon lade kabel brikke betaling kort",
    "nl": "station laad kabel palen betaling kaart",
    "sv": "station ladda ladd kabel betalning kort",
    "da": "station lade kabel brik betaling kort",
}


def analyser(language: str) -> Analyser:
    return Analyser.learnt(language, [TEXTS[language], TEXTS[language]])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Straße", "strasse"),
        ("PÅ NORSK", "paa norsk"),
        ("Øre", "oere"),
        ("für", "fuer"),
        ("prélèvement à l’île", "prelevement a l’ile"),
        ("perché può", "perche puo"),
        ("¿Cuánto año?", "¿cuanto ano?"),
        ("część", "czesc"),
        ("ładowarka", "ladowarka"),
        ("cœur", "coeur"),
    ],
)
def test_folding_writes_what_people_type_without_the_key(text: str, expected: str) -> None:
    assert folded(text) == expected


@pytest.mark.parametrize("text", ["på kåre", "für Öl", "élève", "żółć"])
def test_folding_does_not_depend_on_how_the_phone_composes_letters(text: str) -> None:
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))


def test_folding_again_changes_nothing() -> None:
    once = folded("Straße på Île für Øre")
    assert folded(once) == once


def test_words_are_split_at_punctuation() -> None:
    assert words("Bitte: App/Karte, 50.00 CHF – l’île!") == ["bitte", "app", "karte", "50", "00", "chf", "l", "ile"]


@pytest.mark.parametrize(
    ("language", "compound", "parts"),
    [
        ("de", "Ladestation", "Lade Station"),
        ("de", "Ladestationskabel", "Lade Station Kabel"),
        ("de", "Ladungsfehler", "Ladung Fehler"),
        ("de", "Guthabenkarte", "Guthaben Karte"),
        ("nb", "ladestasjon", "lade stasjon"),
        ("nb", "betalingskort", "betaling kort"),
        ("nb", "ladebrikke", "lade brikke"),
        ("nl", "laadstation", "laad station"),
        ("nl", "laadpalen", "laad palen"),
        ("nl", "betalingskaart", "betaling kaart"),
        ("sv", "laddstation", "ladd station"),
        ("sv", "betalningskort", "betalning kort"),
        ("da", "ladestation", "lade station"),
        ("da", "betalingskort", "betaling kort"),
    ],
)
def test_a_compound_is_found_by_its_parts(language: str, compound: str, parts: str) -> None:
    analyse = analyser(language)
    assert set(analyse(parts)) < set(analyse(compound))


@pytest.mark.parametrize(
    ("language", "compound"),
    [("de", "Ladekabel"), ("nb", "ladekabel"), ("nl", "laadkabel"), ("sv", "laddkabel"), ("da", "ladekabel")],
)
def test_a_compound_is_still_found_as_a_whole(language: str, compound: str) -> None:
    whole, *parts = analyser(language)(compound)
    assert [whole] == Analyser(language)(compound)
    assert len(parts) == 2


@pytest.mark.parametrize("word", ["Baustation", "Kabelx", "Stationen", "Kabelbaum"])
def test_a_word_with_an_unknown_part_is_not_opened(word: str) -> None:
    assert len(analyser("de")(word)) == 1


def test_a_short_word_is_not_opened() -> None:
    analyse = Analyser("de", ["auto", "bahn"])
    assert analyse("Autobahn") == Analyser("de")("Autobahn")


@pytest.mark.parametrize("language", sorted(set(DRIVER_LANGUAGES) - COMPOUNDING))
def test_languages_that_write_words_apart_learn_no_parts(language: str) -> None:
    assert Analyser.learnt(language, ["station cable station cable"]).parts == frozenset()


def test_a_word_that_occurs_once_or_is_short_is_no_part() -> None:
    assert Analyser.learnt("de", ["Kabel Kabel Karte Tür Tür App App"]).parts == {"kabel", "tuer"}


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "stations", "station"),
        ("fr", "bornes", "borne"),
        ("de", "Kabeln", "Kabel"),
        ("it", "colonnine", "colonnina"),
        ("nb", "kabelen", "kabel"),
        ("nl", "kabels", "kabel"),
        ("es", "cables", "cable"),
        ("sv", "stationen", "station"),
        ("da", "stationen", "station"),
        ("pt", "cabos", "cabo"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, one: str, other: str) -> None:
    assert Analyser(language)(one) == Analyser(language)(other)


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_every_driver_language_has_an_analyser(language: str) -> None:
    assert len(Analyser(language)("kabel 4521 kabel")) == 3


def test_nothing_gives_no_words() -> None:
    assert Analyser("en")(" … !") == []


def test_threads_may_share_an_analyser() -> None:
    analyse = analyser("de")
    texts = [f"Ladestation {number} Ladestationskabel Betreibern" for number in range(200)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(analyse, texts))
    assert found == [analyse(text) for text in texts]
