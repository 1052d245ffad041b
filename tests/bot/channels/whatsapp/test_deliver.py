"""Replies as WhatsApp shows them, each checked against Meta's documentation; and what comes of errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.channels.messengers.ports import Failed, OutboundMessage
from bot.channels.messengers.whatsapp.messenger import WhatsApp
from bot.replies.catalogues import Templates
from indexer.knowledge import DRIVER_LANGUAGES
from tests.bot.channels.replies_sent import button, said, said_by_person
from tests.bot.channels.whatsapp.conftest import run
from tests.bot.channels.whatsapp.schema import InteractiveButtons, InteractiveList, LocationRequest
from tests.bot.channels.whatsapp.standin import PAIR, TOKEN, WINDOW, Refusal, WhatsAppStandin

DRIVER = "41791234567"
Deliver = Callable[..., Failed | None]


@pytest.fixture
def deliver(number: WhatsApp, client: Callable[[], httpx.AsyncClient]) -> Deliver:
    def delivered(message: OutboundMessage) -> Failed | None:
        async def main() -> Failed | None:
            async with client() as http:
                return await number.deliver(message, http)

        failed: Failed | None = run(main)
        return failed

    return delivered


def test_a_reply_is_a_text(deliver: Deliver, whatsapp: WhatsAppStandin) -> None:
    assert deliver(said("Look at the display.", recipient=DRIVER)) is None
    (shown,) = whatsapp.shown
    assert (shown.to, shown.recipient, shown.words) == (DRIVER, None, "Look at the display.")


def test_who_hides_the_number_is_addressed_by_their_user_id(deliver: Deliver, whatsapp: WhatsAppStandin) -> None:
    assert deliver(said("Hello", recipient="CH.13491208655302741918")) is None
    assert (whatsapp.shown[0].to, whatsapp.shown[0].recipient) == (None, "CH.13491208655302741918")


def test_up_to_three_short_choices_are_buttons(deliver: Deliver, whatsapp: WhatsAppStandin) -> None:
    deliver(said("Restart?", button("Yes", "answer", "yes:5f0c"), button("No", "answer", "no:5f0c"), recipient=DRIVER))
    shown = whatsapp.shown[0].interactive
    assert isinstance(shown, InteractiveButtons)
    assert [(each.reply.title, each.reply.id) for each in shown.action.buttons] == [
        ("Yes", "a:yes:5f0c"), ("No", "a:no:5f0c"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "labels", [("A", "B", "C", "D"), ("a label of twenty-one l",), ("Same", "Same")], ids=["four", "long", "same"]
)
def test_what_buttons_cannot_hold_is_a_list(
    deliver: Deliver, whatsapp: WhatsAppStandin, labels: tuple[str, ...]
) -> None:
    buttons = [button(label, value=f"{number}") for number, label in enumerate(labels)]
    assert deliver(said("Which?", *buttons, recipient=DRIVER, language="de")) is None, whatsapp.last_error
    shown = whatsapp.shown[0].interactive
    assert isinstance(shown, InteractiveList)
    assert shown.action.button == "Auswahl anzeigen"
    assert [(row.id, row.title) for row in shown.action.sections[0].rows] == [
        (f"o:{number}", label) for number, label in enumerate(labels)
    ]


def test_a_label_too_long_for_a_title_stands_whole_below_it(deliver: Deliver, whatsapp: WhatsAppStandin) -> None:
    deliver(said("Which?", button("Das Auto lädt nicht, obwohl es angeschlossen ist", "topic"), recipient=DRIVER))
    shown = whatsapp.shown[0].interactive
    assert isinstance(shown, InteractiveList)
    (row,) = shown.action.sections[0].rows
    assert row.title == "Das Auto lädt nicht, ob…"
    assert row.description == "Das Auto lädt nicht, obwohl es angeschlossen ist"


def test_more_than_a_list_holds_are_numbered_lines(deliver: Deliver, whatsapp: WhatsAppStandin) -> None:
    buttons = [button(f"Station {number}") for number in range(11)]
    assert deliver(said("Which?", *buttons, recipient=DRIVER)) is None
    assert whatsapp.shown[0].interactive is None
    assert whatsapp.shown[0].words.startswith("Which?\n\n(1) Station 0\n(2) Station 1\n")


def test_where_the_place_is_asked_for_a_button_sends_it(deliver: Deliver, whatsapp: WhatsAppStandin) -> None:
    deliver(said("Where are you?", button("Skip it"), recipient=DRIVER, expects="location"))
    assert isinstance(whatsapp.shown[0].interactive, LocationRequest)
    assert whatsapp.shown[0].words == "Where are you?\n\n(1) Skip it"


def test_a_long_reply_is_several_messages_with_the_buttons_below_the_last(
    deliver: Deliver, whatsapp: WhatsAppStandin
) -> None:
    text = "\n\n".join(f"{number}. " + "Ladekabel prüfen. " * 20 for number in range(30))
    assert deliver(said(text, button("Done"), recipient=DRIVER)) is None, whatsapp.last_error
    assert [each.type for each in whatsapp.shown] == ["text"] * (len(whatsapp.shown) - 1) + ["interactive"]
    assert "".join("".join(each.words for each in whatsapp.shown).split()) == "".join(text.split())


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_the_button_of_a_list_fits_in_every_language(templates: Templates, number: WhatsApp, language: str) -> None:
    words = templates.page("messenger/see_choices", language)
    assert 0 < len(words) <= number.receiver.api.rules.list_button


def test_after_a_day_without_a_word_it_is_said_why_nothing_goes_out(
    deliver: Deliver, whatsapp: WhatsAppStandin
) -> None:
    whatsapp.refusals = [WINDOW]
    failed = deliver(said("Your charger is back.", recipient=DRIVER))
    assert failed
    assert failed.final
    assert "24 hours" in failed.error
    assert "templates" in failed.error


@pytest.mark.parametrize(("code", "seconds"), [(4, 60), (80007, 60), (130429, 10), (131048, 600), (131056, 6)])
def test_too_often_is_tried_again_after_a_while(
    deliver: Deliver, whatsapp: WhatsAppStandin, code: int, seconds: int
) -> None:
    whatsapp.refusals = [Refusal(429, code)]
    failed = deliver(said("Hello", recipient=DRIVER))
    assert failed
    assert (failed.final, failed.wait) == (False, timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("refusal", "final"),
    [
        (Refusal(400, 131026), True),
        (Refusal(400, 100), True),
        (Refusal(400, 100, subcode=33), False),
        (Refusal(401, 190, "Error validating access token"), False),
        (Refusal(403, 10), False),
        (Refusal(500, 131000), False),
        (Refusal(503, 131016), False),
        (Refusal(403, 131031, "Account has been locked"), False),
    ],
    ids=lambda value: f"{value.code}-{value.subcode}" if isinstance(value, Refusal) else None,
)
def test_only_what_nobody_can_mend_is_final(
    deliver: Deliver, whatsapp: WhatsAppStandin, refusal: Refusal, final: bool
) -> None:
    whatsapp.refusals = [refusal]
    failed = deliver(said("Hello", recipient=DRIVER))
    assert failed
    assert failed.final == final
    assert failed.error.startswith(f"{refusal.code}: ")


def test_another_attempt_goes_on_where_the_last_one_broke_off(deliver: Deliver, whatsapp: WhatsAppStandin) -> None:
    text = "\n\n".join(letter * 3000 for letter in "abc")
    whatsapp.refusals = [replace(PAIR, after=1)]
    assert deliver(said(text, recipient=DRIVER)) is not None
    assert deliver(said(text, recipient=DRIVER)) is None
    assert [each.words[0] for each in whatsapp.shown] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "met",
    [
        httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), httpx.Response(502, text="<html>"),
        httpx.Response(307, headers={"Location": "https://evil.example/"}),
    ],
    ids=["refused", "slow", "page", "redirect"],
)  # fmt: skip
def test_trouble_on_the_way_is_tried_again_and_tells_no_token(
    number: WhatsApp, met: httpx.Response | Exception
) -> None:
    had: list[str] = []

    def trouble(request: httpx.Request) -> httpx.Response:
        had.append(request.url.host)
        if isinstance(met, Exception):
            raise met
        return met

    async def main() -> Failed | None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(trouble)) as http:
            return await number.deliver(said("Hello", recipient=DRIVER), http)

    failed = run(main)
    assert failed
    assert (failed.final, had) == (False, ["graph.example"])
    assert TOKEN not in failed.error


def test_a_person_is_named_since_one_number_is_shown_for_all(
    deliver: Deliver, number: WhatsApp, whatsapp: WhatsAppStandin, templates: Templates
) -> None:
    assert deliver(said_by_person("I look.", number, templates, DRIVER)) is None
    assert whatsapp.shown[-1].words == "Kari: I look."
