"""Hands mails to the server that sends them on (RFC 5321)."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage
from ssl import SSLContext

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.channels.messengers.mail.mailbox import Security
from bot.channels.messengers.ports import Failed

LONGEST_ERROR = 200
PERMANENT = 500
"""RFC 5321, 4.2.1: from here on the same mail will be refused again."""


@dataclass(frozen=True)
class SmtpAccount:
    """How the server is reached. Without a user it takes mails from this machine unasked."""

    host: str
    port: int
    security: Security
    user: str | None
    password: str | None = field(repr=False)
    tls: SSLContext
    timeout_s: float
    domain: str
    """How this side introduces itself: the machine's own name is nobody's business, and looking it up may take long."""

    async def send(self, mail: EmailMessage, sender: str, recipient: str) -> Failed | None:
        """Try once. None: the server took it over."""
        client = SMTP(
            hostname=self.host, port=self.port, username=self.user, password=self.password, timeout=self.timeout_s,
            local_hostname=self.domain, use_tls=self.security == "tls", start_tls=self.security == "starttls",
            tls_context=self.tls,
        )  # fmt: skip
        try:
            async with client:
                await client.send_message(mail, sender=sender, recipients=[recipient])
        except SMTPException as error:
            return failed(error)
        except OSError as error:
            return Failed(f"{type(error).__name__}: {error}"[:LONGEST_ERROR])
        finally:
            # Also where it was connected, but could not sign in.
            client.close()
        return None


def failed(error: SMTPException) -> Failed:
    """What an error means for further attempts.

    Only what the server says of the sender, the recipient or the mail can be final. That it lets nobody sign in, or
    offers no encryption, is for its operator to mend, and the mail waits.
    """
    match error:
        case SMTPRecipientsRefused(recipients=[refused, *_]):
            return _answered(refused)
        case SMTPSenderRefused() | SMTPDataError():
            return _answered(error)
        case SMTPResponseException():
            return Failed(_told(error))
        case _:
            return Failed(f"{type(error).__name__}: {error}"[:LONGEST_ERROR])


def _answered(error: SMTPResponseException) -> Failed:
    return Failed(_told(error), final=error.code >= PERMANENT)


def _told(error: SMTPResponseException) -> str:
    return f"SMTP {error.code} {' '.join(error.message.split())}"[:LONGEST_ERROR]
