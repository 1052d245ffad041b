"""What becomes of what a homeserver pushes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.channels.messengers.matrix.homeserver import LARGEST_PHOTO
from tests.bot.channels.messengers.matrix.doubles import ANE, BOT, PER, ROOM, HomeserverDouble, KeptIntake, Told

Receive = Callable[..., None]


def test_a_message_is_taken_in(receive: Receive, told: Told, intake: KeptIntake) -> None:
    receive(told.message("4521 lader ikke"))
    (message,) = intake.messages
    assert (message.message_id, message.sender) == ("$event-1", f"{ANE} {ROOM}")
    assert message.text == "4521 lader ikke"
    assert message.sent_at and message.sent_at.year == 2026


def test_the_same_transaction_again_changes_nothing(
    receive: Receive, told: Told, intake: KeptIntake, homeserver: HomeserverDouble
) -> None:
    transaction = [told.message("a"), told.message("b")]
    receive(*transaction)
    receive(*transaction)
    assert intake.texts == ["a", "b"]
    assert homeserver.typing == [True, True]


def test_what_the_bot_says_itself_is_not_taken_in(receive: Receive, told: Told, intake: KeptIntake) -> None:
    receive(told.message("Which station?", sender=BOT))
    assert intake.messages == []


@pytest.mark.parametrize("strange", [None, 7, "text", {}, {"type": "m.room.message"}, {"type": "x", "event_id": ""}])
def test_a_strange_event_holds_up_no_other(receive: Receive, told: Told, intake: KeptIntake, strange: object) -> None:
    receive(strange, told.message("after it"))
    assert intake.texts == ["after it"]


def test_an_invitation_is_followed(receive: Receive, told: Told, homeserver: HomeserverDouble) -> None:
    homeserver.members, homeserver.invited = {ROOM: {ANE}}, {ROOM}
    receive(told.member(BOT, "invite"))
    assert homeserver.members == {ROOM: {ANE, BOT}}


def test_an_invitation_that_comes_again_is_no_error(receive: Receive, told: Told, intake: KeptIntake) -> None:
    receive(told.member(BOT, "invite"), told.message("after it"))
    assert intake.texts == ["after it"]


def test_what_was_said_before_the_bot_was_in_is_caught_up(
    receive: Receive, told: Told, intake: KeptIntake, homeserver: HomeserverDouble
) -> None:
    before, invitation = told.message("not for the bot"), told.member(BOT, "invite")
    first, second, joined = told.message("Hei"), told.message("4521"), told.member(BOT, "join", before="invite")
    homeserver.history[ROOM] = [before, invitation, first, second, joined]
    receive(joined)
    receive(first, told.message("hallo?"))
    assert intake.texts == ["Hei", "4521", "hallo?"]


def test_a_new_name_of_the_bot_is_no_arrival(receive: Receive, told: Told, homeserver: HomeserverDouble) -> None:
    receive(told.member(BOT, "join", before="join"))
    assert homeserver.asked == []


def test_in_a_room_of_more_the_bot_explains_and_leaves(
    receive: Receive, told: Told, intake: KeptIntake, homeserver: HomeserverDouble
) -> None:
    homeserver.members[ROOM].add(PER)
    arrival = told.member(PER, "join")
    receive(arrival, told.message("hello", sender=PER))
    assert homeserver.bodies == ["<group>"]
    assert homeserver.members == {ROOM: {ANE, PER}}
    assert intake.messages == []
    receive(arrival)
    assert homeserver.bodies == ["<group>"]


def test_somebody_who_is_only_invited_changes_nothing(
    receive: Receive, told: Told, homeserver: HomeserverDouble
) -> None:
    receive(told.member(PER, "invite"))
    assert homeserver.asked == []


def test_when_the_driver_leaves_the_bot_does_too(receive: Receive, told: Told, homeserver: HomeserverDouble) -> None:
    homeserver.members[ROOM] = {BOT}
    receive(told.member(ANE, "leave"))
    assert (homeserver.members[ROOM], homeserver.said) == (set(), {})


def test_who_follows_somebody_else_in_a_room_is_another_sender(
    receive: Receive, told: Told, intake: KeptIntake
) -> None:
    receive(told.message("mine", sender=ANE), told.message("mine", sender=PER))
    assert len({message.sender for message in intake.messages}) == 2


def test_an_encrypted_room_is_explained_and_left(receive: Receive, told: Told, homeserver: HomeserverDouble) -> None:
    homeserver.encrypted = {ROOM}
    receive(told.member(BOT, "join", before="invite"))
    assert (homeserver.bodies, homeserver.members[ROOM]) == (["<encrypted>"], {ANE})


@pytest.mark.parametrize("kind", ["m.room.encryption", "m.room.encrypted"])
def test_a_room_that_becomes_encrypted_is_explained_and_left(
    receive: Receive, told: Told, homeserver: HomeserverDouble, kind: str
) -> None:
    receive(told(kind, {"algorithm": "m.megolm.v1.aes-sha2"}, state_key=""))
    assert (homeserver.bodies, homeserver.members[ROOM]) == (["<encrypted>"], {ANE})


def test_where_it_may_not_speak_it_leaves_all_the_same(
    receive: Receive, told: Told, homeserver: HomeserverDouble
) -> None:
    homeserver.refusals, homeserver.refused = [(403, {"errcode": "M_FORBIDDEN"})], "/send/"
    receive(told("m.room.encryption", {}, state_key=""))
    assert (homeserver.said, homeserver.members[ROOM]) == ({}, {ANE})


def test_a_photo_is_loaded(receive: Receive, told: Told, intake: KeptIntake, homeserver: HomeserverDouble) -> None:
    homeserver.media = {"mxc://matrix.example/abc": b"a photo"}
    receive(told.message("IMG.jpg", msgtype="m.image", url="mxc://matrix.example/abc"))
    assert (intake.texts, intake.photos) == ([""], [b"a photo"])


def test_a_photo_is_tried_again_when_the_homeserver_stumbles(
    receive: Receive, told: Told, intake: KeptIntake, homeserver: HomeserverDouble
) -> None:
    homeserver.media, homeserver.refusals = {"mxc://matrix.example/abc": b"a photo"}, [(502, {}), (429, {})]
    receive(told.message("IMG.jpg", msgtype="m.image", url="mxc://matrix.example/abc"))
    assert intake.photos == [b"a photo"]


@pytest.mark.parametrize(
    "address", ["mxc://matrix.example/gone", "https://elsewhere.example/a.jpg", "", "mxc://a/../b"]
)
def test_a_photo_that_cannot_be_had_is_answered_as_unreadable(
    receive: Receive, told: Told, intake: KeptIntake, address: str
) -> None:
    receive(told.message("See the cable", msgtype="m.image", filename="IMG.jpg", url=address))
    assert (intake.texts, intake.photos) == (["See the cable"], [b""])


def test_a_file_that_is_too_large_is_not_read_to_its_end(
    receive: Receive, told: Told, intake: KeptIntake, homeserver: HomeserverDouble
) -> None:
    homeserver.media = {"mxc://matrix.example/abc": b"x" * (LARGEST_PHOTO + 1000)}
    receive(told.message("IMG.jpg", msgtype="m.image", url="mxc://matrix.example/abc"))
    assert list(map(len, intake.photos)) == [LARGEST_PHOTO + 1]


def test_who_writes_too_often_is_told_once_a_minute(
    receive: Receive, told: Told, intake: KeptIntake, homeserver: HomeserverDouble
) -> None:
    intake.too_often = True
    receive(told.message("a"), told.message("b"))
    assert homeserver.bodies == ["<slower>"]


def test_that_the_bot_writes_is_not_worth_a_message(
    receive: Receive, told: Told, intake: KeptIntake, homeserver: HomeserverDouble
) -> None:
    homeserver.refusals, homeserver.refused = [(500, {})] * 3, "/typing/"
    receive(told.message("a"))
    assert (intake.texts, homeserver.typing) == (["a"], [])


def test_names_that_are_too_long_hold_up_no_other_room(receive: Receive, told: Told, intake: KeptIntake) -> None:
    receive(told.message("a", sender=f"@{'x' * 240}:matrix.example"), told.message("b"))
    assert intake.texts == ["b"]


def test_what_cannot_be_taken_in_comes_again(receive: Receive, told: Told, intake: KeptIntake) -> None:
    """The homeserver sends it until it is answered 200."""

    async def broken(*_: object) -> bool:
        raise OSError("the disk is full")

    intake.take_in = broken
    with pytest.raises(ExceptionGroup, match="unhandled errors"):
        receive(told.message("a"))
