"""E-mail with a Dovecot that this project did not write; see .ci/mail."""

from __future__ import annotations

import gc
import os
import secrets
import ssl
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import anyio
import pytest
from imap_tools import MailBox, MailMessageFlags

from bot.channels.messengers.mail.listener import Listener
from bot.channels.messengers.mail.mailbox import MAILBOX_ERRORS, ImapAccount, ImapBox, Security
from bot.channels.messengers.mail.threads import Threads
from bot.replies.catalogues import Templates
from tests.bot.channels.mail.conftest import connect, inbox, outbox, path, replies, rules
from tests.bot.channels.mail.mails import OWN, RULES, SENDER, KeptIntake, mail, reader
from tests.bot.channels.mail.smtp_server import Server, smtp_server
from tests.bot.channels.mail.whole import connected, entry, talking
from tests.bot.channels.messengers.conftest import Connect, until
from tests.bot.conftest import small_base, small_index, small_talks

__all__ = ["connect", "inbox", "outbox", "path", "replies", "rules", "small_base", "small_index", "small_talks"]
SERVER = os.environ.get("PLUGDESK_TEST_MAIL", "")
"""imap://:PASSWORD@HOST:PORT?tls=PORT&certificates=FILE"""
pytestmark = [
    pytest.mark.mail,
    pytest.mark.skipif(not SERVER, reason="PLUGDESK_TEST_MAIL is not set; .ci/mail starts a server and prints it"),
]
PARTS = urlsplit(SERVER)
HOST, PORT, PASSWORD = PARTS.hostname or "", PARTS.port or 0, PARTS.password or ""
OPTIONS = {name: values[0] for name, values in parse_qs(PARTS.query).items()}


def trusted() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=OPTIONS["certificates"])


@pytest.fixture
def user() -> str:
    """Somebody whose mailbox is empty."""
    return f"driver-{secrets.token_hex(4)}"


def account(
    user: str, security: Security = "tls", password: str = PASSWORD, tls: ssl.SSLContext | None = None
) -> ImapAccount:
    port = int(OPTIONS["tls"]) if security == "tls" else PORT
    return ImapAccount(HOST, port, security, user, password, "INBOX", tls or trusted(), 10)


