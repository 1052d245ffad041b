"""Exports of other systems are taken apart into articles, and only what is published there is taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from indexer.importers.exports import unpacked_book, unpacked_csv, unpacked_json, unpacked_wordpress
from indexer.importers.extract import extract
from indexer.importers.files import Files
from indexer.importers.rules import shipped_rules
from indexer.importers.types import Document, Extract, Heading, Paragraph, Skipped, Steps
from tests.indexer.importers.builders import StoppedTime, document, zipped

RULES = shipped_rules()
BODY = "<p>Usually the car holds the plug for as long as it is locked.</p><ol><li>Unlock it.</li><li>Pull.</li></ol>"
TEXT = Paragraph("Usually the car holds the plug for as long as it is locked.")


def documents(found: Iterator[Document | Skipped]) -> list[Document]:
    return [each for each in found if isinstance(each, Document)]


def reasons(found: Iterator[Document | Skipped]) -> list[str]:
    return [each.reason for each in found if isinstance(each, Skipped)]


def as_json(data: object) -> Document:
    return document(json.dumps(data), "text", address="export.json")


def read(one: Document) -> Extract:
    (found,) = extract(one, RULES)
    assert isinstance(found, Extract)
    return found


ZENDESK = {
    "count": 2,
    "articles": [
        {"id": 360001, "title": "Stuck cable", "body": BODY, "locale": "en-us", "draft": False,
         "html_url": "https://help.example.org/hc/en-us/articles/360001", "label_names": [], "vote_sum": 3},
        {"id": 360002, "title": "Not yet", "body": BODY, "locale": "en-us", "draft": True},
    ],
}  # fmt: skip


def test_zendesk() -> None:
    (found,) = documents(unpacked_json(as_json(ZENDESK)))
    assert (found.address, found.language) == ("https://help.example.org/hc/en-us/articles/360001", "en")
    assert (read(found).title, read(found).blocks[0]) == ("Stuck cable", TEXT)
    assert reasons(unpacked_json(as_json(ZENDESK))) == ["It is a draft in Zendesk Guide, not published there."]


def test_a_heading_of_the_first_level_inside_an_exported_body_keeps_what_is_above_it() -> None:
    entry = {
        "id": 1,
        "title": "Stuck cable",
        "body": f"{BODY}<h1>Still stuck</h1><p>Call the operator, who can help.</p>",
    }
    (found,) = documents(unpacked_json(as_json({"articles": [entry]})))
    assert read(found).blocks[0] == TEXT
    assert Heading("Still stuck", 2) in read(found).blocks


def test_intercom_with_its_translations() -> None:
    german = "<p>Meistens hält das Auto den Stecker fest, solange es verriegelt ist.</p>"
    data = {
        "type": "list",
        "data": [
            {"type": "article", "id": "77", "title": "Stuck cable", "body": BODY, "state": "published", "url": None,
             "default_locale": "en", "translated_content": {
                 "type": "article_translated_content",
                 "en": {"title": "Stuck cable", "body": BODY, "state": "published"},
                 "de": {"title": "Kabel sitzt fest", "body": german, "state": "published"}, "fr": None,
                 "it": {"title": "Bozza", "body": "", "state": "draft"}}},
        ],
    }  # fmt: skip
    found = documents(unpacked_json(as_json(data)))
    assert [(each.address, each.title) for each in found] == [
        ("export.json#77", "Stuck cable"), ("export.json#77-de", "Kabel sitzt fest"),
    ]  # fmt: skip
    assert [read(each).language for each in found] == ["en", "de"]
    assert reasons(unpacked_json(as_json(data))) == ["It is a draft in Intercom, not published there."]


PAGES = [{"id": 4, "name": "Stuck cable", "html": BODY}, {"id": 5, "name": "In Markdown", "markdown": f"{TEXT.text}\n"}]


@pytest.mark.parametrize(
    "data",
    [
        {"book": {"name": "B", "chapters": [{"name": "C", "pages": PAGES[:1]}], "pages": PAGES[1:]}},
        {"chapter": {"pages": PAGES}},
    ],
)
def test_bookstack_portable(data: dict[str, object], tmp_path) -> None:
    path = tmp_path / "book.zip"
    path.write_bytes(zipped({"data.json": json.dumps({"instance": {}, **data}).encode(), "files/1.png": b"x"}))
    found = documents(Files(path, RULES, StoppedTime()).documents())
    assert [(each.title, each.importer) for each in found] == [
        ("Stuck cable", "bookstack"),
        ("In Markdown", "bookstack"),
    ]
    assert [read(each).blocks[0] for each in found] == [TEXT, TEXT]


def test_bookstack_page_of_the_api() -> None:
    (found,) = documents(unpacked_json(as_json({"id": 4, "slug": "s", **PAGES[0]})))
    assert read(found).title == "Stuck cable"


def test_bookstack_book_as_html_is_cut_at_its_pages() -> None:
    pages = f'<h1 id="page-1">One</h1>{BODY}<h1 id="page-2">Two &amp; more</h1>{BODY}'
    book = f"<html><body><h1>Manual</h1>{pages}</body></html>"
    found = documents(unpacked_book(document(book)))
    assert [(each.address, each.title) for each in found] == [("page#page-1", "One"), ("page#page-2", "Two & more")]


WXR = """<?xml version="1.0" encoding="UTF-8"?>{before}<rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<item><title>Stuck cable</title><link>https://blog.example.org/stuck</link><wp:post_id>1</wp:post_id>
<wp:status>publish</wp:status><wp:post_type>page</wp:post_type><content:encoded><![CDATA[<!-- wp:heading -->
<h2>First</h2>

Usually the car holds the plug for as long as it is locked.

[gallery ids="1,2"]
<ol>
<li>Unlock it.</li>
</ol>

<ol>
<li>Pull.</li>
</ol>]]></content:encoded></item>
<item><title>Later</title><link>https://blog.example.org/later</link><wp:status>draft</wp:status>
<wp:post_type>post</wp:post_type></item>
<item><title>photo</title><wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type></item>
</channel></rss>"""


def test_wordpress() -> None:
    (found,) = documents(unpacked_wordpress(document(WXR.format(before=""), "text")))
    assert (found.address, found.importer) == ("https://blog.example.org/stuck", "wordpress")
    assert read(found).blocks == (Heading("First", 2), TEXT, Steps(("Unlock it.", "Pull.")))
    assert reasons(unpacked_wordpress(document(WXR.format(before=""), "text"))) == [
        "It is not published in WordPress (draft)."
    ]


def test_an_entity_bomb_is_refused() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    found = list(unpacked_wordpress(document(WXR.format(before=bomb).replace("Stuck cable", "&b;"), "text")))
    assert "entities" in "".join(reasons(iter(found)))
    assert documents(iter(found)) == []


def test_other_xml_is_skipped() -> None:
    assert "no export of WordPress" in reasons(unpacked_wordpress(document("<feed/>", "text")))[0]


@pytest.mark.parametrize(
    "columns", ["question{0}answer", "Frage{0}Antwort", "id{0}Domanda{0}Risposta", "\ufeffSpørsmål{0}Svar"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_of_questions_and_answers(columns: str, separator: str) -> None:
    lead = f"7{separator}" if columns.startswith("id") else ""
    rows = f'{lead}Is it stuck?{separator}"{TEXT.text}\n\nThen pull."\n'
    (found,) = documents(unpacked_csv(document(columns.format(separator) + "\n" + rows, "text", address="faq.csv")))
    assert (found.address, found.title) == ("faq.csv#2", "Is it stuck?")
    assert read(found).blocks == (TEXT, Paragraph("Then pull."))


def test_rows_without_an_answer_are_skipped_and_the_rest_goes_on() -> None:
    table = document(f"question,answer\nEmpty?,\nFull?,{TEXT.text}\n", "text")
    assert reasons(unpacked_csv(table)) == ["Row 2 has no question or no answer."]
    assert [each.title for each in documents(unpacked_csv(table))] == ["Full?"]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "one column\nx\n", "\x00\x01"])
def test_other_tables_are_skipped(text: str) -> None:
    assert "“question”" in reasons(unpacked_csv(document(text, "text")))[0]


BROKEN_ENTRIES = ['{"articles": [7, {"id": 1}]}', '{"data": [null]}', '{"page": {"id": 1}}']


@pytest.mark.parametrize("content", ["{", "[]", "3", '"x"', "{}", "[" * 99_999, *BROKEN_ENTRIES])
def test_other_json_is_skipped_or_empty(content: str) -> None:
    file = replace(document(content, "text"), address="export.json")
    assert documents(unpacked_json(file)) == []
