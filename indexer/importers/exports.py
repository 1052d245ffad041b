"""What other systems export, taken apart: one document an article.

* Zendesk Guide: the answer of its Help Center API's list of articles, with ``title``, ``body``, ``locale``.
* Intercom: the answer of its Articles API, with ``translated_content``.
* BookStack: its portable ZIP (``data.json`` with a book, a chapter or a page), a page of its API as JSON, and the HTML
  of a whole book, which is cut at its pages.
* WordPress: WXR, the XML of Tools › Export.
* Questions and answers as CSV.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from indexer.importers.archives import Unsafe, xml_root
from indexer.importers.extract import paragraphs
from indexer.importers.tree import decoded
from indexer.importers.types import Document, Skipped

Unpacked = Iterator[Document | Skipped]
_WP = "{http://wordpress.org/export/1.2/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_BLOCK = re.compile(r"<(?:p|div|ul|ol|table|h[1-6]|section|figure|blockquote|details)\b", re.IGNORECASE)
QUESTION = ("question", "questions", "title", "frage", "titel", "titre", "domanda", "titolo", "spørsmål", "tittel", "q")
ANSWER = ("answer", "answers", "body", "antwort", "text", "réponse", "reponse", "risposta", "testo", "svar", "a")
LANGUAGE = ("language", "locale", "lang", "sprache", "langue", "lingua", "språk")
csv.field_size_limit(2_000_000)


class _Exported(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Zendesk(_Exported):
    id: int | str
    title: str
    body: str | None = None
    html_url: str | None = None
    locale: str | None = None
    draft: bool = False


class _Translation(_Exported):
    title: str | None = None
    body: str | None = None
    state: str | None = None
    url: str | None = None


class _Intercom(_Translation):
    id: int | str
    default_locale: str | None = None
    translated_content: dict[str, Any] | None = None


class _Page(_Exported):
    id: int | str | None = None
    name: str
    html: str | None = None
    markdown: str | None = None
    draft: bool = False


def unpacked_json(file: Document) -> Unpacked:
    """The articles of an export as JSON, whichever system made it."""
    try:
        data = json.loads(decoded(file.content))
    except (json.JSONDecodeError, RecursionError):
        yield Skipped(file.address, "It is no valid JSON.")
        return
    if isinstance(data, list):
        data = {"articles": data}
    if not isinstance(data, dict):
        data = {}
    if isinstance(data.get("articles"), list):
        for entry in data["articles"]:
            yield from _zendesk(file, entry)
    elif isinstance(data.get("data"), list):
        for entry in data["data"]:
            yield from _intercom(file, entry)
    elif data.get("type") == "article":
        yield from _intercom(file, data)
    elif any(isinstance(data.get(kind), dict) for kind in ("book", "chapter", "page")):
        yield from _bookstack(file, data)
    elif "name" in data and ("html" in data or "markdown" in data):
        yield from _bookstack(file, {"page": data})
    else:
        yield Skipped(file.address, "This JSON is no export of Zendesk Guide, Intercom Articles or BookStack.")


def _zendesk(file: Document, entry: object) -> Unpacked:
    try:
        article = _Zendesk.model_validate(entry)
    except ValidationError:
        yield Skipped(file.address, "An entry is no article of Zendesk Guide; it needs id, title and body.")
        return
    address = article.html_url or f"{file.address}#{article.id}"
    if article.draft:
        yield Skipped(address, "It is a draft in Zendesk Guide, not published there.")
        return
    yield _page(file, address, "zendesk", article.title, article.body or "", article.locale)


def _intercom(file: Document, entry: object) -> Unpacked:
    try:
        article = _Intercom.model_validate(entry)
        # Beside the translations stands the name of their type, and null for what is not translated.
        others = {
            locale: _Translation.model_validate(content)
            for locale, content in (article.translated_content or {}).items()
            if isinstance(content, dict)
        }
    except ValidationError:
        yield Skipped(file.address, "An entry is no article of Intercom; it needs id, title and body.")
        return
    versions: dict[str | None, _Translation] = {article.default_locale: article}
    versions.update(others)
    for locale, version in versions.items():
        address = version.url or f"{file.address}#{article.id}"
        # The address of an article does not say its language where the translation has no address of its own.
        if locale != article.default_locale and not version.url:
            address = f"{address}-{locale}"
        if version.state == "draft":
            yield Skipped(address, "It is a draft in Intercom, not published there.")
        else:
            yield _page(file, address, "intercom", version.title or "", version.body or "", locale)


def _bookstack(file: Document, data: dict[str, Any]) -> Unpacked:
    waiting = [data[kind] for kind in ("book", "chapter", "page") if isinstance(data.get(kind), dict)]
    while waiting:
        entry = waiting.pop(0)
        lists = [entry[key] for key in ("chapters", "pages") if isinstance(entry.get(key), list)]
        inner = [each for found in lists for each in found if isinstance(each, dict)]
        if lists:
            waiting = inner + waiting
            continue
        try:
            page = _Page.model_validate(entry)
        except ValidationError:
            yield Skipped(file.address, "An entry is no page of BookStack; it needs a name, and html or markdown.")
            continue
        address = f"{file.address}#{page.id if page.id is not None else page.name}"
        if page.draft:
            yield Skipped(address, "It is a draft in BookStack, not published there.")
        elif page.html:
            yield _page(file, address, "bookstack", page.name, page.html, None)
        else:
            markdown = replace(file, address=address, kind="markdown", importer="bookstack", title=page.name)
            yield replace(markdown, content=(page.markdown or "").encode(), encoding="utf-8")


def unpacked_book(file: Document) -> Unpacked:
    """The pages of a book that BookStack exported as one HTML file, or the file itself if it is none."""
    text = decoded(file.content, file.encoding)
    starts = list(re.finditer(r"""<h1\s+id=["'](page-\d+)["'][^>]*>(.*?)</h1>""", text, re.DOTALL | re.IGNORECASE))
    if not starts:
        yield file
        return
    ends = [match.start() for match in starts[1:]] + [len(text)]
    for match, end in zip(starts, ends, strict=True):
        title = html.unescape(re.sub(r"<[^>]+>", "", match[2])).strip()
        yield _page(file, f"{file.address}#{match[1]}", "bookstack", title, text[match.end() : end], None)


def unpacked_wordpress(file: Document) -> Unpacked:
    """The published posts and pages of a WXR file."""
    try:
        root = xml_root(file.content)
    except Unsafe as error:
        yield Skipped(file.address, str(error))
        return
    if root.tag != "rss" or root.find("channel") is None:
        yield Skipped(file.address, "This XML is no export of WordPress (WXR).")
        return
    for item in root.iterfind("channel/item"):
        name = (item.findtext("title") or "").strip()
        address = (item.findtext("link") or "").strip() or f"{file.address}#{item.findtext(f'{_WP}post_id')}"
        kind, status = item.findtext(f"{_WP}post_type"), item.findtext(f"{_WP}status")
        if kind in ("attachment", "nav_menu_item", "revision", "custom_css", "wp_global_styles", "wp_navigation"):
            continue
        if status != "publish":
            yield Skipped(address, f"It is not published in WordPress ({status or 'no status'}).")
            continue
        body = item.findtext(_CONTENT) or ""
        # WordPress itself makes paragraphs of empty lines when it shows a text of its classic editor.
        text = body if "<p" in body.lower() else _with_paragraphs(body)
        yield _page(file, address, "wordpress", name, text, None)


def _with_paragraphs(body: str) -> str:
    parts = (part.strip() for part in re.split(r"\n\s*\n", body.replace("\r\n", "\n")))
    return "".join(part if _BLOCK.match(part) else f"<p>{part.replace(chr(10), '<br>')}</p>" for part in parts if part)


def unpacked_csv(file: Document) -> Unpacked:
    """A question and its answer a row; the first row names the columns."""
    text = decoded(file.content, file.encoding)
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:8192], delimiters=",;\t|")
    except csv.Error:
        dialect = "excel"
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), dialect=dialect))
    except csv.Error as error:
        yield Skipped(file.address, f"It is no valid CSV ({error}).")
        return
    names = {(name or "").strip().lstrip("\ufeff").lower(): name for name in (rows[0] if rows else {})}
    question, answer, language = (_column(names, wanted) for wanted in (QUESTION, ANSWER, LANGUAGE))
    if question is None or answer is None:
        yield Skipped(file.address, "Its first row must name the columns, one of them “question” and one “answer”.")
        return
    for number, row in enumerate(rows, start=2):
        title, body = (str(row.get(column) or "").strip() for column in (question, answer))
        address = f"{file.address}#{number}"
        if not title or not body:
            yield Skipped(address, f"Row {number} has no question or no answer.")
            continue
        claimed = str(row.get(language) or "") if language else None
        as_html = body if _BLOCK.search(body) else paragraphs(body)
        yield _page(file, address, "csv", title, as_html, claimed)


def _column(names: dict[str, str], wanted: tuple[str, ...]) -> str | None:
    return next((names[name] for name in wanted if name in names), None)


def _page(file: Document, address: str, importer: str, title: str, body: str, locale: str | None) -> Document:
    language = re.split(r"[-_]", locale)[0].lower() if locale else None
    name = title.strip() or None
    return Document(address, "html", body.encode(), file.fetched, importer, name, "utf-8", language)
