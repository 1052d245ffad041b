"""The entry of an address in the file of channels."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.replies.catalogues import Templates
from tests.bot.channels.mail import whole
from tests.bot.channels.mail.mails import OWN
from tests.bot.channels.mail.smtp_server import Server
from tests.bot.channels.mail.whole import connected, entry

IMAP = {"host": "imap.example.com", "user": OWN, "password": "MAIL_PASSWORD"}
SMTP = {"host": "smtp.example.com", "user": OWN, "password": "MAIL_PASSWORD"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "channels.yaml"


def test_without_a_word_it_is_encrypted_at_the_usual_ports(file: Path, templates: Templates) -> None:
    mail = connected(file, templates, entry(Server(), imap=IMAP, smtp=SMTP, address=OWN.upper()))
    assert (mail.server.port, mail.server.security) == (587, "starttls")
    assert (mail.writer.address, mail.reader.own, mail.buttons) == (OWN, OWN, False)
    assert (mail.context.vendor, mail.context.country) == ("eponet", "CH")
    assert mail.router(None) is None


def test_passwords_do_not_show(file: Path, templates: Templates) -> None:
    mail = connected(file, templates, entry(Server(), imap=IMAP, smtp=SMTP))
    assert whole.SECRETS["MAIL_PASSWORD"] not in repr(mail)
    assert whole.SECRETS["MAIL_PASSWORD"] not in repr(getattr(mail.open_box, "__self__", None))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"address": "nobody"}, "address"),
        ({"address": "hjælp@example.com"}, "address"),
        ({"name": "Help\r\nBcc: x@y.example"}, "one line"),
        ({"imap": {**IMAP, "security": "none"}}, "this machine"),
        ({"smtp": {**SMTP, "security": "none"}}, "this machine"),
        ({"smtp": {"host": "smtp.example.com", "user": OWN}}, "both user and password"),
        ({"imap": {**IMAP, "password": "MISSING"}}, "imap.password: MISSING is not set"),
        ({"smtp": {**SMTP, "password": "MISSING"}}, "smtp.password: MISSING is not set"),
        ({"certificates": "/nowhere/ca.pem"}, "certificates"),
        ({"port": 25}, "port"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told(file: Path, templates: Templates, changed: dict[str, object], told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        connected(file, templates, entry(Server(), **changed))
    assert told in str(refused.value)
    assert "channels.mail" in str(refused.value)
