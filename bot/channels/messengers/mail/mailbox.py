"""The mailbox that a channel reads: what is asked of it, and how IMAP gives it (RFC 3501)."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from imaplib import IMAP4, Internaldate2tuple
from ssl import SSLContext
from time import mktime
from typing import Any, Literal, Protocol

from imap_tools import AND, BaseMailBox, H, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

Security = Literal["tls", "starttls", "none"]
"""``tls`` from the first byte on; ``starttls``, refused where the server does not offer it; ``none``."""
MAILBOX_ERRORS = (ImapToolsError, IMAP4.error, OSError, EOFError)
"""What a server that is away, hangs up or refuses makes of a call."""
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
FLAGGED, SEEN = r"(\Seen \Flagged)", r"(\Seen)"


@dataclass(frozen=True)
class Waiting:
    """A mail that nobody has looked at yet."""

    uid: str
    size: int
    """Bytes."""
    arrived: datetime


class Box(Protocol):
    """One folder, opened. Everything blocks; one thread at a time."""

    def waiting(self, most: int) -> list[Waiting]:
        """The mails that are new, the oldest first."""

    def read(self, uid: str) -> bytes:
        """A whole mail. It stays new."""

    def done(self, uid: str) -> None:
        """It is new no longer."""

    def refuse(self, uid: str) -> None:
        """It is new no longer, and flagged for a person."""

    def find(self, message_id: str | None, sender: str) -> bytes | None:
        """The headers of the mail of that id, or else of the sender's latest, seen or not; None where there is none."""

    def wait(self, seconds: float) -> bool:
        """Wait until something happens in the folder, at most so long; False where the server cannot tell."""

    def close(self) -> None:
        """Hang up. From another thread it ends whatever that one waits for."""


@dataclass(frozen=True)
class ImapAccount:
    """How a mailbox is reached."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    folder: str
    tls: SSLContext
    timeout_s: float

    def open(self) -> ImapBox:
        """Sign in and open the folder.

        Raises:
            MAILBOX_ERRORS: when that cannot be done.
        """
        box = self._connected()
        try:
            # Names and passwords beyond ASCII need another command, which servers offer less often.
            sign_in = box.login if (self.user + self.password).isascii() else box.login_utf8
            sign_in(self.user, self.password, self.folder)
        except BaseException:
            _hang_up(box)
            raise
        return ImapBox(box)

    def _connected(self) -> BaseMailBox:
        match self.security:
            case "tls":
                return MailBox(self.host, self.port, self.timeout_s, ssl_context=self.tls)
            case "starttls":
                return MailBoxStartTls(self.host, self.port, self.timeout_s, self.tls)
            case "none":
                return MailBoxUnencrypted(self.host, self.port, self.timeout_s)


class ImapBox:
    """A folder over IMAP. See :class:`Box`."""

    def __init__(self, box: BaseMailBox) -> None:
        self._box = box
        self._tells = "IDLE" in box.client.capabilities

    def waiting(self, most: int) -> list[Waiting]:
        """See :class:`Box`."""
        # A server may hold back what is new until it is asked to look.
        self._box.client.noop()
        uids = sorted(self._box.uids(AND(seen=False), charset=None), key=int)[:most]
        return [found for uid in uids if (found := self._described(uid))]

    def read(self, uid: str) -> bytes:
        """See :class:`Box`."""
        return self._fetched(uid, "BODY.PEEK[]")[1]

    def done(self, uid: str) -> None:
        """See :class:`Box`."""
        self._store(uid, SEEN)

    def refuse(self, uid: str) -> None:
        """See :class:`Box`."""
        self._store(uid, FLAGGED)

    def find(self, message_id: str | None, sender: str) -> bytes | None:
        """See :class:`Box`."""
        wanted = AND(header=H("Message-ID", message_id)) if message_id else AND(from_=sender)
        uids = sorted(self._box.uids(wanted, charset=None), key=int)
        return self._fetched(uids[-1], "BODY.PEEK[HEADER]")[1] if uids else None

    def wait(self, seconds: float) -> bool:
        """See :class:`Box`."""
        if self._tells:
            try:
                self._box.idle.wait(seconds)
            except ValueError as error:
                # Another thread has closed it a moment before this one began to read.
                raise EOFError("the connection was closed") from error
        return self._tells

    def close(self) -> None:
        """See :class:`Box`."""
        _hang_up(self._box)

    def _described(self, uid: str) -> Waiting | None:
        facts, _ = self._fetched(uid, "RFC822.SIZE INTERNALDATE")
        size, date = _SIZE.search(facts), Internaldate2tuple(facts)
        if size is None:
            # Somebody has just removed it.
            return None
        arrived = datetime.fromtimestamp(mktime(date), UTC) if date else datetime.now(UTC)
        return Waiting(uid, int(size[1]), arrived)

    def _fetched(self, uid: str, what: str) -> tuple[bytes, bytes]:
        """What the server says of a mail, and the bytes that it gives."""
        status, items = self._box.client.uid("FETCH", uid, f"({what})")
        _check(status, "FETCH")
        given: list[Any] = [item for item in items if item]
        whole = next((item for item in given if isinstance(item, tuple)), None)
        if whole:
            return bytes(whole[0]), bytes(whole[1])
        return b" ".join(item for item in given if isinstance(item, bytes)), b""

    def _store(self, uid: str, flags: str) -> None:
        # Not the library's own verb, which also expunges what others marked as deleted.
        status, _ = self._box.client.uid("STORE", uid, "+FLAGS.SILENT", flags)
        _check(status, "STORE")


def _check(status: str, command: str) -> None:
    if status != "OK":
        raise IMAP4.error(f"{command} was answered with {status}")


def _hang_up(box: BaseMailBox) -> None:
    # No LOGOUT: another thread may wait for an answer, and the server does without.
    with suppress(OSError):
        # First, so that a thread that reads lets go of the file, which is closed next.
        box.client.sock.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        box.client.shutdown()
