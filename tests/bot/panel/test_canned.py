"""Canned replies and macros: complete in every language, true for whom they are for, and never with a gap."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.care import Linked, Person
from bot.events import Acted, Event, Fact, Learned, Started
from bot.panel.canned import CannedReplies, CannedReply, blanks_of, filled, fitting
from bot.panel.canned.replies import SHIPPED, blanks_in
from bot.panel.values import PANEL_LANGUAGES
from bot.state import ConversationState, state_of
from bot.tools.values import Done
from bot.types import Context
from indexer.knowledge import DRIVER_LANGUAGES
from tests.doubles import SteppingClock

REPLIES = CannedReplies.load()
NAMES = [each.name for each in REPLIES.all]
EVERYTHING = {"station": "4521", "account": "40711", "ticket": "R-20418", "agent": "Kari"}
KARI = Person(id="kari", name="Kari")
VENDOR_NAMES = ("Eponet", "Enel", "JuiceNet", "Mbrella", "ChargePoint", "Wallbox")
"""Nobody's but the driver's own provider is named, and that one the driver knows."""
PROMISES = re.compile(r"\d|https?:|@|\bCHF\b|€|%")
"""Phones, prices and dates are facts of the knowledge base, and change there."""


def reply(name: str) -> CannedReply:
    found = REPLIES.of(name)
    assert found is not None
    return found


def state(*happenings: Any) -> ConversationState:
    at = SteppingClock().now()
    told = [Started(context=Context()), *happenings]
    return state_of([Event(number=number, at=at, happening=each) for number, each in enumerate(told, 1)])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_a_reply_has_a_text_of_its_own_in_every_language(name: str, language: str) -> None:
    texts = reply(name).text
    assert texts[language].strip() == texts[language]
    assert [each for each in texts if texts[each] == texts[language]] == [language]


@pytest.mark.parametrize("name", NAMES)
def test_a_reply_leaves_the_same_blanks_in_every_language(name: str) -> None:
    assert {blanks_in(text) for text in reply(name).text.values()} == {reply(name).blanks}


@pytest.mark.parametrize("name", NAMES)
def test_a_reply_names_no_provider_and_promises_no_figure(name: str) -> None:
    for language, text in reply(name).text.items():
        assert not any(each.casefold() in text.casefold() for each in VENDOR_NAMES), language
        assert not PROMISES.search(text), language


@pytest.mark.parametrize("name", NAMES)
def test_french_keeps_its_punctuation_on_the_line(name: str) -> None:
    given = reply(name)
    for text in (given.text["fr"], given.title["fr"], given.when["fr"]):
        assert not re.search(r"[ \w][?!;:]", text), text


def test_names_and_uses_differ_in_every_language_of_the_panel() -> None:
    for language in PANEL_LANGUAGES:
        titles = [each.title[language] for each in REPLIES.all]
        assert len(set(titles)) == len(titles)


def test_what_holds_for_one_provider_is_offered_to_its_drivers_alone() -> None:
    offered = {
        vendor: {each.name for each in fitting(REPLIES, EVERYTHING, vendor, "de", "en")}
        for vendor in ("eponet", "chargepoint", None)
    }
    assert offered["eponet"] - offered["chargepoint"] == {"help-costs"}
    assert offered["chargepoint"] - offered["eponet"] == {"no-repair-date", "partner-station"}
    assert offered[None] == offered["eponet"] & offered["chargepoint"]


def test_a_reply_goes_out_in_the_drivers_language_and_is_read_in_the_agents() -> None:
    ready = filled(reply("reported"), EVERYTHING, "pl", "nb")
    assert ready is not None
    assert ready.text.startswith("Zgłoszenie jest zarejestrowane pod numerem R-20418.")
    assert ready.readable.startswith("Meldingen din er registrert med saksnummer R-20418.")
    assert (ready.title, ready.language) == ("Meldt, med saksnummer", "pl")


@pytest.mark.parametrize("name", [each.name for each in REPLIES.all if each.blanks])
def test_a_reply_with_a_gap_is_not_offered(name: str) -> None:
    assert filled(reply(name), {}, "fr", "en") is None


def test_blanks_are_filled_from_what_is_known_of_the_conversation() -> None:
    facts = (Fact(slot="station", value="4521", source="driver"), Fact(slot="account", value=None, source="driver"))
    filed = Acted(key="k", action="report", arguments={}, outcome=Done(reference="R-1"))
    assert blanks_of(state(Learned(facts=facts), filed), "Kari") == {
        "station": "4521",
        "ticket": "R-1",
        "agent": "Kari",
    }


def test_a_ticket_that_was_linked_counts_before_one_that_was_filed() -> None:
    filed = Acted(key="k", action="report", arguments={}, outcome=Done(reference="R-1"))
    assert blanks_of(state(Linked(by=KARI, ticket="R-2"), filed), "Kari")["ticket"] == "R-2"


def test_what_is_filled_in_is_not_read_as_a_blank_itself() -> None:
    ready = filled(reply("greeting"), {"agent": "{station}"}, "en", "en")
    assert ready is not None
    assert "{station}" in ready.text


def test_macros_stand_after_the_replies() -> None:
    actions = [each.action is not None for each in fitting(REPLIES, EVERYTHING, "eponet", "de", "en")]
    assert actions == sorted(actions)
    assert sum(actions) >= 5


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text": {"en": "Hello."}}, "text needs each of"),
        ({"title": {"en": "Hello"}}, "title needs each of"),
        ({"text": {"de": "Hallo {name}."}}, r"text.de has \['name'\]"),
        ({"text": {"de": "Hallo {station}."}}, "text.de has other names"),
        ({"action": {"kind": "delete"}}, "action"),
        ({"action": {"kind": "close", "why": "bored"}}, "why"),
        ({"color": "red"}, "color"),
    ],
)
def test_a_file_that_is_not_right_is_refused_by_its_name(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    given = yaml.safe_load((SHIPPED / "one-moment.yaml").read_text(encoding="utf-8"))
    for field, value in change.items():
        whole = isinstance(value, dict) and (field == "action" or "en" in value)
        given[field] = value if whole or not isinstance(value, dict) else given[field] | value
    (tmp_path / "broken.yaml").write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"(?s)broken\.yaml.*{told}"):
        CannedReplies.load(tmp_path)
