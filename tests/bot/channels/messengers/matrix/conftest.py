"""A connected homeserver, in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest

from bot.channels.messengers.matrix.homeserver import Account, Homeserver
from bot.channels.messengers.matrix.messenger import Matrix
from bot.channels.messengers.matrix.receiver import Receiver
from bot.replies.catalogues import Templates
from bot.types import Context
from tests.bot.channels.messengers.matrix.doubles import (
    ANE,
    AS_TOKEN,
    BASE,
    BOT,
    HS_TOKEN,
    ROOM,
    HomeserverDouble,
    KeptIntake,
    Told,
)

ACCOUNT = Account(BASE, BOT, AS_TOKEN)


@pytest.fixture
def homeserver() -> HomeserverDouble:
    """With one room, in which a driver and the bot are."""
    return HomeserverDouble(members={ROOM: {ANE, BOT}})


@pytest.fixture
def intake() -> KeptIntake:
    return KeptIntake()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def matrix(homeserver: HomeserverDouble, templates: Templates) -> Matrix:
    """The messenger, whose drivers are Norwegian."""
    context = Context(locale="nb-NO", vendor="eponet")
    return Matrix("mx", ACCOUNT, HS_TOKEN, "Plugdesk", context, templates, client=homeserver.http)


@pytest.fixture
def receive(homeserver: HomeserverDouble, intake: KeptIntake) -> Callable[..., None]:
    """Lets events come in; templates are told by their names."""
    home = Homeserver(ACCOUNT, homeserver.http(), first_wait_s=0)
    receiver = Receiver("mx", home, intake, lambda template: f"<{template}>")

    def received(*events: Any) -> None:
        anyio.run(receiver.receive, events)

    return received
