"""From a reply to the mail that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from bot.channels.messengers.mail.letters import Thread, address_of
from bot.channels.messengers.mail.quotes import Quotes
from bot.channels.messengers.ports import OutboundMessage
from bot.replies.catalogues import SOURCE_LANGUAGE, Templates
from bot.spoken import writer_of

TEMPLATES = Path(__file__).with_name("templates")
RE = "Re: "
"""The same in all languages (RFC 5322, 3.6.5)."""


@dataclass(frozen=True)
class Writer:
    """Writes the mails of one channel.

    Args:
        address: what they are from.
        name: shown beside it; may be empty.
        locale: the language of those that say nothing of it.
        texts: plain ones.
        pages: those of the HTML part, escaped.
    """

    address: str
    name: str
    locale: str | None
    texts: Templates
    pages: Templates
    quotes: Quotes

    def written(self, message: OutboundMessage, thread: Thread) -> EmailMessage:
        """The mail, the same at every attempt.

        Raises:
            ValueError: when the recipient is no address.
        """
        mail = EmailMessage(policy=SMTP)
        language = message.reply.language if message.reply else self._language()
        mail["From"] = Address(self.name, addr_spec=self.address)
        mail["To"] = address_of(message.recipient)
        mail["Subject"] = self._subject(thread, language)
        mail["Date"] = format_datetime(message.at)
        # Who gets it twice, because an answer of the server was lost, can tell.
        mail["Message-ID"] = f"<{message.delivery_id}@{self.address.rpartition('@')[2]}>"
        if thread.message_id:
            mail["In-Reply-To"] = thread.message_id
            mail["References"] = " ".join([*thread.references, thread.message_id])
        mail["Auto-Submitted"] = _automatic(message)
        mail["X-Auto-Response-Suppress"] = "All"
        if message.urgent:
            mail["Importance"] = "high"
        mail.set_content(self._text(message, language), cte="quoted-printable")
        mail.add_alternative(self._page(message, language), subtype="html", cte="quoted-printable")
        mail.set_boundary(f"part-{message.delivery_id}")
        # Setting the content would have removed it.
        mail["Content-Language"] = language
        return mail

    def _subject(self, thread: Thread, language: str) -> str:
        if not thread.subject:
            return self.texts.page("mail/subject", language)
        return thread.subject if self.quotes.answer.match(thread.subject) else RE + thread.subject

    def _text(self, message: OutboundMessage, language: str) -> str:
        choices = message.reply.quick_replies if message.reply else message.quick_replies
        writer = _writer(message)
        # The name stands below, so it need not begin the text.
        text = message.reply.text if writer else message.text
        return self.texts.page("mail/reply", language, text=text, choices=choices, writer=writer) + "\n"

    def _page(self, message: OutboundMessage, language: str) -> str:
        reply = message.reply
        return self.pages.page(
            "reply", language, tag=language, writer=_writer(message),
            parts=reply.parts if reply else (),
            paragraphs=() if reply else message.text.split("\n\n"),
            choices=reply.quick_replies if reply else message.quick_replies,
            sources=reply.sources if reply else (),
        )  # fmt: skip

    def _language(self) -> str:
        language = (self.locale or SOURCE_LANGUAGE).partition("-")[0].lower()
        return language if language in self.texts.languages else SOURCE_LANGUAGE


def _writer(message: OutboundMessage) -> str | None:
    return writer_of(message.reply) if message.reply else None


def _automatic(message: OutboundMessage) -> str:
    """RFC 3834, 3.1.7 and 5: programs do not answer what a program wrote; a person's mail says that it is none."""
    if _writer(message):
        return "no"
    return "auto-replied" if message.in_reply_to else "auto-generated"
