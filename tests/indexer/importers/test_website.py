"""A help centre on a real server: polite, only the named host, and every kind of bad page is skipped."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from indexer.importers.fetching import USER_AGENT, HttpFetcher, same_host
from indexer.importers.rules import Rules, shipped_rules
from indexer.importers.types import Document, Skipped
from indexer.importers.website import Website
from tests.indexer.importers.builders import ARTICLE, StoppedTime

RULES = shipped_rules()
Answer = tuple[int, dict[str, str], bytes]


class Site:
    """A server on loopback whose answers a test fills in; it remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.drip: set[str] = set()
        self.over = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.agents.add(self.headers["User-Agent"])
                status, headers, content = site.answers.get(self.path, (404, {}, b"missing"))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if self.path not in site.drip:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                try:
                    self.wfile.write(content)
                    while self.path in site.drip and not site.over.wait(0.05):
                        self.wfile.write(b"<p>more</p>")
                        self.wfile.flush()
                except OSError:
                    pass  # the client has had enough

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def page(self, path: str, content: str | bytes = ARTICLE, kind: str = "text/html; charset=utf-8") -> None:
        raw = content.encode() if isinstance(content, str) else content
        self.answers[path] = (200, {"Content-Type": kind}, raw)

    def redirect(self, path: str, to: str) -> None:
        self.answers[path] = (302, {"Location": to}, b"")


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield site
    site.over.set()
    site.server.shutdown()
    thread.join()
    site.server.server_close()


def limited(**limits: float) -> Rules:
    return RULES.model_copy(update={"limits": RULES.limits.model_copy(update=limits)})


def read(site: Site, path: str, rules: Rules = RULES, clock: StoppedTime | None = None) -> list[Document | Skipped]:
    with httpx.Client(timeout=5) as client:
        fetcher = HttpFetcher(client, rules.limits, time.monotonic)
        return list(Website(site.url + path, fetcher, rules, clock or StoppedTime()).documents())


def paths(site: Site, found: list[Document | Skipped]) -> list[str]:
    return [each.address.removeprefix(site.url) for each in found if isinstance(each, Document)]


def reasons(found: list[Document | Skipped]) -> dict[str, str]:
    return {each.address.rpartition("/")[2]: each.reason for each in found if isinstance(each, Skipped)}


def test_one_page(site: Site) -> None:
    site.page("/help/cable")
    (found,) = read(site, "/help/cable")
    assert isinstance(found, Document)
    assert (found.address, found.kind, found.content) == (f"{site.url}/help/cable", "html", ARTICLE.encode())
    assert site.agents == {USER_AGENT}


def test_pages_below_the_address_are_followed_and_no_others(site: Site) -> None:
    links = '<a href="a">x</a><a href="/help/b#top">x</a><a href="/about">x</a><a href="http://127.0.0.2/help/c">x</a>'
    site.page("/help/", f'{ARTICLE}{links}<a href="mailto:x@example.org">x</a><a href="http://[">x</a>')
    site.page("/help/a", f'{ARTICLE}<a href="/help/">back</a><a href="b">x</a>')
    site.page("/help/b")
    assert paths(site, read(site, "/help/")) == ["/help/", "/help/a", "/help/b"]
    assert site.asked == ["/robots.txt", "/help/", "/help/a", "/help/b"]


def test_a_sitemap_and_the_sitemaps_it_lists(site: Site) -> None:
    listed = f"<urlset><url><loc>{site.url}/a</loc></url><url><loc>https://elsewhere.example/b</loc></url></urlset>"
    site.page("/sitemap.xml", f"<sitemapindex><sitemap><loc>{site.url}/one.xml.gz</loc></sitemap></sitemapindex>")
    site.page("/one.xml.gz", gzip.compress(listed.encode()), "application/gzip")
    site.page("/a", f'{ARTICLE}<a href="/not-listed">x</a>')
    found = read(site, "/sitemap.xml")
    assert paths(site, found) == ["/a"]
    assert "other hosts" in reasons(found)["one.xml.gz"]


def test_robots_are_asked_first_and_obeyed(site: Site) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /help/private\n", "text/plain")
    site.page("/help/", f'{ARTICLE}<a href="private/x">x</a><a href="old">x</a>')
    site.redirect("/help/old", "/help/private/y")
    site.page("/help/private/y")
    found = read(site, "/help/")
    assert paths(site, found) == ["/help/"]
    assert set(reasons(found)) == {"x", "old"}
    assert "/help/private/x" not in site.asked


