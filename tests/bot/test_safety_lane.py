"""Danger comes before everything else, in whole turns; secrets are masked before anything is kept."""

from __future__ import annotations

import pytest

from bot.conversation import Conversations
from bot.events import DriverSaid, HandedOver
from bot.types import Choice, Context, TemplateOrigin
from bot.understanding.commands import Command
from eval.grounding import ungrounded

DANGERS = {
    "en": "the plug is burning, there is smoke coming out!",
    "fr": "la prise fume et ça sent le brûlé",
    "de": "aus der Ladesäule kommt Rauch, es riecht verbrannt",
    "it": "esce fumo dalla colonnina, odore di bruciato",
    "nb": "det ryker av støpselet og lukter brent",
}
CARD = "4111 1111 1111 1111"
COMMANDS = [Choice(kind="command", value=command) for command in Command]


@pytest.mark.parametrize("language", DANGERS)
def test_danger_is_answered_with_what_to_do_now_in_the_drivers_language(talks: Conversations, language: str) -> None:
    reply = talks.turn(talks.start(Context(country="CH")), DANGERS[language])
    assert (reply.urgent, reply.language) == (True, language)
    assert reply.parts[0].origin == TemplateOrigin(template="danger/fire", language=language)
    assert "118" in reply.text
    assert ungrounded(reply, talks.knowledge.current().article) == []


def test_a_log_pasted_below_does_not_drown_the_danger(talks: Conversations) -> None:
    log = "E/Js(12873): TypeError: undefined is not an object, no route, is not a function (evaluating 'r.items[0].id')"
    assert talks.answer(f"brent elektrisk lukt fra boksen på veggen\n{log}")[1].urgent


def test_danger_is_handed_over_once_as_urgent(talks: Conversations) -> None:
    conversation = talks.start(Context())
    talks.turn(conversation, DANGERS["en"], client_id="a")
    talks.turn(conversation, DANGERS["en"], client_id="a")
    (handed_over,) = [e.happening for e in talks.events(conversation) if isinstance(e.happening, HandedOver)]
    assert handed_over.urgent
    assert handed_over.ticket is not None


def test_the_station_of_a_danger_may_follow(talks: Conversations) -> None:
    conversation = talks.start(Context())
    assert talks.turn(conversation, DANGERS["en"]).expects == "station"
    assert "4521" in talks.turn(conversation, "it is station 4521").text


def test_outside_of_a_conversation_nobody_is_called_and_that_is_said(talks: Conversations) -> None:
    _, reply = talks.answer(DANGERS["en"])
    assert "cannot reach the help desk" in reply.text


@pytest.mark.parametrize("text", ["my battery is dead", "the app crashed again", "I'm burning to know the price"])
def test_look_alikes_are_no_danger(talks: Conversations, text: str) -> None:
    assert not talks.answer(text)[1].urgent


def test_a_card_number_is_never_kept_and_the_driver_is_told(talks: Conversations) -> None:
    conversation = talks.start(Context(locale="en"))
    reply = talks.turn(conversation, f"why was my card {CARD} declined?")
    assert "hidden a card number" in reply.text
    (said,) = [e.happening for e in talks.events(conversation) if isinstance(e.happening, DriverSaid)]
    assert said.message.text == "why was my card [card] declined?"
    assert not any(CARD in event.model_dump_json() for event in talks.events(conversation))


def test_an_article_can_be_walked_through_step_by_step(talks: Conversations) -> None:
    conversation = talks.start(Context())
    talks.turn(conversation, "the cable is stuck and I cannot remove it")
    first = talks.turn(conversation, "one step at a time")
    second = talks.turn(conversation, "done")
    assert first.text.startswith("1. ")
    assert second.text.startswith("2. ")
    assert "Have a good trip" in talks.turn(conversation, "it works now").text


def test_a_single_letter_is_no_question(talks: Conversations) -> None:
    assert talks.answer("x", Context(locale="nb"))[1].decision == "none"


def test_the_last_answer_is_repeated_on_demand(talks: Conversations) -> None:
    conversation = talks.start(Context())
    reply = talks.turn(conversation, "the cable is stuck and I cannot remove it")
    assert talks.turn(conversation, "say that again").text == reply.text


def test_an_unknown_command_of_a_client_is_no_error(talks: Conversations) -> None:
    conversation = talks.start(Context(locale="en"))
    reply = talks.turn(conversation, "x", choice=Choice(kind="command", value="format the disk"))
    assert reply.parts


def test_a_message_that_tells_two_problems_gets_both_answers(talks: Conversations) -> None:
    conversation = talks.start(Context())
    text = "The cable is stuck and I cannot remove it. Where do I find my invoice?"
    first, second = talks.turn(conversation, text), talks.turn(conversation, "it works now")
    assert [[source.article for source in each.sources] for each in (first, second)] == [
        ["cable-stuck"], ["invoices-receipts"],
    ]  # fmt: skip
    assert "invoices-receipts" in [each.choice.value for each in first.quick_replies]


def test_repeated_cries_and_look_again_call_the_desk_once(talks: Conversations) -> None:
    conversation = talks.start(Context())
    for text in (DANGERS["en"], "there is smoke and fire!!", "look again"):
        talks.turn(conversation, text)
    tickets = [e.happening.ticket for e in talks.events(conversation) if isinstance(e.happening, HandedOver)]
    assert len(set(tickets)) == 1


def test_a_secret_in_a_cry_for_help_is_told_after_what_to_do(talks: Conversations) -> None:
    reply = talks.turn(talks.start(Context(locale="en")), f"{DANGERS['en']} my card is {CARD}")
    assert reply.urgent
    assert "hidden a card number" in reply.text


@pytest.mark.parametrize(
    "choice", [Choice(kind="answer", value="yes:nothing"), Choice(kind="option", value="nothing"), *COMMANDS], ids=str
)
def test_a_tap_on_what_is_not_there_is_no_error(talks: Conversations, choice: Choice) -> None:
    assert talks.turn(talks.start(Context(locale="en")), "x", choice=choice).parts
