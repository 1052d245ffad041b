"""Documents of every kind become articles; those that are damaged or mean harm are skipped with a reason."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from indexer.importers.extract import extract
from indexer.importers.rules import shipped_rules
from indexer.importers.types import Bullets, Extract, Heading, Kind, Paragraph, Skipped, Steps
from tests.indexer.importers.builders import ARTICLE, document, docx, only, pdf, reason, zipped

RULES = shipped_rules()
BROKEN = [b"no such format", b"PK\x03\x04 broken", b"%PDF-1.4 broken", bytes(range(256)) * 40]
LEAD = "Usually the car holds the plug for as long as it is locked."
WORD = [
    ("Heading1", "The cable is stuck"),
    ("Normal", LEAD),
    ("Heading2", "Still stuck"),
    ("Normal", "Call the operator."),
]


def article(content: str | bytes, kind: Kind, title: str | None = None) -> Extract:
    return only(extract(document(content, kind, title), RULES))


def skipped(content: str | bytes, kind: Kind) -> str:
    return reason(extract(document(content, kind), RULES))


def test_html() -> None:
    assert article(ARTICLE, "html").title == "The cable does not come out"


def test_markdown_with_front_matter_lists_and_a_table() -> None:
    found = article(
        f"---\ntitle: Stuck cables\n---\n\n{LEAD}\n\n## Do this\n\n1. Unlock the car.\n2. Pull.\n\n"
        "| Light | Meaning |\n|---|---|\n| red | locked |\n",
        "markdown",
    )
    assert found.title == "Stuck cables"
    assert found.blocks[:3] == (Paragraph(LEAD), Heading("Do this", 2), Steps(("Unlock the car.", "Pull.")))


def test_markdown_takes_its_title_from_the_first_heading() -> None:
    assert article(f"# Stuck\n\n{LEAD}", "markdown").title == "Stuck"


def test_text() -> None:
    found = article(f"Stuck cables\n\n{LEAD}\n\nUnlock it.", "text")
    assert (found.title, found.blocks) == ("Stuck cables", (Paragraph(LEAD), Paragraph("Unlock it.")))


def test_word() -> None:
    found = article(docx(WORD), "docx")
    assert found.title == "The cable is stuck"
    assert found.blocks == (Paragraph(LEAD), Heading("Still stuck", 2), Paragraph("Call the operator."))


def test_pdf_with_headings_steps_and_cut_words() -> None:
    found = article(
        pdf(
            [
                (20, "The cable is stuck"), (11, "Usually the car holds the plug for as long as it is lo-"),
                (11, "cked, whatever the station says."), (11, ""), (15, "What to do"), (11, "1. Unlock the car."),
                (11, "2. End the charge."),
            ]
        ),
        "pdf",
    )  # fmt: skip
    assert found.title == "The cable is stuck"
    assert found.blocks == (
        Paragraph("Usually the car holds the plug for as long as it is locked, whatever the station says."),
        Heading("What to do", 2),
        Steps(("Unlock the car.", "End the charge.")),
    )


def test_headers_and_page_numbers_of_a_pdf_go() -> None:
    writer = PdfWriter()
    for number in range(1, 5):
        lines = [
            (9, "Acme Manual"),
            (11, f"Sentence {chr(64 + number)} says something that is worth a line."),
            (9, f"{number}"),
        ]
        writer.add_page(PdfReader(io.BytesIO(pdf(lines))).pages[0])
    packed = io.BytesIO()
    writer.write(packed)
    found = article(packed.getvalue(), "pdf", "Manual")
    sentences = [f"Sentence {letter} says something that is worth a line." for letter in "ABCD"]
    assert found.blocks == tuple(map(Paragraph, sentences))


def test_a_pdf_of_pictures_is_skipped() -> None:
    packed = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(packed, "PDF")
    assert "no text" in skipped(packed.getvalue(), "pdf")


def test_a_locked_pdf_is_skipped() -> None:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf([(11, LEAD)]))))
    writer.encrypt("secret", algorithm="RC4-128")
    packed = io.BytesIO()
    writer.write(packed)
    assert "password" in skipped(packed.getvalue(), "pdf")


@pytest.mark.parametrize("kind", ["html", "markdown", "text", "docx", "pdf"])
def test_empty_documents_are_skipped(kind: Kind) -> None:
    assert skipped(b" \n ", kind) == "It is empty."


@pytest.mark.parametrize("kind", ["docx", "pdf"])
@pytest.mark.parametrize("content", BROKEN)
def test_damaged_documents_are_skipped(kind: Kind, content: bytes) -> None:
    assert "cannot be" in skipped(content, kind) or "no text" in skipped(content, kind)


def test_every_cut_of_a_document_is_read_or_skipped() -> None:
    for kind, whole in (("docx", docx(WORD)), ("pdf", pdf([(11, LEAD)]))):
        for length in range(0, len(whole), 97):
            for each in extract(document(whole[:length], kind), RULES):
                assert isinstance(each, Extract | Skipped)


def test_huge_pages_are_skipped() -> None:
    assert "larger than" in skipped(b"<p>word</p>" * (RULES.limits.page_bytes // 10), "html")


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = zipped({"word/document.xml": b"0" * 60_000_000})
    assert len(bomb) < 100_000
    assert "zip bomb" in skipped(bomb, "docx")


def test_an_archive_of_too_many_files_is_not_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(RULES.limits.unpacked_files + 1):
            archive.writestr(str(number), "")
    assert "are the most" in skipped(packed.getvalue(), "docx")


def test_entities_in_a_document_of_word_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert "entities" in skipped(docx([("Normal", f"&b; {LEAD}")], before=bomb), "docx")


def test_bullets_typed_with_dots_become_a_list() -> None:
    found = article(f"Stuck\n\n{LEAD}\n\n• Unlock the car.\n• Pull it out.", "text")
    assert found.blocks[-1] == Bullets(("Unlock the car.", "Pull it out."))
