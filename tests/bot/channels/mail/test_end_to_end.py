"""A driver writes a mail, the bot answers, and the answer arrives as a mail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.channels.messengers.mail.threads import Threads
from bot.replies.catalogues import Templates
from tests.bot.channels.mail.mails import SENDER, Folder, file, mail
from tests.bot.channels.mail.smtp_server import Server, smtp_server
from tests.bot.channels.mail.whole import connected, entry, talking
from tests.bot.channels.messengers.conftest import Connect, until


def test_a_mail_is_answered_in_its_thread(
    tmp_path: Path, templates: Templates, connect: Connect, small_base: Path
) -> None:
    folder = Folder(mail("the cable is stuck and I cannot remove it"), file("bounce"))
    with smtp_server(Server(contents=["451 4.3.0 come back"])) as server:
        messenger = connected(tmp_path / "channels.yaml", templates, entry(server))
        messenger = replace(messenger, open_box=folder.open, threads=Threads(folder.open, 10, 1))
        with talking(messenger, connect, small_base):
            until(lambda: len(server.taken) == 1)
            (answer,) = server.mails
            assert (answer["To"], answer["Subject"]) == (SENDER, "Re: 4521")
            assert answer["In-Reply-To"] == "<m-1@driver.example>"
            second = {"Message-ID": "<m-2@driver.example>", "In-Reply-To": answer["Message-ID"]}
            folder.mails["3"] = mail("thank you", second)
            until(lambda: len(server.taken) == 2)
    assert server.mails[1]["In-Reply-To"] == "<m-2@driver.example>"
    assert folder.flagged == []
