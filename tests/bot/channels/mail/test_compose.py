"""From a reply to the mail that shows it."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from bot.channels.messengers.mail.compose import TEMPLATES, Writer
from bot.channels.messengers.mail.letters import Skipped, Thread
from bot.channels.messengers.mail.quotes import Quotes
from bot.replies.catalogues import Templates
from bot.types import PersonOrigin, TextPart
from indexer.knowledge import DRIVER_LANGUAGES
from tests.bot.channels.mail.mails import ARRIVED, OWN, SENDER, reader
from tests.bot.channels.mail.replies import CHOICES, outbound, reply

THREAD = Thread("<m-1@driver.example>", "Säule 4521", ("<m-0@driver.example>",))


@pytest.fixture(scope="module")
def pages() -> Templates:
    return Templates(DRIVER_LANGUAGES, TEMPLATES, "html")


@pytest.fixture
def writer(templates: Templates, pages: Templates) -> Writer:
    return Writer(OWN, "Ladehilfe, Müller", None, templates, pages, Quotes.load())


def arrived(writer: Writer, thread: Thread = THREAD, **changes: Any) -> EmailMessage:
    """The mail, as it comes out at the other end."""
    mail = message_from_bytes(writer.written(outbound(**changes), thread).as_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


def test_the_headers_put_it_into_its_thread(writer: Writer) -> None:
    mail = arrived(writer)
    assert mail["From"] == f'"Ladehilfe, Müller" <{OWN}>'
    assert mail["To"] == SENDER
    assert mail["Subject"] == "Re: Säule 4521"
    assert mail["Message-ID"] == "<d-1@example.com>"
    assert mail["In-Reply-To"] == "<m-1@driver.example>"
    assert mail["References"] == "<m-0@driver.example> <m-1@driver.example>"
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert mail["Content-Language"] == "de"
    assert mail["Importance"] is None


@pytest.mark.parametrize("subject", ["Re: Säule", "AW: Säule", "SV: Säule", "Re[2]: Säule"])
def test_an_answered_subject_stays(writer: Writer, subject: str) -> None:
    assert arrived(writer, Thread("<a@b>", subject))["Subject"] == subject


def test_what_is_said_unasked_says_so(writer: Writer) -> None:
    assert arrived(writer, in_reply_to=None)["Auto-Submitted"] == "auto-generated"


def test_without_a_thread_it_has_a_subject_of_its_own(writer: Writer) -> None:
    mail = arrived(writer, Thread("", ""))
    assert mail["Subject"] == "Ihre Frage zum Laden"
    assert "In-Reply-To" not in mail
    assert "References" not in mail


def test_danger_is_important(writer: Writer) -> None:
    assert arrived(writer, urgent=True)["Importance"] == "high"


def test_the_text_is_all_of_it(writer: Writer) -> None:
    text = body(arrived(writer), "plain")
    assert text.startswith("Bitte ziehen\n\n2. Auto öffnen\n3. Ziehen\n\n-- \n")
    assert "Menschen" in text


def test_the_page_shows_the_parts_and_runs_nothing(writer: Writer) -> None:
    page = body(arrived(writer), "html")
    assert "&lt;script&gt;ziehen&lt;/script&gt; &amp; drücken" in page
    assert "<script" not in page
    assert '<ol start="2">\n<li>Auto öffnen</li>\n<li>Ziehen</li>\n</ol>' in page
    assert "Ein Kabel" in page
    assert "/pictures/" not in page
    assert "Quelle: Kabel (1. Mai 2026)" in page
    assert '<html lang="de">' in page


def test_choices_are_numbered_and_it_says_how_to_choose(writer: Writer) -> None:
    mail = arrived(writer, reply=reply(quick_replies=CHOICES, text="Was?\n\n(1) Kabel <b>\n(2) Konto"))
    assert "(1) Kabel &lt;b&gt;<br>\n(2) Konto" in body(mail, "html")
    for kind in ("plain", "html"):
        assert "mit der Nummer" in body(mail, kind)
    assert "mit der Nummer" not in body(arrived(writer), "plain")


def test_a_repeat_is_the_same_mail(writer: Writer) -> None:
    first, second = (writer.written(outbound(), THREAD).as_bytes() for _ in range(2))
    assert first == second


def test_its_own_replies_are_never_answered(writer: Writer) -> None:
    """Not even by another address of the same kind."""
    with pytest.raises(Skipped):
        reader().read(arrived(writer).as_bytes(), ARRIVED)


@pytest.mark.parametrize("recipient", ["no address", "a@b\r\nBcc: c@d", "", "a@b, c@d"])
def test_a_recipient_that_is_no_address_is_refused(writer: Writer, recipient: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        writer.written(outbound(recipient=recipient), THREAD)


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_it_can_be_written_in_every_language(writer: Writer, language: str) -> None:
    mail = arrived(writer, Thread("", ""), reply=reply(language=language, quick_replies=CHOICES))
    others = arrived(writer, Thread("", ""), reply=reply(language="en" if language != "en" else "de"))
    assert mail["Subject"] != others["Subject"]
    assert f'lang="{language}"' in body(mail, "html")


def by_person(writer: Writer) -> EmailMessage:
    text = "Guten Tag,\nich <schaue> nach."
    said = reply(parts=(TextPart(text=text, origin=PersonOrigin(name="Kari")),), sources=(), text=text)
    return arrived(writer, reply=said, text=f"Kari: {text}", in_reply_to=None)


def test_what_a_person_wrote_is_theirs_and_not_automatic(writer: Writer) -> None:
    mail = by_person(writer)
    assert body(mail, "plain") == "Guten Tag,\nich <schaue> nach.\n\n-- \nKari\n"
    assert mail["Auto-Submitted"] == "no"
    page = body(mail, "html")
    assert '<p style="white-space: pre-line">Guten Tag,\nich &lt;schaue&gt; nach.</p>' in page
    assert "<small>Kari</small>" in page
    assert "automatisch" not in page


def test_what_the_assistant_wrote_is_automatic(writer: Writer) -> None:
    assert "automatisch" in body(arrived(writer), "html")
    assert "automatisch" in body(arrived(writer), "plain")
