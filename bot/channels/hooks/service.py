"""Takes in what senders of channels write, and queues what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.hooks.config import Channel, HookRules
from bot.channels.hooks.ports import Outbox, Peer
from bot.channels.hooks.signatures import digest
from bot.channels.messengers.ports import InboundMessage
from bot.conversation import Conversations
from bot.errors import ConversationConflict, UnknownConversation
from bot.ports import Clock
from bot.spoken import spoken
from bot.types import Attached

MOST_TRIES = 5
"""Another process may take a turn in between; so many times in a row it does not."""


class MessageIdReused(Exception):
    """The id was another message's."""


@dataclass(frozen=True)
class Hooks:
    """The connected messengers. Safe to use from several threads."""

    channels: Mapping[str, Channel]
    rules: HookRules
    outbox: Outbox
    talks: Conversations
    clock: Clock

    def take_in(self, channel: Channel, message: InboundMessage) -> bool:
        """Answer a message and queue the reply; False where it was answered before, and nothing is done.

        A crash in between leaves it to the sender to send again: the turn is taken once, by the message's id.

        Raises:
            MessageIdReused: when its id was another message's.
            ConversationConflict: when the conversation is too busy; the caller may try again.
        """
        mark = digest(channel.secret, message.model_dump_json().encode())
        known = self.outbox.heard(channel.name, message.message_id)
        if known is not None:
            if known != mark:
                raise MessageIdReused
            return False
        self.collect(self._answered(channel, message))
        self.outbox.hear(channel.name, message.message_id, mark, self.clock.now())
        return True

    def collect(self, peer: Peer) -> bool:
        """Queue what the bot said to a sender since the last time, asked or not; whether there was anything."""
        events = self.talks.events(peer.conversation, peer.cursor)
        if not events:
            return False
        said = [event.number for event in events if spoken(event)]
        self.outbox.put(peer, said, events[-1].number, self.clock.now())
        return bool(said)

    def sweep(self, everybody: bool) -> bool:
        """Collect what senders were told, asked or not; whether there was anything.

        Those who wrote or heard something of late; or ``everybody``, and then what is old is forgotten as well.
        """
        now, found = self.clock.now(), False
        back = timedelta(days=self.rules.follow_days) if everybody else timedelta(hours=self.rules.lively_h)
        for peer in self.outbox.peers(now - back):
            try:
                found = self.collect(peer) or found
            except UnknownConversation:
                continue
        if everybody:
            self.outbox.tidy(now - timedelta(days=self.rules.keep_days))
        return found

    def _answered(self, channel: Channel, message: InboundMessage) -> Peer:
        place = (message.position.latitude, message.position.longitude) if message.position else None
        attached = Attached(position=place)
        peer = self.outbox.peer(channel.name, message.sender) or self._begin(channel, message, None)
        for _ in range(MOST_TRIES):
            try:
                self.talks.turn(peer.conversation, message.text, message.message_id, message.choice, attached)
                return peer
            except ConversationConflict:
                continue
            except UnknownConversation:
                # The store of conversations was emptied; the sender goes on in a new one.
                peer = self._begin(channel, message, peer.conversation)
        raise ConversationConflict(f"The conversation with a sender of {channel.name} is too busy.")

    def _begin(self, channel: Channel, message: InboundMessage, instead_of: str | None) -> Peer:
        context = channel.context
        if message.locale is not None:
            context = context.model_copy(update={"locale": message.locale})
        peer = Peer(channel.name, message.sender, self.talks.start(context))
        return self.outbox.link(peer, self.clock.now(), instead_of)
