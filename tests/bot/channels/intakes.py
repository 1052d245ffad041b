"""An intake that keeps what it takes in, and answers nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.channels.messengers.ports import InboundMessage, MessageIdReused


@dataclass
class KeptIntake:
    """See :class:`bot.channels.messengers.ports.Intake`. ``trouble`` is raised instead, where it gives something."""

    trouble: Callable[[InboundMessage], Exception | None] = lambda message: None
    taken: list[tuple[InboundMessage, tuple[bytes, ...]]] = field(default_factory=list)
    channels: set[str] = field(default_factory=set)

    async def take_in(self, channel: str, message: InboundMessage, photos: Sequence[bytes] = ()) -> bool:
        error = self.trouble(message)
        if error is not None:
            raise error
        self.channels.add(channel)
        known = next((each for each in self.taken if each[0].message_id == message.message_id), None)
        if known is not None and known != (message, tuple(photos)):
            raise MessageIdReused
        if known is None:
            self.taken.append((message, tuple(photos)))
        return known is None

    @property
    def texts(self) -> list[str]:
        return [message.text for message, _ in self.taken]

    @property
    def only(self) -> InboundMessage:
        ((message, _),) = self.taken
        return message
