"""Plugdesk as an application service of a Synapse that this project did not write; see .ci/matrix."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import anyio
import httpx
import pytest

from bot.channels.messengers.matrix.formatted import content_of
from bot.channels.messengers.matrix.homeserver import Account, Homeserver, open_http
from tests.bot.desk.pictures import encoded, picture
from tests.integration.matrix import BOT, CHANNEL, GIVEN, ROOT, WITHOUT_MATRIX, Line, Person, Plugdesk, until

pytestmark = [pytest.mark.matrix, WITHOUT_MATRIX]
TRANSACTIONS = f"/v1/channels/{CHANNEL}/_matrix/app/v1/transactions"


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    """From Plugdesk to the homeserver."""
    line = Line()
    with line.up():
        yield line


@pytest.fixture(scope="module")
def index(request: pytest.FixtureRequest) -> Path:
    """Of the shipped knowledge base: a build that PLUGDESK_INDEX names, or one of its own."""
    named = os.environ.get("PLUGDESK_INDEX")
    return Path(named) if named else Path(request.getfixturevalue("shipped_root"))


@pytest.fixture(scope="module")
def plugdesk(line: Line, index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plugdesk]:
    """Served for all of the tests."""
    plugdesk = Plugdesk(tmp_path_factory.mktemp("plugdesk"), index, line.address)
    try:
        plugdesk.start()
        until(lambda: httpx.get(f"{GIVEN['homeserver']}/_matrix/client/v3/profile/{BOT}").is_success)
        yield plugdesk
    finally:
        plugdesk.stop()


@pytest.fixture
def ane(plugdesk: Plugdesk) -> Iterator[Person]:
    """A driver."""
    person = Person()
    yield person
    person.client.close()


@pytest.fixture
def per(plugdesk: Plugdesk) -> Iterator[Person]:
    """Somebody else."""
    person = Person()
    yield person
    person.client.close()


def test_who_invites_and_asks_in_one_go_is_answered_in_their_language(ane: Person) -> None:
    room = ane.invites(BOT)
    ane.says(room, "Hvor mye må jeg ha på kontoen for å kunne lade?")
    (answer,) = ane.hears(room)
    assert "CHF 50" in answer
    assert "Kilde" in answer
    (content,) = ane.seen(room, BOT)
    assert content["msgtype"] == "m.text"
    assert content["formatted_body"].startswith("<p>")


def test_the_number_of_a_choice_will_do(ane: Person) -> None:
    room = ane.invites(BOT)
    ane.says(room, "Jeg vil melde en feil på en ladestasjon")
    (asked,) = ane.hears(room)
    ane.says(room, "4521")
    asked = ane.hears(room, 2)[-1]
    assert "(1) " in asked
    ane.says(room, "1")
    assert ane.hears(room, 3)[-1] != asked


def test_a_photo_arrives(ane: Person, plugdesk: Plugdesk) -> None:
    room = ane.invites(BOT)
    before = len(list((plugdesk.folder / "photos").rglob("*")))
    ane.shows(room, encoded(picture()))
    ane.hears(room)
    assert len(list((plugdesk.folder / "photos").rglob("*"))) > before


def test_a_shared_place_arrives(ane: Person) -> None:
    room = ane.invites(BOT)
    ane.says(room, "Location", msgtype="m.location", geo_uri="geo:47.3769,8.5417;u=35")
    assert ane.hears(room)


def test_a_burst_is_one_turn(ane: Person) -> None:
    room = ane.invites(BOT)
    for text in ("Hei", "bilen lader ikke", "stasjon 4521"):
        ane.says(room, text)
    first = ane.hears(room)
    ane.says(room, "takk")
    assert len(ane.hears(room, 2)) == 2
    assert len(first) == 1


def test_an_edit_is_no_second_message(ane: Person) -> None:
    room = ane.invites(BOT)
    event = ane.says(room, "Hvor finner jeg kontonummeret mitt?")
    ane.hears(room)
    ane.says(room, "* Hvor er det?", **{"m.relates_to": {"rel_type": "m.replace", "event_id": event}})
    ane.says(room, "takk")
    assert len(ane.hears(room, 2)) == 2


def test_a_transaction_that_comes_again_is_ignored(ane: Person, plugdesk: Plugdesk) -> None:
    room = ane.invites(BOT)
    event = ane.says(room, "Hvor finner jeg kontonummeret mitt?")
    ane.hears(room)
    pushed = ane.does("GET", f"client/v3/rooms/{room}/event/{event}") | {"room_id": room}
    headers = {"Authorization": f"Bearer {GIVEN['hs_token']}"}
    for transaction in ("again-1", "again-1", "again-2"):
        url = f"{plugdesk.address}{TRANSACTIONS}/{transaction}"
        assert httpx.put(url, json={"events": [pushed]}, headers=headers).status_code == 200
    ane.says(room, "takk")
    assert len(ane.hears(room, 2)) == 2


def test_only_the_homeserver_is_heard(plugdesk: Plugdesk) -> None:
    url = f"{plugdesk.address}{TRANSACTIONS}/1"
    answer = httpx.put(url, json={"events": []}, headers={"Authorization": f"Bearer {GIVEN['as_token']}"})
    assert (answer.status_code, answer.json()["errcode"]) == (403, "M_FORBIDDEN")


def test_while_the_line_is_cut_a_reply_waits_and_then_arrives_once(ane: Person, line: Line) -> None:
    room = ane.invites(BOT)
    ane.says(room, "Hei")
    ane.hears(room)
    line.mood, line.lost = "cut", []
    try:
        ane.says(room, "Hvor mye må jeg ha på kontoen?")
        # It looks who is in the room before it says anything there.
        until(lambda: [path for path in line.lost if "/joined_members" in path])
    finally:
        line.mood = "well"
    ane.hears(room, 2)
    ane.says(room, "takk")
    assert len(ane.hears(room, 3)) == 3


def test_a_reply_whose_receipt_is_lost_is_shown_once(ane: Person, line: Line) -> None:
    room = ane.invites(BOT)
    ane.says(room, "Hei")
    ane.hears(room)
    line.mood, line.lost = "deaf", []
    try:
        ane.says(room, "Hvor mye må jeg ha på kontoen?")
        until(lambda: len(line.lost) >= 2)
    finally:
        line.mood = "well"
    ane.says(room, "takk")
    assert len(ane.hears(room, 3)) == 3


def test_what_is_written_while_plugdesk_is_away_is_answered_once_it_is_back(ane: Person, plugdesk: Plugdesk) -> None:
    room = ane.invites(BOT)
    ane.says(room, "Hei")
    ane.hears(room)
    plugdesk.stop()
    ane.says(room, "Hvor mye må jeg ha på kontoen?")
    plugdesk.start()
    assert "CHF 50" in ane.hears(room, 2)[1]


def test_it_is_one_message_even_if_the_homeserver_restarts_in_between(ane: Person) -> None:
    """What it remembers of transactions without a device is in its memory alone."""
    room = ane.invites(BOT)
    until(lambda: BOT in ane.members(room))
    account = Account(GIVEN["homeserver"], BOT, GIVEN["as_token"])

    async def say() -> None:
        async with open_http() as http:
            await Homeserver(account, http).send(room, "d-restart", content_of("Only once."))

    anyio.run(say)
    subprocess.run([ROOT / ".ci/matrix", "stop"], check=True)
    subprocess.run([ROOT / ".ci/matrix"], check=True, stdout=subprocess.DEVNULL)
    anyio.run(say)
    assert ane.hears(room) == ["Only once."]


def test_in_a_room_of_more_it_explains_once_and_leaves(ane: Person, per: Person) -> None:
    room = ane.invites(BOT, per.user)
    until(lambda: BOT in ane.members(room))
    per.joins(room)
    until(lambda: BOT not in ane.members(room))
    (said,) = ane.hears(room)
    assert "én person om gangen" in said


def test_when_the_driver_leaves_so_does_the_bot(ane: Person, per: Person) -> None:
    """Who came in later would read on."""
    room = ane.invites(BOT, preset="public_chat")
    until(lambda: BOT in ane.members(room))
    ane.leaves(room)
    if per.finds(room):  # the bot may have been quicker
        until(lambda: per.members(room) == {per.user})


def test_an_encrypted_room_is_explained_and_left(ane: Person) -> None:
    encryption = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
    room = ane.invites(BOT, initial_state=[encryption])
    (said,) = ane.hears(room)
    assert "krypterte" in said
    until(lambda: BOT not in ane.members(room))


def test_the_command_finds_that_both_reach_each_other(plugdesk: Plugdesk) -> None:
    checked = plugdesk.command("matrix", "check", CHANNEL)
    assert checked.returncode == 0, checked.stderr
    assert "lets @plugdesk:" in checked.stdout
