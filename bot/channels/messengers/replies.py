"""Queues what people in messengers are told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.messengers.outbox import Outbox, Peer
from bot.channels.messengers.rules import MessengerRules
from bot.conversation import Conversations
from bot.errors import UnknownConversation
from bot.events import BotSaid
from bot.ports import Clock
from bot.spoken import spoken


@dataclass(frozen=True)
class Replies:
    """Safe to use from several threads and processes: each reply is queued once."""

    rules: MessengerRules
    outbox: Outbox
    talks: Conversations
    clock: Clock

    def collect(self, peer: Peer) -> bool:
        """Queue what bot and people said to a sender since the last time, asked or not; whether there was anything."""
        events = self.talks.events(peer.conversation, peer.cursor)
        if not events:
            return False
        said = {
            each.number: each.happening.message_id if isinstance(each.happening, BotSaid) else None
            for each in events
            if spoken(each)
        }
        self.outbox.put(peer, said, events[-1].number, self.clock.now())
        return bool(said)

    def overhear(self, conversations: Collection[str]) -> set[str]:
        """Collect from those of the conversations that senders hold; the channels where there was anything."""
        return {peer.channel for peer in self.outbox.peers_of(conversations) if self.collect(peer)}

    def sweep(self, everybody: bool) -> set[str]:
        """Collect what nobody told of, such as before a restart; the channels where there was anything.

        From those who wrote or heard something of late; or ``everybody``, and then what is old is forgotten as well.
        """
        now, found = self.clock.now(), set()
        back = timedelta(days=self.rules.follow_days) if everybody else timedelta(hours=self.rules.lively_h)
        for peer in self.outbox.peers(now - back):
            try:
                found |= {peer.channel} if self.collect(peer) else set()
            except UnknownConversation:
                continue
        if everybody:
            self.outbox.tidy(now - timedelta(days=self.rules.keep_days))
        return found