class Person:
    """Somebody who works in the mailbox with another program."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.box = MailBox(HOST, int(OPTIONS["tls"]), ssl_context=trusted()).login(user, PASSWORD)

    def puts(self, raw: bytes) -> None:
        self.box.append(raw)

    def flags(self) -> list[set[str]]:
        """Of each mail. The library mistakes what a server tells of changes for what it was asked: hence anew."""
        known = {MailMessageFlags.SEEN, MailMessageFlags.FLAGGED, MailMessageFlags.DELETED}
        tls = int(OPTIONS["tls"])
        with MailBox(HOST, tls, ssl_context=trusted()).login(self.user, PASSWORD) as box:
            return [set(each.flags) & known for each in box.fetch(mark_seen=False)]

    def __enter__(self) -> Person:
        return self

    def __exit__(self, *_: object) -> None:
        self.box.logout()


def opened(user: str) -> ImapBox:
    return account(user).open()


def listening(user: str, intake: KeptIntake, until: Callable[[], bool]) -> None:
    box = account(user)
    quick = RULES.model_copy(update={"first_wait_s": 0.1, "retry_s": 0.1})
    made = Listener("mail", box.open, reader(), Threads(box.open, 10, 5), quick, intake)

    async def run() -> None:
        with anyio.fail_after(30):
            async with anyio.create_task_group() as beside:
                beside.start_soon(made.run)
                while not until():
                    await anyio.sleep(0.05)
                beside.cancel_scope.cancel()

    anyio.run(run)


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_it_signs_in(user: str, security: Security) -> None:
    box = account(user, security).open()
    assert box.waiting(5) == []
    box.close()


def test_a_wrong_password_is_told_without_it(user: str) -> None:
    with pytest.raises(MAILBOX_ERRORS) as refused:
        account(user, password="another-secret").open()
    assert "another-secret" not in str(refused.value)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_nobody_trusts_is_refused(user: str, security: Security) -> None:
    with pytest.raises(ssl.SSLError):
        account(user, security, tls=ssl.create_default_context()).open()
    # imaplib leaves the socket to the collector, which would complain in some later test.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_mails_are_read_without_being_touched_and_then_marked(user: str) -> None:
    with Person(user) as person:
        for raw in (mail("first"), mail("second"), mail("third")):
            person.puts(raw)
        box = opened(user)
        one, two, three = box.waiting(5)
        assert one.size == len(mail("first"))
        assert box.read(one.uid) == mail("first")
        assert person.flags() == [set(), set(), set()]
        box.done(one.uid)
        box.refuse(two.uid)
        assert person.flags() == [{"\\Seen"}, {"\\Seen", "\\Flagged"}, set()]
        assert [each.uid for each in box.waiting(5)] == [three.uid]
        box.close()


def test_what_others_marked_as_deleted_stays(user: str) -> None:
    with Person(user) as person:
        person.puts(mail("first"))
        person.puts(mail("second"))
        box = opened(user)
        one, two = box.waiting(5)
        # Not the library's own verb: it would expunge the mail.
        person.box.client.uid("STORE", one.uid, "+FLAGS", r"(\Deleted)")
        box.done(two.uid)
        assert {"\\Deleted"} in person.flags()
        box.close()


def test_mails_are_found_by_id_and_by_sender(user: str) -> None:
    with Person(user) as person:
        person.puts(mail(headers={"Message-ID": "<1@x>", "Subject": "first"}))
        person.puts(mail(headers={"Message-ID": "<2@x>", "Subject": "second"}))
        threads = Threads(account(user).open, 10, 5)
        assert anyio.run(threads.of, SENDER, "<1@x>").subject == "first"
        assert anyio.run(threads.of, SENDER, None).subject == "second"
        assert anyio.run(threads.of, "luc@driver.example", None).subject == ""
        assert anyio.run(threads.of, '"a) b"@driver.example', None).subject == ""


def test_a_mail_that_comes_is_told_at_once(user: str) -> None:
    intake = KeptIntake()
    with Person(user) as person:

        def came() -> bool:
            # The second one comes while the server is listened to.
            if len(intake.kept) == len(person.flags()) < 2:
                person.puts(mail(headers={"Message-ID": f"<{len(intake.kept)}@x>"}))
            return len(intake.kept) == 2

        listening(user, intake, came)
        until(lambda: person.flags() == [{"\\Seen"}] * 2, person.flags)


def test_a_connection_that_is_closed_ends_the_wait_of_another_thread(user: str) -> None:
    box = opened(user)
    ended = threading.Event()

    def wait() -> None:
        try:
            box.wait(60)
        except MAILBOX_ERRORS:
            ended.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    box.close()
    assert ended.wait(20)
    waiting.join()


def test_a_driver_writes_and_is_answered(
    user: str, tmp_path: Path, templates: Templates, connect: Connect, small_base: Path
) -> None:
    imap = {
        "host": HOST, "port": int(OPTIONS["tls"]), "user": user, "password": "MAIL_PASSWORD",
    }  # fmt: skip
    with smtp_server(Server()) as server, Person(user) as person:
        fields = entry(server, imap=imap, certificates=OPTIONS["certificates"])
        messenger = connected(tmp_path / "channels.yaml", templates, fields)
        with talking(messenger, connect, small_base):
            person.puts(mail("the cable is stuck and I cannot remove it"))
            until(lambda: len(server.taken) == 1)
            person.puts(mail("thank you", {"Message-ID": "<m-2@driver.example>"}))
            until(lambda: len(server.taken) == 2)
        first, second = server.mails
        assert (first["From"].addresses[0].addr_spec, first["To"]) == (OWN, SENDER)
        assert (first["Subject"], first["In-Reply-To"]) == ("Re: 4521", "<m-1@driver.example>")
        assert second["In-Reply-To"] == "<m-2@driver.example>"
        assert person.flags() == [{"\\Seen"}] * 2
