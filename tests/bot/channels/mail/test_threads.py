"""Which mail a reply belongs to."""

from __future__ import annotations

import anyio

from bot.channels.messengers.mail.letters import Thread
from bot.channels.messengers.mail.threads import Threads
from tests.bot.channels.mail.mails import ARRIVED, SENDER, Folder, mail, reader

FIRST = mail(headers={"Message-ID": "<1@x>", "Subject": "first"})
SECOND = mail(headers={"Message-ID": "<2@x>", "Subject": "second", "References": "<1@x>"})


def of(threads: Threads, message_id: str | None, sender: str = SENDER) -> Thread:
    return anyio.run(threads.of, sender, message_id)


def test_it_is_remembered() -> None:
    folder = Folder()
    threads = Threads(folder.open, 10, 1)
    for raw in (FIRST, SECOND):
        threads.note(reader().read(raw, ARRIVED))
    assert of(threads, "<1@x>") == Thread("<1@x>", "first")
    assert of(threads, "<2@x>") == Thread("<2@x>", "second", ("<1@x>",))
    assert of(threads, None).subject == "second"
    assert folder.opened == 0


def test_after_a_restart_it_is_looked_up() -> None:
    threads = Threads(Folder(FIRST, SECOND).open, 10, 1)
    assert of(threads, "<1@x>").subject == "first"
    assert of(threads, None).subject == "second"


def test_an_id_that_is_no_header_leads_to_the_latest_mail() -> None:
    threads = Threads(Folder(FIRST, SECOND).open, 10, 1)
    assert of(threads, "sha256:abc").subject == "second"


def test_the_mail_of_somebody_else_is_not_used() -> None:
    threads = Threads(Folder(FIRST).open, 10, 1)
    assert of(threads, "<1@x>", "luc@driver.example") == Thread("<1@x>", "")


def test_without_the_mailbox_the_id_is_enough() -> None:
    folder = Folder(FIRST)
    folder.hangs_up = 2
    threads = Threads(folder.open, 10, 1)
    assert of(threads, "<1@x>") == Thread("<1@x>", "")
    assert of(threads, None) == Thread("", "")


def test_only_the_latest_are_remembered() -> None:
    threads = Threads(Folder().open, 1, 1)
    for raw in (FIRST, SECOND):
        threads.note(reader().read(raw, ARRIVED))
    assert of(threads, "<1@x>").subject == ""
    assert of(threads, "<2@x>").subject == "second"
