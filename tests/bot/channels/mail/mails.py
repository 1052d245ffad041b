"""Mails as they come in, and a folder that keeps them in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from threading import Event

from bot.channels.messengers.mail.letters import Reader, headers_of, sender_of
from bot.channels.messengers.mail.mailbox import Waiting
from bot.channels.messengers.mail.quotes import Quotes
from bot.channels.messengers.mail.rules import MailRules
from bot.channels.messengers.ports import InboundMessage

LETTERS = Path(__file__).with_name("letters")
OWN, SENDER = "help@example.com", "ane@driver.example"
ARRIVED = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
RULES = MailRules.load()


def file(name: str) -> bytes:
    return (LETTERS / f"{name}.eml").read_bytes()


def mail(text: str = "the cable is stuck", headers: Mapping[str, str] | None = None, **attached: bytes) -> bytes:
    """A mail with a first line in its headers for each of ``headers``; ``attached``: pictures by their subtype."""
    made = EmailMessage(policy=SMTP)
    usual = {"From": f"Ane <{SENDER}>", "To": OWN, "Subject": "Re: 4521", "Message-ID": "<m-1@driver.example>"}
    for name, value in {**usual, **(headers or {})}.items():
        if value:
            made[name] = value
    made.set_content(text)
    for subtype, data in attached.items():
        made.add_attachment(data, "image", subtype, filename=f"photo.{subtype}")
    return made.as_bytes()


def reader(server: str | None = None, **changed: object) -> Reader:
    return Reader(OWN, server, RULES.model_copy(update=changed), Quotes.load())


class Folder:
    """A :class:`bot.channels.messengers.mail.mailbox.Box` in memory, that can hang up."""

    def __init__(self, *mails: bytes) -> None:
        self.mails = {str(number): raw for number, raw in enumerate(mails, 1)}
        self.seen: list[str] = []
        self.flagged: list[str] = []
        self.fetched: list[str] = []
        self.hangs_up = 0
        """So many times."""
        self.opened = 0
        self._closed = Event()

    def open(self) -> Folder:
        self.opened += 1
        if self.hangs_up:
            self.hangs_up -= 1
            raise OSError("nobody is there")
        self._closed.clear()
        return self

    def waiting(self, most: int) -> list[Waiting]:
        new = [uid for uid in self.mails if uid not in self.seen]
        return [Waiting(uid, len(self.mails[uid]), ARRIVED) for uid in new[:most]]

    def read(self, uid: str) -> bytes:
        self.fetched.append(uid)
        return self.mails[uid]

    def done(self, uid: str) -> None:
        self.seen.append(uid)

    def refuse(self, uid: str) -> None:
        self.seen.append(uid)
        self.flagged.append(uid)

    def find(self, message_id: str | None, sender: str) -> bytes | None:
        for raw in reversed(self.mails.values()):
            headers = headers_of(raw)
            assert headers
            if (headers["Message-ID"] == message_id) if message_id else (sender_of(headers) == sender):
                return raw
        return None

    def wait(self, seconds: float) -> bool:
        self._closed.wait(min(seconds, 0.01))
        return True

    def close(self) -> None:
        self._closed.set()


class KeptIntake:
    """Keeps what it is given; raises what it is told to, once each."""

    def __init__(self, *raises: Exception) -> None:
        self.kept: list[InboundMessage] = []
        self.photos: list[Sequence[bytes]] = []
        self.raises = list(raises)

    async def take_in(self, channel: str, message: InboundMessage, photos: Sequence[bytes] = ()) -> bool:
        if self.raises:
            raise self.raises.pop(0)
        if any(each.message_id == message.message_id for each in self.kept):
            return False
        self.kept.append(message)
        self.photos.append(photos)
        return True
