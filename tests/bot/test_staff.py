"""What people do in conversations, and that the bot is silent while one is there."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.conversations.sqlite import SqliteConversations
from bot.care import Joined, Left, Noted, Person, PersonSaid, SuggestionUse, Withheld
from bot.conversation import Conversations
from bot.errors import NobodyThere, Occupied, UnknownConversation
from bot.events import BotSaid, DriverSaid, Understood
from bot.live import LiveIndex
from bot.notifier import InProcessNotifier
from bot.replies.catalogues import Templates
from bot.spoken import spoken
from bot.staff import Staff
from bot.types import Context, PersonOrigin
from bot.understanding.language import LanguageGuesser
from indexer.embedders import open_embedder
from tests.talking import conversations

KARI, LUC = Person(id="kari", name="Kari"), Person(id="luc", name="Luc")
STUCK = "the cable is stuck and I cannot remove it"
CARD = "4111 1111 1111 1111"


@pytest.fixture
def staff(talks: Conversations, templates: Templates) -> Staff:
    return Staff(talks, templates, InProcessNotifier())


@pytest.fixture
def talk(talks: Conversations) -> str:
    return talks.start(Context(locale="fr"))


@pytest.fixture
def kept_staff(shipped_root: Path, guesser: LanguageGuesser, templates: Templates, tmp_path: Path) -> Iterator[Staff]:
    """Over a file, as another process would open it too."""
    store = SqliteConversations(tmp_path / "talks.db")
    live = LiveIndex(shipped_root, open_embedder())
    yield Staff(conversations(store, live, guesser, templates), templates, InProcessNotifier())
    store.close()


def told(staff: Staff, conversation: str) -> list[str]:
    """What the driver was told, in order."""
    return [reply.text for event in staff.talks.events(conversation) if (reply := spoken(event))]


def test_the_bot_is_silent_while_a_person_is_there_and_what_the_driver_writes_is_read_for_them(
    staff: Staff, talk: str
) -> None:
    staff.join(talk, KARI)
    assert staff.talks.turn(talk, "mon câble est coincé à la borne 4521", "m1") is None
    happenings = [event.happening for event in staff.talks.events(talk)]
    assert not any(isinstance(each, BotSaid) for each in happenings)
    understood = next(each.understanding for each in happenings if isinstance(each, Understood))
    assert (understood.language, understood.topics[0].id) == ("fr", "cable-stuck")
    assert staff.talks.state(talk).value("station") == "4521"


def test_a_message_left_to_a_person_is_taken_once(staff: Staff, talk: str) -> None:
    staff.join(talk, KARI)
    for _ in range(2):
        staff.talks.turn(talk, STUCK, "m1")
    assert sum(isinstance(event.happening, DriverSaid) for event in staff.talks.events(talk)) == 1


def test_the_driver_is_told_in_their_language_who_comes_and_goes(staff: Staff, talk: str) -> None:
    staff.join(talk, KARI)
    staff.say(talk, KARI, "a", "Bonjour !")
    staff.leave(talk, KARI)
    joined, said, left = told(staff, talk)
    assert joined == "Kari a rejoint la conversation et vous répond désormais."
    assert said == "Bonjour !"
    assert left.startswith("Kari a quitté la conversation.")


def test_a_persons_words_say_whose_they_are(staff: Staff, talk: str) -> None:
    staff.join(talk, KARI)
    staff.say(talk, KARI, "a", "Bonjour !")
    reply = spoken(staff.talks.events(talk)[-1])
    assert reply is not None and reply.parts[0].origin == PersonOrigin(name="Kari")


def test_the_bot_goes_on_with_what_it_knew_once_the_person_hands_back(staff: Staff, talk: str) -> None:
    staff.talks.turn(talk, "ma borne 4521 ne charge pas")
    staff.join(talk, KARI)
    staff.leave(talk, KARI)
    assert staff.talks.turn(talk, "elle marche à nouveau ?") is not None
    assert staff.talks.state(talk).value("station") == "4521"


def test_two_people_never_answer_at_once(staff: Staff, talk: str) -> None:
    staff.join(talk, KARI)
    with pytest.raises(Occupied, match="Kari"):
        staff.join(talk, LUC)
    with pytest.raises(Occupied, match="Kari"):
        staff.say(talk, LUC, "a", "Hello")


def test_of_two_who_take_over_at_once_one_is_there(kept_staff: Staff) -> None:
    conversation = kept_staff.talks.start(Context())
    refused: list[str] = []

    def join(who: Person) -> None:
        try:
            kept_staff.join(conversation, who)
        except Occupied as error:
            refused.append(error.name)

    people = [Person(id=f"p{number}", name=f"P{number}") for number in range(8)]
    threads = [threading.Thread(target=join, args=[each]) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    joined = [event for event in kept_staff.talks.events(conversation) if isinstance(event.happening, Joined)]
    assert (len(joined), len(refused)) == (1, 7)


def test_who_has_not_taken_over_cannot_write_to_the_driver(staff: Staff, talk: str) -> None:
    with pytest.raises(NobodyThere):
        staff.say(talk, KARI, "a", "Hello")
    assert told(staff, talk) == []


def test_a_persons_message_that_is_sent_twice_is_said_once(staff: Staff, talk: str) -> None:
    staff.join(talk, KARI)
    for _ in range(2):
        staff.say(talk, KARI, "a", "Hello")
    assert told(staff, talk)[1:] == ["Hello"]


def test_what_became_of_suggestions_is_kept(staff: Staff, talk: str) -> None:
    staff.join(talk, KARI)
    use = SuggestionUse(offered=("article:fr/cable-stuck#lead",), used="article:fr/cable-stuck#lead", distance=0.25)
    staff.say(talk, KARI, "a", "Hello", use)
    (said,) = [each.happening for each in staff.talks.events(talk) if isinstance(each.happening, PersonSaid)]
    assert said.suggestion == use


def test_secrets_in_what_people_write_are_masked(staff: Staff, talk: str) -> None:
    staff.join(talk, KARI)
    staff.say(talk, KARI, "a", f"Is your card {CARD}?")
    staff.note(talk, KARI, "b", f"their card is {CARD}")
    assert CARD not in "".join(event.model_dump_json() for event in staff.talks.events(talk))


def test_a_note_is_never_told_to_the_driver(staff: Staff, talk: str) -> None:
    staff.note(talk, KARI, "a", "asks for the third time")
    assert told(staff, talk) == []
    assert isinstance(staff.talks.events(talk)[-1].happening, Noted)


def test_what_the_bot_would_say_unasked_is_told_to_the_person_alone(staff: Staff, talk: str) -> None:
    staff.talks.turn(talk, "ma borne 310244 ne charge pas")
    before = len(told(staff, talk))
    staff.join(talk, KARI)
    staff.talks.speak_up(talk, "charger_back", {"charger": "310244"}, "watch-1")
    assert len(told(staff, talk)) == before + 1
    (withheld,) = [each.happening for each in staff.talks.events(talk) if isinstance(each.happening, Withheld)]
    assert withheld.reply.language == "fr"


def test_who_calls_a_person_waits_until_one_comes_and_again_when_they_go_away(staff: Staff, talk: str) -> None:
    stages = []
    for step in (
        lambda: staff.talks.turn(talk, "I want to talk to a person, now"),
        lambda: staff.join(talk, KARI),
        lambda: staff.leave(talk, KARI, "went_away"),
        lambda: staff.join(talk, LUC),
        lambda: staff.leave(talk, LUC),
        lambda: staff.close(talk, LUC, "solved"),
        lambda: staff.talks.turn(talk, STUCK),
    ):
        step()
        stages.append(staff.talks.state(talk).care.stage)
    assert stages == ["waiting", "person", "waiting", "person", "bot", "closed", "bot"]


def test_danger_told_while_a_person_is_there_makes_it_urgent(staff: Staff, talk: str) -> None:
    staff.join(talk, KARI)
    staff.talks.turn(talk, "there is smoke coming out of the station")
    state = staff.talks.state(talk)
    assert state.care.urgent
    assert state.hazards == ("fire",), "a restart would be done though danger was told of"


def test_closing_tells_the_driver_only_where_a_person_was_there(staff: Staff, talk: str) -> None:
    staff.close(talk, KARI, "solved")
    assert told(staff, talk) == []
    staff.reopen(talk, KARI)
    staff.join(talk, KARI)
    staff.close(talk, KARI, "solved")
    assert len(told(staff, talk)) == 2


def test_nobody_closes_what_a_colleague_is_talking_in(staff: Staff, talk: str) -> None:
    staff.join(talk, KARI)
    with pytest.raises(Occupied):
        staff.close(talk, LUC, "solved")


def test_leaving_where_one_is_not_there_changes_nothing(staff: Staff, talk: str) -> None:
    staff.join(talk, KARI)
    staff.leave(talk, LUC)
    assert staff.talks.state(talk).care.person == KARI


def test_a_conversation_goes_on_in_another_that_there_is(staff: Staff, talk: str) -> None:
    other = staff.talks.start(Context())
    with pytest.raises(UnknownConversation):
        staff.merge(talk, KARI, "nobody")
    with pytest.raises(UnknownConversation):
        staff.merge(talk, KARI, talk)
    staff.merge(talk, KARI, other)
    care = staff.talks.state(talk).care
    assert (care.merged_into, care.stage) == (other, "closed")


def test_after_a_take_over_no_word_of_the_bot_follows_whoever_was_first(staff: Staff) -> None:
    chance, trials = random.Random(7), 1_000
    talks = staff.talks
    conversation = talks.start(Context())
    talks.turn(conversation, STUCK, "m-first")
    began = time.perf_counter()
    talks.turn(conversation, STUCK, "m-second")
    usual = time.perf_counter() - began
    for trial in range(trials):
        driver = threading.Thread(target=talks.turn, args=[conversation, STUCK, f"m{trial}"])
        driver.start()
        time.sleep(chance.random() * 2 * usual)
        staff.join(conversation, KARI)
        driver.join()
        staff.leave(conversation, KARI)
    there = False
    spoke_meanwhile, answered = 0, 0
    for event in talks.events(conversation):
        if isinstance(event.happening, Joined | Left):
            there = isinstance(event.happening, Joined)
        elif isinstance(event.happening, BotSaid):
            spoke_meanwhile += there
            answered += 1
    assert spoke_meanwhile == 0
    assert 2 < answered < 2 + trials, "the race was never won, or never lost"