@pytest.mark.parametrize(("status", "pages"), [(404, 1), (403, 1), (500, 0), (503, 0)])
def test_missing_robots_allow_and_broken_ones_forbid(site: Site, status: int, pages: int) -> None:
    site.answers["/robots.txt"] = (status, {}, b"")
    site.page("/a")
    assert len(paths(site, read(site, "/a"))) == pages


def test_requests_are_apart_as_the_site_wishes(site: Site) -> None:
    site.page("/robots.txt", "User-agent: *\nCrawl-delay: 7\n", "text/plain")
    site.page("/help/", f'{ARTICLE}<a href="a">x</a>')
    site.page("/help/a")
    clock = StoppedTime()
    read(site, "/help/", clock=clock)
    assert clock.waits == [RULES.limits.pause_s, 7.0] or clock.waits == [7.0, 7.0]


def test_a_site_that_wants_too_much_patience_is_not_read(site: Site) -> None:
    site.page("/robots.txt", "User-agent: *\nCrawl-delay: 600\n", "text/plain")
    assert "600 seconds" in reasons(read(site, "/a"))["a"]
    assert site.asked == ["/robots.txt"]


def test_bad_pages_are_skipped_and_the_rest_goes_on(site: Site) -> None:
    names = ["loop", "away", "long", "login", "closed", "missing", "huge", "slow", "picture", "good"]
    site.page("/help/", ARTICLE + "".join(f'<a href="{name}">x</a>' for name in names))
    site.redirect("/help/loop", "/help/loop2")
    site.redirect("/help/loop2", "/help/loop")
    site.redirect("/help/away", "http://127.0.0.2:1/help/away")
    site.redirect("/help/long", "/help/long1")
    for number in range(1, 9):
        site.redirect(f"/help/long{number}", f"/help/long{number + 1}")
    site.redirect("/help/login", "/users/sign_in?back=/help/login")
    site.answers["/help/closed"] = (403, {}, b"")
    site.page("/help/huge", b"<p>word</p>" * 10_000)
    site.page("/help/slow")
    site.drip.add("/help/slow")
    site.page("/help/picture", b"x", "image/png")
    site.page("/help/good")
    found = read(site, "/help/", limited(page_bytes=50_000, seconds=0.5))
    assert paths(site, found) == ["/help/", "/help/good"]
    said = reasons(found)
    expected = {
        "loop": "in a circle", "away": "another host", "long": "more than 5 times", "login": "sign-in",
        "closed": "sign-in", "missing": "404", "huge": "larger than", "slow": "longer than", "picture": "image/png",
    }  # fmt: skip
    assert {name: part for name, part in expected.items() if part not in said[name]} == {}


def test_the_number_of_pages_is_limited(site: Site) -> None:
    site.page("/help/", ARTICLE + "".join(f'<a href="{number}">x</a>' for number in range(9)))
    found = read(site, "/help/", limited(pages=3))
    assert len(site.asked) == 4
    assert "which is the most" in found[-1].reason if isinstance(found[-1], Skipped) else False


def test_a_sitemap_with_entities_is_refused(site: Site) -> None:
    site.page("/sitemap.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><urlset><url><loc>&a;</loc></url></urlset>')
    assert "entities" in reasons(read(site, "/sitemap.xml"))["sitemap.xml"]


def test_a_server_that_is_not_there(site: Site) -> None:
    with httpx.Client(timeout=5) as client:
        there = Website("http://127.0.0.1:1/a", HttpFetcher(client, RULES.limits), RULES, StoppedTime())
        (found,) = there.documents()
    assert isinstance(found, Skipped)
    assert "cannot be reached" in found.reason


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("http://a.example/x", "https://a.example/y", True),
        ("https://a.example/x", "http://a.example/y", False),
        ("https://a.example", "https://a.example:8443", False),
        ("https://a.example", "https://a.example.evil.example", False),
        ("https://a.example", "file:///etc/passwd", False),
        ("https://a.example", "https://a.example:x/", False),
    ],
)
def test_which_addresses_are_of_one_host(first: str, second: str, same: bool) -> None:
    assert same_host(first, second) is same


def test_one_page_with_the_name_of_a_file_is_one_page(site: Site) -> None:
    site.page("/help/cable.html", f'{ARTICLE}<a href="other.html">x</a><a href="/">x</a>')
    assert paths(site, read(site, "/help/cable.html")) == ["/help/cable.html"]
