"""From what a homeserver pushes to what it is told, through the whole application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.app import create_app
from bot.channels.clients import Clients
from bot.channels.door import Door
from bot.channels.messengers.courier import Courier
from bot.channels.messengers.exchange import Exchange
from bot.channels.messengers.matrix.homeserver import LARGEST_PHOTO
from bot.channels.messengers.matrix.messenger import Matrix
from bot.notifier import InProcessNotifier
from tests.bot.channels.messengers.conftest import Connect, until
from tests.bot.channels.messengers.matrix.doubles import ANE, BOT, HS_TOKEN, ROOM, HomeserverDouble, Told
from tests.bot.desk.pictures import encoded, picture
from tests.talking import services_of

TRANSACTIONS = "/v1/channels/mx/_matrix/app/v1/transactions"


@pytest.fixture
def client(connect: Connect, matrix: Matrix, homeserver: HomeserverDouble, small_base: Path) -> Iterator[TestClient]:
    """The homeserver, as Plugdesk's caller."""
    post = connect(matrix)
    courier = Courier(post.reception.messengers, post.replies, post.templates, lambda _: homeserver.http())
    exchange = Exchange(post.reception, courier, InProcessNotifier(), lambda _: None)
    services = replace(services_of(post.replies.talks), clients=Clients(Door(), exchange=exchange))
    with TestClient(create_app(services, small_base), headers={"Authorization": f"Bearer {HS_TOKEN}"}) as client:
        yield client


def test_who_invites_the_bot_and_writes_is_answered(
    client: TestClient, homeserver: HomeserverDouble, told: Told
) -> None:
    homeserver.members, homeserver.invited = {ROOM: {ANE}}, {ROOM}
    invitation, question = told.member(BOT, "invite"), told.message("the cable is stuck")
    joined = told.member(BOT, "join", before="invite")
    homeserver.history[ROOM] = [invitation, question, joined]
    for number, event in enumerate((invitation, joined, question)):
        assert client.put(f"{TRANSACTIONS}/{number}", json={"events": [event]}).json() == {}
    until(lambda: bool(homeserver.said))
    assert client.put(f"{TRANSACTIONS}/9", json={"events": [told.message("thanks")]}).json() == {}
    until(lambda: len(homeserver.said) == 2)
    assert homeserver.users == {"plugdesk"}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "Jeg får ikke åpnet bildet ditt."),
        (b"no photo", "Jeg får ikke åpnet bildet ditt."),
        (b"\xff" * (LARGEST_PHOTO + 1), "Bildet ditt er for stort for meg."),
        (encoded(picture()), "Takk for bildet."),
    ],
    ids=["gone", "no photo", "too large", "photo"],
)
def test_what_becomes_of_a_photo_is_said_in_words(
    client: TestClient, homeserver: HomeserverDouble, told: Told, file: bytes | None, said: str
) -> None:
    if file is not None:
        homeserver.media["mxc://matrix.example/abc"] = file
    event = told.message("IMG.jpg", msgtype="m.image", url="mxc://matrix.example/abc")
    client.put(f"{TRANSACTIONS}/1", json={"events": [event]})
    until(lambda: bool(homeserver.said))
    assert homeserver.bodies[0].startswith(said)


def test_a_wrong_token_is_refused_before_the_body_is_read(client: TestClient) -> None:
    answer = client.put(f"{TRANSACTIONS}/1", content=b"{", headers={"Authorization": "Bearer other"})
    assert (answer.status_code, answer.json()["errcode"]) == (403, "M_FORBIDDEN")
