"""The state of a conversation follows from its events, and from nothing else."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.conversations.memory import MemoryConversations
from bot.errors import UnknownConversation
from bot.events import (
    BotSaid,
    ContextChanged,
    Decided,
    DriverSaid,
    Event,
    Fact,
    Feedback,
    Happening,
    Learned,
    Rated,
    Started,
    Understood,
)
from bot.state import ConversationState, state_of
from bot.state_cache import States
from bot.types import Choice, Context, Decision, Message, QuickReply
from tests.doubles import SteppingClock, a_reply, an_understanding

VENDORS = ["eponet", "enelx", "wallbox"]
LANGUAGES = ["en", "fr", "de", "nb", "sv"]
TOPICS = ["cable-stuck", "minimum-balance", "contact-support"]
BUTTONS = (
    QuickReply(label="Cable is stuck", choice=Choice(kind="topic", value="cable-stuck")),
    QuickReply(label="Français", choice=Choice(kind="language", value="fr")),
    QuickReply(label="Another network (roaming)", choice=Choice(kind="topic", value="roaming-partner-station")),
    QuickReply(label="Is there an outage?", choice=Choice(kind="topic", value="platform-status")),
)


def events(happenings: Iterable[Happening]) -> list[Event]:
    clock = SteppingClock()
    return [Event(number=n, at=clock.now(), happening=happening) for n, happening in enumerate(happenings, start=1)]


def state(*happenings: Happening) -> ConversationState:
    return state_of(events(happenings))


def started(**context: str) -> Started:
    return Started(context=Context.model_validate(context))


def said(text: str = "hi", choice: Choice | None = None, client_id: str | None = None, number: int = 1) -> DriverSaid:
    return DriverSaid(message=Message(id=f"m{number}", text=text, choice=choice, client_id=client_id))


def understood(**changes: object) -> Understood:
    return Understood(message_id="m1", understanding=an_understanding(**changes))


def answered(topic: str) -> Decided:
    return Decided(message_id="m1", decision=Decision(kind="answer", topics=(topic,), reason="likely"))


def replied(number: int = 1, **changes: object) -> BotSaid:
    return BotSaid(message_id=f"m{number}", reply=a_reply(**changes))


CHOICES = st.one_of(
    st.builds(Choice, kind=st.just("vendor"), value=st.sampled_from(VENDORS)),
    st.builds(Choice, kind=st.just("language"), value=st.sampled_from(LANGUAGES)),
    st.builds(Choice, kind=st.just("topic"), value=st.sampled_from(TOPICS)),
)
CLIENT_IDS = st.none() | st.sampled_from(["a", "b"])
HAPPENINGS = st.one_of(
    st.builds(said, choice=st.none() | CHOICES, client_id=CLIENT_IDS, number=st.integers(1, 3)),
    st.builds(
        understood,
        vendor=st.none() | st.sampled_from(VENDORS),
        language=st.sampled_from(LANGUAGES),
        language_source=st.sampled_from(["message", "conversation", "locale", "guess"]),
    ),
    st.builds(answered, st.sampled_from(TOPICS)),
    st.builds(replied, number=st.integers(1, 3), quick_replies=st.sampled_from([(), BUTTONS])),
    st.builds(
        ContextChanged,
        facts=st.sampled_from([(), (Fact(slot="station", value="4521", source="app"),)]),
        locale=st.none() | st.sampled_from(LANGUAGES),
    ),
    st.builds(Feedback, reply=st.sampled_from(["r-1", "r-2"]), helped=st.booleans()),
    st.builds(Rated, stars=st.integers(1, 5)),
)
TALKS = st.builds(
    lambda first, rest: events([first, *rest]),
    st.builds(started, vendor=st.sampled_from(VENDORS)) | st.just(started()),
    st.lists(HAPPENINGS, max_size=12),
)


@given(TALKS)
def test_replaying_gives_the_same_state(talk: list[Event]) -> None:
    assert state_of(talk) == state_of(talk)


@given(TALKS)
def test_replaying_from_the_store_gives_the_same_state(talk: list[Event]) -> None:
    assert state_of([Event.model_validate_json(event.model_dump_json()) for event in talk]) == state_of(talk)


@given(TALKS, st.data())
def test_going_on_from_any_point_gives_the_same_state(talk: list[Event], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(talk)))
    resumed = state_of(talk[:cut])
    for event in talk[cut:]:
        resumed = resumed.after(event)
    assert resumed == state_of(talk)


@given(TALKS, HAPPENINGS)
def test_an_event_leaves_the_state_before_it_as_it_was(talk: list[Event], happening: Happening) -> None:
    before = state_of(talk)
    kept = copy.deepcopy(before)
    before.after(Event(number=len(talk) + 1, at=SteppingClock().now(), happening=happening))
    assert before == kept


@given(TALKS)
def test_in_any_order_the_latest_word_counts(talk: list[Event]) -> None:
    """Vendor, article language and topic are each what was last said of them, whatever came in between."""
    folded = state_of(talk)
    happenings = [event.happening for event in talk]
    chosen = [each.message.choice for each in happenings if isinstance(each, DriverSaid) and each.message.choice]
    languages = [choice.value for choice in chosen if choice.kind == "language"]
    topics = [each.decision.topics[0] for each in happenings if isinstance(each, Decided)]
    replies = [each.reply.quick_replies for each in happenings if isinstance(each, BotSaid)]
    assert folded.article_language == (languages[-1] if languages else None)
    assert folded.topic == (topics[-1] if topics else None)
    assert folded.offered == (replies[-1] if replies else ())
    assert folded.last == len(talk)


def test_the_vendor_of_the_host_app_counts_until_a_message_names_another() -> None:
    assert state(started(vendor="eponet")).vendor == "eponet"
    assert state(started(vendor="eponet"), understood(vendor="wallbox")).vendor == "wallbox"


def test_a_message_without_a_vendor_keeps_the_one_named_before() -> None:
    assert state(started(), understood(vendor="wallbox"), understood(vendor=None)).vendor == "wallbox"


@pytest.mark.parametrize("source", ["message", "conversation", "locale"])
def test_a_language_with_a_ground_stays(source: str) -> None:
    assert state(started(), understood(language="sv", language_source=source)).language == "sv"


def test_a_guessed_language_does_not_stay() -> None:
    assert state(started(), understood(language="sv", language_source="guess")).language is None
    heard = understood(language="de"), understood(language="sv", language_source="guess")
    assert state(started(), *heard).language == "de"


def test_only_an_answer_becomes_the_topic_of_the_conversation() -> None:
    offered = Decided(message_id="m1", decision=Decision(kind="choices", topics=("cable-stuck", "x"), reason="both"))
    assert state(started(), answered("minimum-balance"), offered).topic == "minimum-balance"


def test_a_reply_is_found_again_by_the_client_id_of_its_message() -> None:
    first, second = said(client_id="tap-1", number=1), said(client_id="tap-2", number=2)
    talk = state(started(), first, replied(1), said(number=3), replied(3), second, replied(2))
    assert talk.answered == {"tap-1": 3, "tap-2": 7}


def test_a_reply_to_a_message_without_client_id_is_not_kept() -> None:
    assert state(started(), said(), replied()).answered == {}


def test_a_message_that_was_not_answered_yet_is_not_taken_for_answered() -> None:
    assert state(started(), said(client_id="tap-1")).answered == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", "cable-stuck"),
        ("2", "fr"),
        (" 2 ", "fr"),
        ("2.", "fr"),
        ("2)", "fr"),
        ("(2)", "fr"),
        ("Français", "fr"),
        ("FRANÇAIS", "fr"),
        ("cable is stuck.", "cable-stuck"),
        ("Another network (roaming)", "roaming-partner-station"),
        ("Is there an outage?", "platform-status"),
    ],
)
def test_a_button_is_chosen_by_its_number_or_its_label(text: str, value: str) -> None:
    choice = state(started(), said(), replied(quick_replies=BUTTONS)).chosen(text)
    assert choice is not None
    assert choice.value == value


@pytest.mark.parametrize("text", ["0", "5", "12", "1 2", "-1", "", ".", "()", "Cable", "the cable is stuck", "４521"])
def test_other_text_chooses_no_button(text: str) -> None:
    assert state(started(), said(), replied(quick_replies=BUTTONS)).chosen(text) is None


def test_only_the_buttons_of_the_latest_reply_can_be_chosen() -> None:
    assert state(started(), replied(quick_replies=BUTTONS), replied(quick_replies=BUTTONS[:1])).chosen("2") is None


@pytest.fixture
def store() -> MemoryConversations:
    """Holds two conversations, "mine" and "theirs", just begun."""
    kept = MemoryConversations()
    for conversation in ("mine", "theirs"):
        kept.create(conversation, started(vendor="eponet"), SteppingClock().now())
    return kept


def append(store: MemoryConversations, conversation: str, *happenings: Happening) -> None:
    store.append(conversation, happenings, SteppingClock().now(), expected=len(store.events(conversation)))


@pytest.mark.parametrize("most", [1, 2])
def test_remembered_states_are_those_of_a_full_replay(store: MemoryConversations, most: int) -> None:
    states = States(store, most)
    for number, vendor in enumerate(VENDORS, start=1):
        for conversation in ("mine", "theirs"):
            append(store, conversation, said(client_id=f"tap-{number}"), understood(vendor=vendor), replied())
            assert states.of(conversation) == state_of(store.events(conversation))


def test_what_another_process_appended_is_noticed(store: MemoryConversations) -> None:
    states = States(store)
    states.of("mine")
    append(store, "mine", understood(vendor="wallbox"))
    assert states.of("mine").vendor == "wallbox"


def test_the_state_of_an_unknown_conversation_is_refused(store: MemoryConversations) -> None:
    with pytest.raises(UnknownConversation):
        States(store).of("nobody")


def station(number: str, source: Literal["app", "driver"] = "app") -> Fact:
    return Fact(slot="station", value=number, source=source)


def test_the_station_that_the_app_shows_is_known_as_the_apps() -> None:
    assert state(started(), ContextChanged(facts=(station("4521"),))).facts == {"station": station("4521")}


def test_what_the_driver_says_after_the_app_counts() -> None:
    told = Learned(facts=(station("4512", "driver"),))
    assert state(started(), ContextChanged(facts=(station("4521"),)), told).facts["station"].value == "4512"


def test_a_screen_stays_until_there_is_another() -> None:
    shown = (ContextChanged(screen="map"), ContextChanged(locale="fr"))
    assert state(started(), *shown).context.screen == "map"


@pytest.mark.parametrize(("locale", "language"), [("it", None), ("de", "nb"), (None, "nb")])
def test_only_another_language_takes_the_place_of_the_one_written_in(locale: str | None, language: str | None) -> None:
    talk = (started(locale="de"), said(), understood(language="nb", language_source="message"))
    known = state(*talk, ContextChanged(locale=locale, screen="map"))
    assert (known.language, known.replied_in) == (language, language)


def test_the_last_word_on_a_reply_and_the_last_rating_count() -> None:
    opinions = (Feedback(reply="r-1", helped=True), Feedback(reply="r-1", helped=False), Rated(stars=1), Rated(stars=4))
    known = state(started(), replied(), *opinions)
    assert (known.helped, known.rating) == ({"r-1": False}, Rated(stars=4))


def test_opinions_leave_open_questions_open() -> None:
    before = state(started(), said(client_id="a"), replied(quick_replies=BUTTONS))
    after = state(started(), said(client_id="a"), replied(quick_replies=BUTTONS), Rated(stars=3))
    assert (after.offered, after.answered, after.last_reply) == (before.offered, before.answered, before.last_reply)
