"""Keeps what people in messengers write, and answers it."""

from __future__ import annotations

import hashlib
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.messengers.inbox import Burst, Inbox, Waiting
from bot.channels.messengers.outbox import Peer
from bot.channels.messengers.ports import InboundMessage, MessageIdReused, Messenger
from bot.channels.messengers.replies import Replies
from bot.desk.photos import Photos
from bot.errors import ConversationConflict, PhotoRefused, UnknownConversation
from bot.types import Attached, Choice
from bot.understanding.masking import mask

log = logging.getLogger(__name__)
MOST_TRIES = 5
"""Another process may take a turn in between; so many times in a row it does not."""


@dataclass(frozen=True)
class Reception:
    """Safe to use from several threads and processes. Whatever it kept is answered once, through any crash."""

    messengers: Mapping[str, Messenger]
    inbox: Inbox
    photos: Photos
    replies: Replies

    def keep(self, channel: str, message: InboundMessage, files: Sequence[bytes]) -> bool:
        """Keep a message until it is answered, its secrets masked; False where it had been kept before.

        Raises:
            MessageIdReused: when its id was another message's.
        """
        masked = mask(message.text)
        plain = message.model_copy(update={"text": masked.text})
        mark = _mark(plain, files)
        known = self.inbox.heard(channel, message.message_id)
        if known is not None:
            if known != mark:
                raise MessageIdReused
            return False
        accepted, refused = self._accepted(files)
        place = message.position
        waiting = Waiting(
            message_id=message.message_id,
            text=masked.text,
            masked=masked.found,
            choice=message.choice,
            urgent=self.replies.talks.is_danger(masked.text),
            locale=message.locale,
            position=(place.latitude, place.longitude) if place else None,
            photos=accepted,
            refused=refused,
            sent_at=message.sent_at,
        )
        return self.inbox.put(channel, message.sender, waiting, mark, self.replies.clock.now())

    def take(self) -> Burst | None:
        """Messages of one sender that are to be answered now, None where there are none."""
        return self.inbox.take(self.messengers, self.replies.clock.now(), self.replies.rules.pace)

    def wait(self) -> float | None:
        """Seconds until there are some; None where nothing waits."""
        due = self.inbox.next_due(self.messengers, self.replies.rules.pace)
        return None if due is None else max(0.0, (due - self.replies.clock.now()).total_seconds())

    def answer(self, burst: Burst) -> bool:
        """Answer messages and queue the reply; whether there is one. A crash in between leaves the turn to be tried
        again: it is taken once, by its id. What fails too often is given up, and its sender told."""
        rules = self.replies.rules
        try:
            if burst.attempts <= rules.turn_tries:
                peer = self._turn(burst)
            else:
                log.error("messages of a sender of %s are given up after %d tries", burst.channel, rules.turn_tries)
                peer = self._given_up(burst)
            self.replies.collect(peer)
        except Exception:
            log.exception("messages of a sender of %s could not be answered; they are tried again", burst.channel)
            wait = rules.wait_before(burst.attempts, random.random())  # noqa: S311
            self.inbox.failed(burst, self.replies.clock.now() + wait)
            return False
        self.inbox.done(burst)
        return True

    def tidy(self) -> None:
        """Forget the ids of messages that came long ago."""
        self.inbox.tidy(self.replies.clock.now() - timedelta(days=self.replies.rules.keep_days))

    def _accepted(self, files: Sequence[bytes]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of the photos that can be used, and why the others cannot."""
        accepted: list[str] = []
        refused: list[str] = []
        for data in files:
            try:
                accepted.append(self.photos.accept(data, "The photo").id)
            except PhotoRefused as error:
                refused.append(error.code)
        return tuple(accepted), tuple(refused)

    def _turn(self, burst: Burst) -> Peer:
        turn, talks = _joined(burst), self.replies.talks
        return self._within(
            burst,
            lambda talk: talks.turn(talk, turn.text, burst.turn, turn.choice, turn.attached, turn.masked),
        )

    def _given_up(self, burst: Burst) -> Peer:
        turn, talks = _joined(burst), self.replies.talks
        return self._within(burst, lambda talk: talks.give_up(talk, turn.text, burst.turn, turn.attached, turn.masked))

    def _within(self, burst: Burst, act: Callable[[str], object]) -> Peer:
        """Act in the sender's conversation."""
        peer = self._peer(burst)
        for _ in range(MOST_TRIES):
            try:
                act(peer.conversation)
                return peer
            except ConversationConflict:
                continue
            except UnknownConversation:
                # The store of conversations was emptied; the sender goes on in a new one.
                peer = self._begin(burst, peer.conversation)
        raise ConversationConflict(f"The conversation with a sender of {burst.channel} is too busy.")

    def _peer(self, burst: Burst) -> Peer:
        return self.replies.outbox.peer(burst.channel, burst.sender) or self._begin(burst, None)

    def _begin(self, burst: Burst, instead_of: str | None) -> Peer:
        context = self.messengers[burst.channel].context
        locale = next((each.locale for each in reversed(burst.messages) if each.locale is not None), context.locale)
        conversation = self.replies.talks.start(context.model_copy(update={"locale": locale, "channel": burst.channel}))
        peer = Peer(burst.channel, burst.sender, conversation)
        return self.replies.outbox.link(peer, self.replies.clock.now(), instead_of)


@dataclass(frozen=True)
class _Joined:
    """Several messages as one."""

    text: str
    choice: Choice | None
    attached: Attached
    masked: tuple[str, ...]


def _joined(burst: Burst) -> _Joined:
    messages = burst.messages
    attached = Attached(
        photos=tuple(photo for each in messages for photo in each.photos),
        refused=tuple(code for each in messages for code in each.refused),
        position=next((each.position for each in reversed(messages) if each.position is not None), None),
    )
    text = "\n".join(each.text for each in messages if each.text.strip())
    masked = tuple(sorted({kind for each in messages for kind in each.masked}))
    return _Joined(text, messages[0].choice if len(messages) == 1 else None, attached, masked)


def _mark(message: InboundMessage, files: Sequence[bytes]) -> str:
    """What tells a message from another of the same id; made of what may be kept, so that it gives no secret away."""
    parts = [message.model_dump_json().encode(), *files]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
