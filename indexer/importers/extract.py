"""From a document to articles: the one function that knows every kind. Pure: bytes in, values out."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from dataclasses import replace

import mammoth
import yaml
from markdown_it import MarkdownIt

from indexer.importers.archives import Unsafe, members, xml_root
from indexer.importers.pages import extract_page
from indexer.importers.pdf import extract_pdf
from indexer.importers.rules import Rules
from indexer.importers.tree import decoded
from indexer.importers.types import Document, Extract, Skipped

_FRONT = re.compile(r"\A---\s*\n(.*?\n)---\s*\n", re.DOTALL)
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")


def extract(document: Document, rules: Rules) -> list[Extract | Skipped]:
    """The articles of a document, or why there are none. Never raises for what stands in the document."""
    if not document.content.strip():
        return [Skipped(document.address, "It is empty.")]
    if len(document.content) > rules.limits.file_bytes:
        return [Skipped(document.address, f"It is larger than {rules.limits.file_bytes // 1_000_000} MB.")]
    try:
        return _READERS[document.kind](document, rules)
    except Unsafe as error:
        return [Skipped(document.address, str(error))]
    except RecursionError:
        return [Skipped(document.address, "Its parts stand in each other without end.")]


def _page(document: Document, rules: Rules) -> list[Extract | Skipped]:
    if len(document.content) > rules.limits.page_bytes:
        return [Skipped(document.address, f"The page is larger than {rules.limits.page_bytes // 1_000_000} MB.")]
    return extract_page(document, rules)


def _markdown(document: Document, rules: Rules) -> list[Extract | Skipped]:
    text = decoded(document.content, document.encoding).replace("\r\n", "\n")
    title = document.title
    front = _FRONT.match(text)
    if front:
        text = text[front.end() :]
        title = title or _front_title(front[1])
    return _page(_as_page(document, _MARKDOWN.render(text), title), rules)


def _front_title(front: str) -> str | None:
    try:
        values = yaml.safe_load(front)
    except yaml.YAMLError:
        return None
    title = values.get("title") if isinstance(values, dict) else None
    return title if isinstance(title, str) else None


def _text(document: Document, rules: Rules) -> list[Extract | Skipped]:
    """Plain text: paragraphs with empty lines between; the first line is the title."""
    text = decoded(document.content, document.encoding).replace("\r\n", "\n").strip()
    first, _, rest = text.partition("\n")
    return _page(_as_page(document, paragraphs(rest), document.title or first.strip()), rules)


def paragraphs(text: str) -> str:
    """Plain text as HTML."""
    parts = (html.escape(part.strip()).replace("\n", "<br>") for part in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{part}</p>" for part in parts if part)


def _docx(document: Document, rules: Rules) -> list[Extract | Skipped]:
    for name, content in members(document.content, rules.limits):
        if name.endswith((".xml", ".rels")):
            xml_root(content)
    try:
        converted = mammoth.convert_to_html(
            io.BytesIO(document.content), convert_image=mammoth.images.img_element(lambda _image: {"src": ""})
        )
    # A file that only looks like a document of Word fails anywhere inside the library.
    except Exception as error:
        return [Skipped(document.address, f"It cannot be read as a document of Word ({type(error).__name__}).")]
    return _page(_as_page(document, converted.value, document.title), rules)


def _as_page(document: Document, page: str, title: str | None) -> Document:
    return replace(document, kind="html", content=page.encode(), encoding="utf-8", title=title)


_READERS: dict[str, Callable[[Document, Rules], list[Extract | Skipped]]] = {
    "html": _page,
    "markdown": _markdown,
    "text": _text,
    "docx": _docx,
    "pdf": extract_pdf,
}
