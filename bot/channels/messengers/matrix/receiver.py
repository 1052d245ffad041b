"""What becomes of what a homeserver pushes: invitations are followed, messages are taken in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress

from anyio import CapacityLimiter, create_task_group, move_on_after
from fastapi import HTTPException, status
from pydantic import ValidationError

from bot.channels.messengers.matrix.events import Event, Written, written
from bot.channels.messengers.matrix.formatted import content_of
from bot.channels.messengers.matrix.homeserver import Homeserver, MatrixError
from bot.channels.messengers.matrix.peers import peer_of
from bot.channels.messengers.ports import InboundMessage, Intake, MessageIdReused

log = logging.getLogger(__name__)
ROOMS_AT_ONCE = 8
PHOTO_S = 10.0
"""A photo of another homeserver may be slow to come; meanwhile nobody else is heard."""
TYPING_MS = 10_000
COURTESY_S = 1.0
"""For what is only nice to have."""
MINUTE_MS = 60_000


class Receiver:
    """Follows one application service's rooms. Everything may come again: nothing then happens twice.

    ``told``: the text of a template of bot/replies/templates/matrix.
    """

    def __init__(self, channel: str, home: Homeserver, intake: Intake, told: Callable[[str], str]) -> None:
        self._channel, self._home, self._intake, self._told = channel, home, intake, told
        self._at_once = CapacityLimiter(ROOMS_AT_ONCE)

    async def receive(self, given: Iterable[object]) -> None:
        """Deal with the events of a transaction, each room's in order.

        Raises:
            Exception: when one could not be taken in; the homeserver then sends all of them again.
        """
        rooms: dict[str, list[Event]] = {}
        for event in filter(None, map(_read, given)):
            rooms.setdefault(event.room_id, []).append(event)
        async with create_task_group() as beside:
            for events in rooms.values():
                beside.start_soon(self._follow, events)

    async def _follow(self, events: Iterable[Event]) -> None:
        async with self._at_once:
            for event in events:
                try:
                    stays = await self._dealt_with(event)
                except MatrixError as error:
                    # The homeserver itself is up, as it sent this; sent again, it would come to the same end. A no is
                    # nothing unusual: the bot has left that room since, or the invitation was withdrawn.
                    level = logging.WARNING if error.passing else logging.INFO
                    log.log(level, "%s: event %s could not be followed: %s", self._channel, event.event_id, error)
                    continue
                if not stays:
                    return

    async def _dealt_with(self, event: Event) -> bool:
        """Whether the bot is in the room still."""
        own = self._home.account.user
        match event.type:
            case "m.room.member" if event.state_key == own:
                return await self._own_membership(event)
            case "m.room.member" if event.membership not in ("invite", "knock"):
                return await self._fits(event)
            case "m.room.encryption" | "m.room.encrypted":
                return await self._leave(event, "encrypted")
            case _ if event.sender != own:
                await self._take_in(event)
        return True

    async def _own_membership(self, event: Event) -> bool:
        match event.membership:
            case "invite":
                await self._home.join(event.room_id)
            case "join" if event.membership_before != "join":
                if not await self._fits(event):
                    return False
                # Clients invite and say the first thing in one go, before the bot is in the room to be sent it.
                for missed in await self._since_invited(event.room_id):
                    await self._take_in(missed)
        return True

    async def _fits(self, event: Event) -> bool:
        """Whether it is a room for two that the bot can read; else it leaves."""
        others = await self._home.others(event.room_id)
        if not others:
            return await self._leave(event, None)
        if len(others) > 1:
            return await self._leave(event, "group")
        if await self._home.encrypted(event.room_id):
            return await self._leave(event, "encrypted")
        return True

    async def _leave(self, event: Event, why: str | None) -> bool:
        if why is not None:
            # Not everybody may speak in every room.
            with suppress(MatrixError):
                await self._say(event, f"{why}-{event.event_id}", why)
        await self._home.leave(event.room_id)
        return False

    async def _since_invited(self, room: str) -> list[Event]:
        """What others said after the latest invitation, in order."""
        own, found = self._home.account.user, []
        for event in filter(None, map(_read, await self._home.latest(room))):
            if event.state_key == own and event.membership == "invite":
                break
            if event.sender != own:
                found.append(event)
        return found[::-1]

    async def _take_in(self, event: Event) -> None:
        said = written(event)
        if said is None:
            return
        message = self._message(event, said)
        if message is None:
            return
        photos = () if said.photo is None else (await self._photo(said.photo),)
        try:
            new = await self._intake.take_in(self._channel, message, photos)
        except MessageIdReused:
            log.warning("%s: event %s was another one before", self._channel, event.event_id)
            return
        except HTTPException as error:
            if error.status_code != status.HTTP_429_TOO_MANY_REQUESTS:
                raise
            # Said once a minute: the same transaction is the same message.
            await self._say(event, f"slower-{event.origin_server_ts // MINUTE_MS}", "slower")
            return
        if new:
            with suppress(MatrixError), move_on_after(COURTESY_S):
                await self._home.typing(event.room_id, TYPING_MS)

    def _message(self, event: Event, said: Written) -> InboundMessage | None:
        try:
            return InboundMessage(
                message_id=event.message_id,
                sender=peer_of(event.sender, event.room_id),
                text=said.text,
                choice=None,
                locale=None,
                position=said.position,
                sent_at=event.sent_at,
            )
        except ValidationError:
            log.warning("%s: user and room of event %s have too long names", self._channel, event.event_id)
            return None

    async def _photo(self, address: str) -> bytes:
        """The file; empty where it cannot be had, which the bot answers as every photo that it cannot read."""
        with move_on_after(PHOTO_S):
            try:
                return await self._home.photo(address)
            except MatrixError as error:
                log.warning("%s: a photo could not be loaded: %s", self._channel, error)
        return b""

    async def _say(self, event: Event, transaction: str, template: str) -> None:
        await self._home.send(event.room_id, transaction, content_of(self._told(template)))


def _read(given: object) -> Event | None:
    """An event; None where it is none, so that a strange one holds up no other."""
    try:
        return Event.model_validate(given)
    except ValidationError as error:
        log.warning("an event of a homeserver cannot be read: %s", ", ".join(map(_place, error.errors())))
        return None


def _place(error: object) -> str:
    place = error.get("loc", ()) if isinstance(error, dict) else ()
    return ".".join(map(str, place)) or "all of it"
