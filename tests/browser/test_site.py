"""The documentation site in a browser: it asks no other host, sets no cookie, and its search works."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.site import ROOT, build_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and does not tell of it."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built site; the browser is asked for first, since without one nothing is built."""
    into = tmp_path_factory.mktemp("site")
    built = build_site(ROOT, into)
    assert built.returncode == 0, built.stdout
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(into))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["index", "tour", "architecture", "how-to/add-a-topic", "reference/commands"])
def test_a_page_shows_all_of_itself(new_context: NewContext, site: str, path: str, scheme: str) -> None:
    page: Page = new_context(color_scheme=scheme).new_page()
    page.goto(f"{site}/{path}.html")
    expect(page.locator("h1")).to_be_visible()
    pictures = page.locator("article img")
    for number in range(pictures.count()):
        pictures.nth(number).scroll_into_view_if_needed()
        assert pictures.nth(number).evaluate("each => each.decode().then(() => each.naturalWidth > 0)")
    shown = "default" if scheme == "light" else "slate"
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", shown)


def test_the_search_finds_a_page(new_context: NewContext, site: str) -> None:
    page: Page = new_context().new_page()
    page.goto(f"{site}/index.html")
    page.keyboard.press("/")
    page.keyboard.type("PLUGDESK_PROXIES")
    expect(page.locator(".md-search-result__link").first).to_be_visible()
