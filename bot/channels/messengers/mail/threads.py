"""Which mail a reply belongs to: remembered of the latest ones, looked up in the mailbox for the others."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from anyio import move_on_after, to_thread

from bot.channels.messengers.mail.letters import Broken, Letter, Thread, headers_of, is_header, sender_of, thread_of
from bot.channels.messengers.mail.mailbox import MAILBOX_ERRORS, Box

Key = TypeVar("Key")
log = logging.getLogger(__name__)
Open = Callable[[], Box]


class Threads:
    """The mailbox keeps every mail, so nothing of them is kept a second time but in memory."""

    def __init__(self, open_box: Open, remembered: int, patience_s: float) -> None:
        self._open, self._most, self._patience_s = open_box, remembered, patience_s
        self._by_id: OrderedDict[tuple[str, str], Thread] = OrderedDict()
        self._latest: OrderedDict[str, Thread] = OrderedDict()

    def note(self, letter: Letter) -> None:
        """Remember a mail that came in."""
        sender = letter.message.sender
        _put(self._by_id, (sender, letter.message.message_id), letter.thread, self._most)
        _put(self._latest, sender, letter.thread, self._most)

    async def of(self, sender: str, message_id: str | None) -> Thread:
        """The mail of that id of the sender, else their latest.

        Where the mailbox has it no longer, or is away, only what the id says: a reply need not wait for more.
        """
        known = self._by_id.get((sender, message_id)) if message_id else self._latest.get(sender)
        try:
            with move_on_after(self._patience_s):
                known = known or await to_thread.run_sync(self._found, sender, message_id, abandon_on_cancel=True)
        except MAILBOX_ERRORS as error:
            log.warning("the mail that a reply belongs to cannot be looked up: %s", type(error).__name__)
        return known or Thread(message_id if message_id and is_header(message_id) else "", "")

    def _found(self, sender: str, message_id: str | None) -> Thread | None:
        box = self._open()
        try:
            wanted = message_id if message_id and is_header(message_id) else None
            headers = box.find(wanted, sender)
            mail = headers_of(headers) if headers else None
            # Servers find parts of addresses and ids, too.
            return thread_of(mail) if mail is not None and sender_of(mail) == sender else None
        except Broken:
            return None
        finally:
            box.close()


def _put(places: OrderedDict[Key, Thread], key: Key, thread: Thread, most: int) -> None:
    places[key] = thread
    places.move_to_end(key)
    if len(places) > most:
        places.popitem(last=False)
