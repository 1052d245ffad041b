"""The entry of an e-mail address in the file of channels."""

from __future__ import annotations

import ssl
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.channels.messengers.config import ChannelEntry, Secrets, Variable
from bot.channels.messengers.mail.compose import TEMPLATES, Writer
from bot.channels.messengers.mail.letters import Reader, address_of
from bot.channels.messengers.mail.mailbox import ImapAccount, Security
from bot.channels.messengers.mail.messenger import Mail
from bot.channels.messengers.mail.quotes import Quotes
from bot.channels.messengers.mail.rules import MailRules
from bot.channels.messengers.mail.smtp import SmtpAccount
from bot.channels.messengers.mail.threads import Threads
from bot.errors import SettingsError
from bot.replies.catalogues import Templates

IMAP_PORTS: dict[Security, int] = {"tls": 993, "starttls": 143, "none": 143}
SMTP_PORTS: dict[Security, int] = {"tls": 465, "starttls": 587, "none": 25}
"""RFC 8314, 3; without encryption it is the port between servers."""


def _address(given: str) -> str:
    try:
        address_of(given)
    except ValueError:
        raise ValueError("it is no address; use one such as help@example.com") from None
    return given.lower()


def _one_line(given: str) -> str:
    if not given.isprintable():
        raise ValueError("use one line of text")
    return given


class _Server(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(min_length=1, max_length=255)
    port: int | None = Field(None, gt=0, lt=65_536)
    security: Security

    @model_validator(mode="after")
    def _encrypted(self) -> Self:
        if self.security == "none" and not _on_this_machine(self.host):
            raise ValueError("use security tls or starttls; none is for servers on this machine")
        return self


class ImapServer(_Server):
    """The mailbox that is read."""

    security: Security = "tls"
    user: str = Field(min_length=1, max_length=255)
    password: Variable
    folder: str = Field("INBOX", min_length=1, max_length=255)


class SmtpServer(_Server):
    """The server that sends. Without ``user`` and ``password`` it takes mails from this machine unasked."""

    security: Security = "starttls"
    user: str | None = Field(None, min_length=1, max_length=255)
    password: Variable | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("give both user and password, or neither")
        return self


class Entry(ChannelEntry):
    """See docs/channels/mail.md."""

    kind: Literal["mail"]
    address: Annotated[str, AfterValidator(_address)]
    """Which drivers write to, and replies are from."""
    name: Annotated[str, AfterValidator(_one_line)] = Field("", max_length=100)
    """What mail programs show beside it."""
    imap: ImapServer
    smtp: SmtpServer
    authentication: str | None = Field(None, min_length=1, max_length=255, pattern=r"^\S+$")
    """The name by which the receiving server signs its Authentication-Results (RFC 8601, 2.5); None: not looked at."""
    certificates: Path | None = None
    """Of an authority of the operator's own, as PEM; None: those that the machine trusts."""

    def open(self, name: str, secrets: Secrets, texts: Templates) -> Mail:
        """See :meth:`ChannelEntry.open`."""
        rules, quotes, tls = MailRules.load(), Quotes.load(), self._tls(name)
        imap, smtp = self.imap, self.smtp
        box = ImapAccount(
            imap.host, imap.port or IMAP_PORTS[imap.security], imap.security, imap.user,
            secrets("imap.password", imap.password), imap.folder, tls, rules.timeout_s,
        )  # fmt: skip
        password = secrets("smtp.password", smtp.password) if smtp.password else None
        domain = self.address.rpartition("@")[2]
        server = SmtpAccount(
            smtp.host, smtp.port or SMTP_PORTS[smtp.security], smtp.security, smtp.user, password, tls,
            rules.timeout_s, domain,
        )  # fmt: skip
        return Mail(
            name=name,
            context=self.context(),
            open_box=box.open,
            reader=Reader(self.address, self.authentication, rules, quotes),
            writer=Writer(
                self.address, self.name, self.locale, texts, Templates(texts.languages, TEMPLATES, "html"), quotes
            ),
            server=server,
            threads=Threads(box.open, rules.remembered, rules.lookup_s),
            rules=rules,
        )

    def _tls(self, name: str) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.certificates)
        except (OSError, ssl.SSLError) as error:
            place = f"channels.{name}.certificates: {self.certificates}"
            raise SettingsError(f"{place} cannot be used: {error}. Give a file of certificates as PEM.") from None


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
