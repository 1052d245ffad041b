"""Documents for the tests, built from a few words."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

from indexer.importers.types import Document, Extract, Kind, Skipped

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ARTICLE = """<h1>The cable does not come out</h1>
<p>Usually the car holds the plug for as long as it is locked.</p>
<ol><li>Unlock the car.</li><li>End the charge in the app.</li></ol>"""


class StoppedTime:
    """A clock that moves only when somebody waits."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def now(self) -> datetime:
        return NOON + timedelta(seconds=sum(self.waits))

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


def document(content: str | bytes, kind: Kind = "html", title: str | None = None, address: str = "page") -> Document:
    raw = content.encode() if isinstance(content, str) else content
    return Document(address, kind, raw, NOON, kind, title)


def only(found: list[Extract | Skipped]) -> Extract:
    """The one article of a document."""
    assert len(found) == 1, found
    assert isinstance(found[0], Extract), found[0]
    return found[0]


def reason(found: list[Extract | Skipped]) -> str:
    """Why a document gave no article."""
    assert len(found) == 1, found
    assert isinstance(found[0], Skipped), found[0]
    return found[0].reason


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(paragraphs: list[tuple[str, str]], before: str = "") -> bytes:
    """A document of Word: style and text of each paragraph; ``before`` stands in front of its root element."""
    one = '<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    body = "".join(one.format(style, text) for style, text in paragraphs)
    names = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/></w:style>' for n in (1, 2)
    )
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
            f'"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
            f'ContentType="{main}.document.main+xml"/></Types>'.encode(),
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type='
            f'"{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'.encode(),
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r2" '
            f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'.encode(),
            "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{names}</w:styles>'.encode(),
            "word/document.xml": f'{before}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'.encode(),
        }
    )


def pdf(lines: list[tuple[int, str]], pages: int = 1) -> bytes:
    """A PDF with lines of a size in points each, one below the other, the same on every page."""
    show, height = "", 780
    for size, text in lines:
        height -= 14 if text else 24
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        show += f"BT /F1 {size} Tf 1 0 0 1 60 {height} Tm ({escaped}) Tj ET\n"
    stream = show.encode("cp1252")
    kids = " ".join(f"{4 + number} 0 R" for number in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *[
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % (4 + pages)
        ]
        * pages,
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, each)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)
    return bytes(out)
