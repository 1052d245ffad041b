"""Mails handed to a real SMTP server."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import anyio
import pytest

from bot.channels.messengers.mail.mailbox import Security
from bot.channels.messengers.mail.smtp import SmtpAccount
from bot.channels.messengers.ports import Failed
from tests.bot.channels.mail.mails import OWN, SENDER
from tests.bot.channels.mail.smtp_server import PASSWORD, USER, Server, certificate, signed_in, smtp_server


def sent(
    server: Server, security: Security = "none", trusts: Path | None = None, user: str | None = None,
    password: str | None = None, recipient: str = SENDER,
) -> Failed | None:  # fmt: skip
    tls = ssl.create_default_context(cafile=trusts)
    account = SmtpAccount("127.0.0.1", server.port, security, user, password, tls, 5, "example.com")
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = OWN, recipient, "Grüße"
    mail.set_content("Säule 4521\n.\nEnde")

    async def attempt() -> Failed | None:
        came = await account.send(mail, OWN, recipient)
        # The loop of a test ends at once, before what was closed is gone.
        await anyio.wait_all_tasks_blocked()
        return came

    return anyio.run(attempt)


def test_a_mail_arrives_as_it_was_written() -> None:
    with smtp_server(Server()) as server:
        assert sent(server) is None
    (mail,) = server.mails
    assert (mail["Subject"], mail.get_content()) == ("Grüße", "Säule 4521\r\n.\r\nEnde\r\n")
    assert (server.taken[0].mail_from, server.taken[0].rcpt_tos) == (OWN, [SENDER])


def test_it_signs_in_over_an_encrypted_connection(tmp_path: Path) -> None:
    own = certificate(tmp_path / "server.pem")
    with smtp_server(Server(), own, authenticator=signed_in, auth_required=True) as server:
        assert sent(server, "starttls", own, USER, PASSWORD) is None
    assert server.encrypted == [True]


def test_a_wrong_password_is_for_the_operator_to_mend(tmp_path: Path) -> None:
    own = certificate(tmp_path / "server.pem")
    with smtp_server(Server(), own, authenticator=signed_in, auth_required=True) as server:
        failed = sent(server, "starttls", own, USER, "another-secret")
    assert failed
    assert not failed.final
    assert "535" in failed.error
    assert "another-secret" not in failed.error


def test_nothing_is_said_to_a_server_that_offers_no_encryption() -> None:
    with smtp_server(Server(), authenticator=signed_in, auth_require_tls=False) as server:
        failed = sent(server, "starttls", None, USER, PASSWORD)
    assert failed
    assert not failed.final
    assert server.taken == []


def test_a_certificate_that_nobody_trusts_is_refused(tmp_path: Path) -> None:
    own, another = certificate(tmp_path / "server.pem"), certificate(tmp_path / "another.pem")
    with smtp_server(Server(), own) as server:
        failed = sent(server, "starttls", another)
    assert failed
    assert not failed.final
    assert server.taken == []


@pytest.mark.parametrize(
    ("moody", "final"),
    [
        (lambda: Server(recipients=["550 5.1.1 nobody of that name"]), True),
        (lambda: Server(recipients=["450 4.2.1 greylisted, come back"]), False),
        (lambda: Server(contents=["554 5.7.1 looks like spam"]), True),
        (lambda: Server(contents=["451 4.3.0 disk is full"]), False),
    ],
    ids=["no such user", "greylisted", "spam", "full"],
)
def test_what_the_server_says_decides_whether_it_is_tried_again(moody: Callable[[], Server], final: bool) -> None:
    with smtp_server(moody()) as server:
        failed = sent(server)
        assert failed
        assert failed.final is final
        assert failed.error.startswith("SMTP ")
        assert sent(server) is None


def test_a_server_that_is_away_is_tried_again() -> None:
    with smtp_server(Server()) as server:
        pass
    failed = sent(server)
    assert failed
    assert not failed.final
