"""The text of a PDF as blocks: what is larger is a heading, what stands on every page is none of the text."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PageObject, PdfReader

from indexer.importers.pages import extract_blocks
from indexer.importers.rules import Rules
from indexer.importers.tidying import tidied
from indexer.importers.types import Block, Document, Extract, Heading, Paragraph, Skipped

MOST_PAGES = 300
LARGER = 1.15
"""A heading is at least so many times as large as the text."""
GAP = 1.6
"""Lines further apart than so many times their size begin a paragraph."""
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|pagina|side)\s*)?\d{1,4}(?:\s*(?:/|of|von|sur|di|av)\s*\d{1,4})?\W*\Z", re.IGNORECASE
)

_ITEM = re.compile(r"(?:\d{1,2}[.)]|[•▪●‣–-])\s+\S")
logging.getLogger("pypdf").setLevel(logging.ERROR)


@dataclass(frozen=True)
class _Line:
    text: str
    size: float
    y: float
    page: int


def extract_pdf(document: Document, rules: Rules) -> list[Extract | Skipped]:
    """The article of a PDF that has text; a scanned one is skipped."""
    try:
        reader = PdfReader(io.BytesIO(document.content))
        if reader.is_encrypted and not reader.decrypt(""):
            return [Skipped(document.address, "The PDF wants a password.")]
        if len(reader.pages) > MOST_PAGES:
            return [Skipped(document.address, f"The PDF has more than {MOST_PAGES} pages; cut it into articles first.")]
        lines = [line for number, page in enumerate(reader.pages) for line in _lines_of(page, number)]
        title = document.title or (reader.metadata.title if reader.metadata else None) or ""
        pages = len(reader.pages)
    # A damaged file fails anywhere inside the library.
    except Exception as error:
        return [Skipped(document.address, f"It cannot be read as a PDF ({type(error).__name__}).")]
    if not lines:
        return [
            Skipped(document.address, "The PDF has no text, only pictures of it. Let text recognition run over it.")
        ]
    clean = tidied(_blocks(_without_repeated(lines, pages)), rules)
    return extract_blocks(document, title, clean.blocks, clean.notes, rules)


def _lines_of(page: PageObject, number: int) -> list[_Line]:
    """Pieces of text put together to lines, in the order of the page's program."""
    found: list[_Line] = []
    text, size, height = "", 0.0, 0.0

    def close() -> None:
        nonlocal text, size
        if text.strip():
            found.append(_Line(re.sub(r"\s+", " ", text).strip(), size, height, number))
        text, size = "", 0.0

    def visit(piece: str, _cm: list[float], tm: list[float], _font: object, font_size: float) -> None:
        nonlocal text, size, height
        for place, part in enumerate(piece.split("\n")):
            if place:
                close()
            if part.strip():
                size = max(size, abs(font_size * (tm[3] or 1)))
                height = tm[5]
            text += part

    page.extract_text(visitor_text=visit)
    close()
    return found


def _without_repeated(lines: list[_Line], pages: int) -> list[_Line]:
    """Without page numbers and what stands at the same place of most pages."""
    seen = Counter((re.sub(r"\d+", "0", line.text), line.page) for line in lines)
    on_pages = Counter(text for text, _ in seen)
    often = {text for text, count in on_pages.items() if pages >= 3 and count > pages / 2}
    return [line for line in lines if re.sub(r"\d+", "0", line.text) not in often and not _PAGE_NUMBER.match(line.text)]


def _blocks(lines: list[_Line]) -> list[Block]:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    largest = max(sizes, default=0.0)
    return list(_joined(lines, body, largest))


def _joined(lines: list[_Line], body: float, largest: float) -> Iterator[Block]:
    text, before = "", None
    for line in lines:
        if line.size >= body * LARGER:
            if text:
                yield Paragraph(text)
                text = ""
            yield Heading(line.text, 1 if line.size >= largest * 0.98 else 2)
        elif not text or before is None or _begins(line, before):
            if text:
                yield Paragraph(text)
            text = line.text
        else:
            # A word that was cut at the end of its line goes together again.
            cut = text.endswith("-") and line.text[:1].islower()
            text = text[:-1] + line.text if cut else f"{text} {line.text}"
        before = line
    if text:
        yield Paragraph(text)


def _begins(line: _Line, before: _Line) -> bool:
    if _ITEM.match(line.text):
        return True
    if line.page != before.page:
        return bool(re.search(r"[.!?:]\W*\Z", before.text))
    return abs(before.y - line.y) > GAP * max(line.size, 1.0)
