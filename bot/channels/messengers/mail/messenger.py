"""E-mail as a messenger."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from fastapi import APIRouter

from bot.channels.messengers.mail.compose import Writer
from bot.channels.messengers.mail.letters import Reader
from bot.channels.messengers.mail.listener import Listener
from bot.channels.messengers.mail.rules import MailRules
from bot.channels.messengers.mail.smtp import SmtpAccount
from bot.channels.messengers.mail.threads import Open, Threads
from bot.channels.messengers.ports import Failed, Intake, OutboundMessage
from bot.types import Context


@dataclass(frozen=True)
class Mail:
    """One address: a mailbox that is read, and a server that sends; a ``Messenger``.

    Whoever writes is nobody in particular: what a mail says of its sender proves nothing, so nobody is signed in by it.
    """

    name: str
    context: Context
    open_box: Open
    reader: Reader
    writer: Writer
    server: SmtpAccount
    threads: Threads
    rules: MailRules
    buttons: bool = False

    def router(self, intake: Intake) -> APIRouter | None:  # noqa: ARG002
        """Mails come in by no route."""
        return None

    async def listen(self, intake: Intake) -> None:
        """Read the mailbox until cancelled."""
        await Listener(self.name, self.open_box, self.reader, self.threads, self.rules, intake).run()

    async def deliver(self, message: OutboundMessage, http: httpx.AsyncClient) -> Failed | None:  # noqa: ARG002
        """Send the reply to the address that wrote, in the thread of its mail."""
        thread = await self.threads.of(message.recipient, message.in_reply_to)
        try:
            mail = self.writer.written(message, thread)
        except ValueError as error:
            return Failed(f"no mail can be written: {error}", final=True)
        return await self.server.send(mail, self.writer.address, message.recipient)
