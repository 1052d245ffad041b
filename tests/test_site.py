"""The documentation site: every page has its place, every link leads somewhere, nothing comes from other hosts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.site import ROOT, build_site

LOADED = {"src", "srcset", "poster", "data"}
"""Attributes whose address a browser fetches by itself; of links only some are."""
FETCHED_LINKS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload"}
FOREIGN = re.compile(r"^\s*(?:[a-z]+:)?//", re.IGNORECASE)
IN_STYLES = re.compile(r"(?:url\(|@import)\s*[\"']?\s*((?:https?:)?//[^\"')\s]+)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("site")
    built = build_site(ROOT, into)
    assert built.returncode == 0, built.stdout
    return into


def fetched(page: str) -> Iterator[str]:
    """Addresses that a browser fetches for this page."""
    for node in LexborHTMLParser(page).css("*"):
        for name, value in node.attributes.items():
            rel = set((node.attributes.get("rel") or "").split())
            if name in LOADED or (name == "href" and node.tag == "link" and rel & FETCHED_LINKS):
                yield value or ""


def test_no_page_fetches_anything_from_another_host(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 25
    found = {
        f"{page.relative_to(site)}: {address}"
        for page in pages
        for address in fetched(page.read_text(encoding="utf-8"))
        if FOREIGN.match(address)
    }
    assert found == set()


def test_no_style_fetches_anything_from_another_host(site: Path) -> None:
    styles = [*site.rglob("*.css"), *site.rglob("*.html"), *site.rglob("*.svg")]
    assert {host for each in styles for host in IN_STYLES.findall(each.read_text(encoding="utf-8"))} == set()


def test_no_page_has_a_diagram_that_a_script_would_be_fetched_for(site: Path) -> None:
    assert [page.name for page in site.rglob("*.html") if 'class="mermaid"' in page.read_text(encoding="utf-8")] == []


def test_a_page_without_a_place_and_a_link_to_nowhere_are_errors(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    (tmp_path / "docs" / "lost.md").write_text("# Lost\n\n[Up](index.md#nowhere) [Off](gone.md)\n", encoding="utf-8")
    built = build_site(tmp_path, tmp_path / "site")
    assert built.returncode != 0
    for said in ("lost.md", "#nowhere", "gone.md"):
        assert said in built.stdout


def test_what_is_fetched_is_found() -> None:
    page = '<link rel="stylesheet" href="//a.example/x"><link rel="canonical" href="//b.example"><img src="c.png">'
    assert list(fetched(page)) == ["//a.example/x", "c.png"]
