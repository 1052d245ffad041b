"""The words and pictures of a mail, whatever its program made of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from email.message import EmailMessage

from inscriptis import Inscriptis
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from bot.channels.messengers.mail.rules import MailRules

log = logging.getLogger(__name__)
FALLBACK = "cp1252"
"""Takes nearly every byte, and programs that say nothing or ISO-8859-1 mean it."""
PHOTO_TYPES = frozenset(f"image/{name}" for name in ("jpeg", "jpg", "pjpeg", "png", "webp", "heic", "heif"))
ENDINGS = (".jpeg", ".jpg", ".png", ".webp", ".heic", ".heif")
_QUOTED = "//blockquote | //*[contains(concat(' ', @class, ' '), ' gmail_quote ')] | //style | //script | //head"
_LAYOUT = ParserConfig(css=CSS_PROFILES["strict"])


def words_of(mail: EmailMessage, rules: MailRules) -> str:
    """The text of a mail, from its plain part, or from the one in HTML; empty where it has neither.

    Attachments and mails inside the mail are left out.
    """
    plain = mail.get_body(("plain",))
    if isinstance(plain, EmailMessage):
        text = _decoded(plain)
        if text.strip():
            return text
    page = mail.get_body(("html",))
    return _of_html(_decoded(page)[: rules.largest_html_bytes]) if isinstance(page, EmailMessage) else ""


def photos_of(mail: EmailMessage, rules: MailRules) -> tuple[bytes, ...]:
    """The files that may be photos, by what their parts say and by their size; whether they are, others look."""
    photos: list[bytes] = []
    for part in _leaves(mail):
        if not _may_be_photo(part):
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or not rules.smallest_photo_bytes <= len(data) <= rules.largest_photo_bytes:
            continue
        photos.append(data)
    if len(photos) > rules.most_photos:
        log.info("a mail has %s pictures; the first %s are taken", len(photos), rules.most_photos)
    return tuple(photos[: rules.most_photos])


def _may_be_photo(part: EmailMessage) -> bool:
    kind = part.get_content_type()
    # Some programs do not say what they attach.
    named = kind == "application/octet-stream" and str(part.get_filename() or "").lower().endswith(ENDINGS)
    return named or kind in PHOTO_TYPES


def _leaves(mail: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that are no containers; not those of mails inside the mail."""
    if mail.get_content_maintype() == "message":
        return
    if not mail.is_multipart():
        yield mail
        return
    for part in mail.iter_parts():
        if isinstance(part, EmailMessage):
            yield from _leaves(part)


def _decoded(part: EmailMessage) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    declared = str(part.get_param("charset", "") or "").lower()
    if declared in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"):
        declared = ""
    for charset in (declared, "utf-8"):
        try:
            return data.decode(charset) if charset else data.decode("utf-8")
        except (LookupError, ValueError):
            # A charset that nobody knows, or one that it is not written in.
            continue
    return data.decode(FALLBACK, "replace")


def _of_html(page: str) -> str:
    try:
        # A declaration of a charset inside the text would be refused: it is decoded already.
        tree = document_fromstring(page.encode(), parser=HTMLParser(encoding="utf-8", huge_tree=False))
    except (ParserError, ValueError):
        return ""
    for element in tree.xpath(_QUOTED):
        _remove(element)
    return str(Inscriptis(tree, _LAYOUT).get_text())


def _remove(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
