"""How a reply is shown in a room, and what comes of one that cannot be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx
import pytest

from bot.channels.messengers.matrix.homeserver import LONGEST_WAIT_S
from bot.channels.messengers.matrix.messenger import NOT_ALONE, Matrix
from bot.channels.messengers.ports import Failed, OutboundMessage
from bot.replies.catalogues import Templates
from bot.types import HeadingPart, Reply, TemplateOrigin
from tests.bot.channels.messengers.matrix.doubles import ANE, BOT, PER, ROOM, HomeserverDouble
from tests.bot.channels.replies_sent import said_by_person

ORIGIN = TemplateOrigin(template="t", language="nb")


def outbound(text: str = "Hei", **changes: Any) -> OutboundMessage:
    reply = Reply(
        id="r-1", language="nb", decision="answer", topic=None, confidence=1.0, quick_replies=(), sources=(), text=text,
        parts=(HeadingPart(text="Hvis det ikke hjalp", origin=ORIGIN),),
    )  # fmt: skip
    usual = {
        "delivery_id": "d-1", "channel": "mx", "recipient": f"{ANE} {ROOM}", "conversation": "c", "number": 3,
        "in_reply_to": "$event-1", "at": datetime(2026, 11, 26, tzinfo=UTC), "text": text, "quick_replies": (),
        "urgent": False, "reply": reply,
    }  # fmt: skip
    return OutboundMessage.model_validate(usual | changes)


def delivered(matrix: Matrix, homeserver: HomeserverDouble, message: OutboundMessage) -> Failed | None:
    async def main() -> Failed | None:
        async with homeserver.http() as http:
            return await matrix.deliver(message, http)

    return anyio.run(main)


def test_a_reply_is_said_in_the_room_of_its_recipient(matrix: Matrix, homeserver: HomeserverDouble) -> None:
    assert delivered(matrix, homeserver, outbound("Hei.\n\nHvis det ikke hjalp\n\n1. Trekk ut.\n2. Vent.")) is None
    assert homeserver.asked[1] == f"PUT v3/rooms/{ROOM}/send/m.room.message/d-1"
    assert homeserver.said["d-1"] == {
        "msgtype": "m.text",
        "body": "Hei.\n\nHvis det ikke hjalp\n\n1. Trekk ut.\n2. Vent.",
        "format": "org.matrix.custom.html",
        "formatted_body": '<p>Hei.</p><h4>Hvis det ikke hjalp</h4><ol start="1"><li>Trekk ut.</li><li>Vent.</li></ol>',
        "m.mentions": {},
    }
    assert homeserver.typing == [False]


def test_a_reply_that_goes_out_twice_is_shown_once(matrix: Matrix, homeserver: HomeserverDouble) -> None:
    assert delivered(matrix, homeserver, outbound()) is None
    assert delivered(matrix, homeserver, outbound()) is None
    assert homeserver.bodies == ["Hei"]


def test_of_danger_the_driver_is_told_even_where_the_room_is_muted(
    matrix: Matrix, homeserver: HomeserverDouble
) -> None:
    delivered(matrix, homeserver, outbound(urgent=True))
    assert homeserver.said["d-1"]["m.mentions"] == {"user_ids": [ANE]}


def test_a_device_that_is_missing_is_made(matrix: Matrix, homeserver: HomeserverDouble) -> None:
    homeserver.devices.clear()
    assert delivered(matrix, homeserver, outbound()) is None
    assert homeserver.bodies == ["Hei"]


def test_a_limit_says_how_long_to_wait(matrix: Matrix, homeserver: HomeserverDouble) -> None:
    homeserver.refused = "/send/"
    homeserver.refusals = [(429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500})]
    wait = timedelta(seconds=2.5)
    assert delivered(matrix, homeserver, outbound()) == Failed("HTTP 429 M_LIMIT_EXCEEDED", wait=wait)


@pytest.mark.parametrize("asked", [-1, "soon", None, 10**20])
def test_a_limit_that_asks_for_no_time_is_no_error(matrix: Matrix, homeserver: HomeserverDouble, asked: object) -> None:
    homeserver.refused = "/send/"
    homeserver.refusals = [(429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": asked})]
    failed = delivered(matrix, homeserver, outbound())
    assert failed and not failed.final
    assert failed.wait in (None, timedelta(seconds=LONGEST_WAIT_S))


def test_where_the_bot_is_not_no_other_attempt_helps(matrix: Matrix, homeserver: HomeserverDouble) -> None:
    homeserver.members.clear()
    assert delivered(matrix, homeserver, outbound()) == Failed("HTTP 403 M_FORBIDDEN", final=True)


@pytest.mark.parametrize("others", [set(), {PER}, {ANE, PER}], ids=["nobody", "somebody else", "both"])
def test_nobody_but_the_recipient_may_read_it(matrix: Matrix, homeserver: HomeserverDouble, others: set[str]) -> None:
    homeserver.members[ROOM] = {BOT, *others}
    assert delivered(matrix, homeserver, outbound()) == Failed(NOT_ALONE, final=True)
    assert homeserver.said == {}


@pytest.mark.parametrize("refusal", [(500, {}), (502, {"errcode": 7}), (401, {"errcode": "M_UNKNOWN_TOKEN"})])
def test_what_an_operator_can_mend_is_tried_again(
    matrix: Matrix, homeserver: HomeserverDouble, refusal: tuple[int, dict[str, Any]]
) -> None:
    homeserver.refused = "/send/"
    homeserver.refusals = [refusal]
    failed = delivered(matrix, homeserver, outbound())
    assert failed and not failed.final


def test_a_homeserver_that_is_down_is_tried_again(matrix: Matrix) -> None:
    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async def main() -> Failed | None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(down)) as http:
            return await matrix.deliver(outbound(), http)

    assert anyio.run(main) == Failed("ConnectError")


@pytest.mark.parametrize("answer", [httpx.Response(307, headers={"Location": "https://elsewhere.example/"})])
def test_no_redirect_is_followed(matrix: Matrix, answer: httpx.Response) -> None:
    asked = []

    def redirecting(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return answer

    async def main() -> Failed | None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(redirecting)) as http:
            return await matrix.deliver(outbound(), http)

    failed = anyio.run(main)
    assert failed and not failed.final
    assert asked == ["matrix.example"]


def test_a_person_is_named_since_the_bot_is_shown_for_all(
    matrix: Matrix, homeserver: HomeserverDouble, templates: Templates
) -> None:
    assert delivered(matrix, homeserver, said_by_person("Jeg <ser>.", matrix, templates, f"{ANE} {ROOM}")) is None
    assert homeserver.bodies == ["Kari: Jeg <ser>."]
    assert homeserver.said["d-1"]["formatted_body"] == "<p>Kari: Jeg &lt;ser&gt;.</p>"
