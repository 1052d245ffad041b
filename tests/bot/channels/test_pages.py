"""The pages and the widget's file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.adapters.demo.page import DemoPage
from bot.app import create_app
from bot.channels import pages
from bot.conversation import Conversations
from bot.replies.catalogues import translations
from indexer.knowledge import DRIVER_LANGUAGES
from tests.talking import services_of

KB = Path(__file__).parents[3] / "kb"
SCRIPT = b"(() => {})();"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoPage]:
    opened = DemoPage(tmp_path_factory.mktemp("world") / "world.db")
    yield opened
    opened.close()


@pytest.fixture
def client(small_talks: Conversations, demo: DemoPage) -> Iterator[TestClient]:
    with TestClient(create_app(replace(services_of(small_talks), demo=demo), KB)) as opened:
        yield opened


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the built widget is."""
    file = tmp_path / "widget.js"
    file.write_bytes(SCRIPT)
    monkeypatch.setattr(pages, "BUILT", file)
    return file


@pytest.fixture
def not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "BUILT", tmp_path / "nothing.js")


@pytest.mark.parametrize("language", DRIVER_LANGUAGES)
def test_the_demo_speaks_every_language(client: TestClient, language: str) -> None:
    page = client.get("/", params={"language": language}).text
    assert f'<html lang="{language}">' in page
    assert translations(language).gettext("Which station are you at?") in page


def test_a_language_that_is_none_of_ours_is_passed_over(client: TestClient) -> None:
    page = client.get("/", params={"language": "tlh"}, headers={"Accept-Language": "fr"}).text
    assert '<html lang="fr">' in page


def test_the_demo_embeds_the_widget(client: TestClient, built: Path) -> None:
    assert '<script src="/widget.js" data-locale="de" defer></script>' in client.get("/?language=de").text


@pytest.mark.usefixtures("not_built")
def test_without_a_built_widget_the_demo_leads_to_the_plain_page(client: TestClient) -> None:
    page = client.get("/").text
    assert "widget.js" not in page
    assert 'href="/plain/"' in page


def test_the_demo_runs_only_code_and_styles_of_its_own_files(client: TestClient, built: Path) -> None:
    response = client.get("/")
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:", response.text) == []
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]


def test_the_demo_finds_its_files(client: TestClient, built: Path) -> None:
    needed = re.findall(r'(?:src|href)="(/[^"]*)"', client.get("/").text)
    assert {path: client.get(path).status_code for path in needed} == dict.fromkeys(needed, 200)


def test_the_plain_page_stays(client: TestClient) -> None:
    page = client.get("/plain/", headers={"Accept-Language": "nb"})
    assert translations("nb").gettext("Your message") in page.text
    assert client.get("/plain").url.path == "/plain/"


def test_the_widget_is_served_as_a_script_that_any_page_may_load(client: TestClient, built: Path) -> None:
    answer = client.get("/widget.js")
    assert (answer.status_code, answer.content) == (200, SCRIPT)
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_widget_that_is_known_is_not_sent_again(client: TestClient, built: Path) -> None:
    tag = client.get("/widget.js").headers["ETag"]
    again = client.get("/widget.js", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)


def test_a_new_build_is_sent_at_once(client: TestClient, built: Path) -> None:
    tag = client.get("/widget.js").headers["ETag"]
    built.write_bytes(b"// new")
    assert client.get("/widget.js", headers={"If-None-Match": tag}).content == b"// new"


@pytest.mark.usefixtures("not_built")
def test_a_widget_that_is_not_built_says_what_to_do(client: TestClient) -> None:
    answer = client.get("/widget.js")
    assert (answer.status_code, "widget/build" in answer.text) == (404, True)
