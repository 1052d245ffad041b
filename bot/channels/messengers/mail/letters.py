"""From the bytes of a mail to what its driver wrote."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parsedate_to_datetime

from bot.channels.messengers.mail.authentication import vouched
from bot.channels.messengers.mail.automatic import why_automatic
from bot.channels.messengers.mail.bodies import photos_of, words_of
from bot.channels.messengers.mail.quotes import Quotes
from bot.channels.messengers.mail.rules import MailRules
from bot.channels.messengers.ports import InboundMessage

LONGEST_ID = 128
"""Of an inbound message."""
LONGEST_HEADER = 998
"""RFC 5322, 2.1.1: a line."""
LONGEST_ADDRESS = 254
"""RFC 5321, 4.5.3.1.3, without the brackets."""
MOST_REFERENCES = 20
LONGEST_SUBJECT = 200
_ID = re.compile(r"<[!#-;=?-\[\]-~]{1,250}>")
"""What Message-ID holds, more liberal than RFC 5322, 3.6.4, as programs are, but without quotes."""
_LOCALE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_CONTENT_TYPE = re.compile(rb"(?:^|[\r\n])content-type:", re.IGNORECASE)
_BOUNDARY = re.compile(rb"(?:^|[\r\n])--")
_BLANK_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r")
BOUNDARIES = 10_000
"""Lines that may part a mail; a signature or a drawn line begins like one too."""


class Skipped(Exception):
    """The mail is not to be answered, and nobody needs to look at it; the message says why."""


class Broken(Exception):
    """The mail cannot be used, and a person should look at it; the message says why, without its words."""


@dataclass(frozen=True)
class Thread:
    """The mail that a reply belongs to."""

    message_id: str
    """Its header; empty where it had none."""
    subject: str
    references: tuple[str, ...] = ()
    """The mails before it, the oldest first."""


@dataclass(frozen=True)
class Letter:
    """A mail that a driver wrote."""

    message: InboundMessage
    photos: tuple[bytes, ...]
    thread: Thread


@dataclass(frozen=True)
class Reader:
    """Reads the mails that come in for one address.

    Args:
        own: the address, lower-cased.
        server: whose Authentication-Results are believed and asked for; None: nobody is asked.
    """

    own: str
    server: str | None
    rules: MailRules
    quotes: Quotes

    def read(self, raw: bytes, arrived: datetime) -> Letter:
        """What was written.

        Raises:
            Skipped: when a program wrote it.
            Broken: when it cannot be read, nobody can be answered, or its sender is not proven.
        """
        try:
            return self._letter(self._parsed(raw), raw, arrived)
        except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            # The parser stumbles over whatever a broken or hostile mail holds; the next one must not wait for it.
            raise Broken(f"it cannot be read ({type(error).__name__})") from None

    def _parsed(self, raw: bytes) -> EmailMessage:
        end = _BLANK_LINE.search(raw)
        if (end.start() if end else len(raw)) > self.rules.largest_header_bytes:
            raise Broken("its headers are too long")
        # Counted before it is parsed: parts inside parts cost memory, time and depth.
        if len(_CONTENT_TYPE.findall(raw)) > self.rules.most_parts or len(_BOUNDARY.findall(raw)) > BOUNDARIES:
            raise Broken("it has too many parts")
        mail = message_from_bytes(raw, policy=modern)
        if not isinstance(mail, EmailMessage):
            raise Broken("it cannot be read")
        return mail

    def _letter(self, mail: EmailMessage, raw: bytes, arrived: datetime) -> Letter:
        sender = sender_of(mail)
        automatic = why_automatic(mail, sender, self.own)
        if automatic:
            raise Skipped(automatic)
        if self.server and not vouched(mail, self.server, sender):
            raise Broken("the mail server does not say that it is from whom it says")
        thread = thread_of(mail)
        message = InboundMessage(
            message_id=_message_id(thread, raw),
            sender=sender,
            text=self._text(mail, thread.subject)[: self.rules.longest_text],
            locale=_locale(mail),
            sent_at=self._sent_at(mail, arrived),
        )
        photos = photos_of(mail, self.rules)
        return Letter(message, photos, thread)

    def _text(self, mail: EmailMessage, subject: str) -> str:
        # What is quoted below is cut first; nothing that is read stands behind it.
        words = words_of(mail, self.rules)[: 10 * self.rules.longest_text]
        text = self.quotes.own(words)
        if self.quotes.forward.match(subject) and not text:
            return words.strip()
        answers = "In-Reply-To" in mail or self.quotes.answer.match(subject)
        if answers or not subject or text.startswith(subject):
            return text
        # A first mail often says in its subject alone which station it is about.
        return f"{subject}\n\n{text}".strip()

    def _sent_at(self, mail: EmailMessage, arrived: datetime) -> datetime:
        try:
            sent = parsedate_to_datetime(_raw(mail, "Date"))
        except (TypeError, ValueError, OverflowError):
            return arrived
        # Without a zone ("-0000") it is UTC (RFC 5322, 3.3).
        sent = sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)
        earliest = arrived - timedelta(hours=self.rules.late_h)
        return sent if earliest <= sent <= arrived + timedelta(seconds=self.rules.clock_s) else arrived


def headers_of(raw: bytes) -> EmailMessage | None:
    """The headers of a mail, which were fetched without the rest; None where they cannot be read."""
    mail = message_from_bytes(raw, policy=modern)
    return mail if isinstance(mail, EmailMessage) else None


def sender_of(mail: EmailMessage) -> str:
    """The address that a mail is from, lower-cased. It proves nothing.

    Raises:
        Broken: when there is none, or not one alone.
    """
    if len(_raw(mail, "From")) > LONGEST_HEADER or len(mail.get_all("From", ())) > 1:
        raise Broken("its sender cannot be told")
    addresses: tuple[Address, ...] = getattr(mail["From"], "addresses", ())
    if len(addresses) != 1 or not addresses[0].username or not addresses[0].domain:
        raise Broken("its sender cannot be told")
    address = addresses[0].addr_spec.lower()
    if len(address) > LONGEST_ADDRESS or not address.isprintable():
        raise Broken("its sender cannot be told")
    if not address.isascii():
        # Few servers send to such addresses (RFC 6531), and a mailbox cannot be searched for them.
        raise Broken("its sender's address is beyond ASCII and cannot be answered")
    return address


def address_of(given: str) -> Address:
    """An address alone, without a name.

    Raises:
        ValueError: when it is none.
    """
    try:
        address = Address(addr_spec=given)
    except (MessageError, LookupError, TypeError) as error:
        raise ValueError("it is no address") from error
    if not address.username or not address.domain or not given.isprintable():
        raise ValueError("it is no address")
    return address


def is_header(message_id: str) -> bool:
    """Whether the id of a message is the header of its mail, and not made up for one that had none."""
    return _ID.fullmatch(message_id) is not None


def thread_of(mail: EmailMessage) -> Thread:
    """Where a reply to a mail belongs."""
    own = _ID.search(_raw(mail, "Message-ID"))
    references = tuple(_ID.findall(_raw(mail, "References"))) or tuple(_ID.findall(_raw(mail, "In-Reply-To")))
    subject = "".join(char for char in str(mail.get("Subject", "")) if char.isprintable())
    return Thread(own.group() if own else "", subject.strip()[:LONGEST_SUBJECT], references[-MOST_REFERENCES:])


def _message_id(thread: Thread, raw: bytes) -> str:
    given = thread.message_id
    if given and len(given) <= LONGEST_ID:
        return given
    return f"sha256:{hashlib.sha256(given.encode() or raw).hexdigest()}"


def _locale(mail: EmailMessage) -> str | None:
    # The first of several (RFC 3282, 2).
    given = _raw(mail, "Content-Language").partition(",")[0].strip()
    return given if _LOCALE.fullmatch(given) and len(given) <= 35 else None


def _raw(mail: EmailMessage, name: str) -> str:
    """A header as it came, unfolded, without a parser that may stumble."""
    value = next((value for each, value in mail.raw_items() if each.lower() == name.lower()), "")
    return " ".join(str(value).split())
