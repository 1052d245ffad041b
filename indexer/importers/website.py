"""A help centre on the web: its sitemap, or the pages below an address that link to each other.

Polite: robots.txt is asked first (RFC 9309), requests are apart, and nothing but the named host is asked.
"""

from __future__ import annotations

import gzip
import io
import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

from protego import Protego

from indexer.importers.archives import Unsafe, xml_root
from indexer.importers.fetching import USER_AGENT, same_host
from indexer.importers.ports import Fetched, Fetcher, Time, Unfetchable
from indexer.importers.rules import Limits, Rules
from indexer.importers.tree import TooDeep, decoded, parsed
from indexer.importers.types import Document, Kind, Skipped

_KINDS: dict[str, Kind] = {
    "text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf", "text/markdown": "markdown",
    "text/plain": "text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}  # fmt: skip
_ROBOTS_BYTES = 512_000
_SITEMAP_BYTES = 52_428_800
"""The most that sitemaps.org allows."""
_NO_PAGE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico|css|js|mp4|webm|mp3|zip|exe|dmg|woff2?|json|rss|atom)\Z", re.I)


class Website:
    """What lies at ``url``: a sitemap's pages, or the page and those below it that it leads to."""

    def __init__(self, url: str, fetcher: Fetcher, rules: Rules, time: Time) -> None:
        self._start, self._fetcher, self._rules, self._time = url, fetcher, rules, time
        self._pause = rules.limits.pause_s
        self._asked = False
        self._robots: Protego | None = None

    def documents(self) -> Iterator[Document | Skipped]:
        """Every page once, as far as robots.txt and the limits allow."""
        refusal = self._read_robots()
        if refusal:
            yield Skipped(self._start, refusal)
            return
        waiting, seen = deque([self._start]), {_key(self._start)}
        pages = sitemaps = 0
        while waiting:
            url = waiting.popleft()
            if pages >= self._rules.limits.pages:
                yield Skipped(url, f"{pages} pages were read, which is the most; {len(waiting) + 1} are left.")
                return
            if not self._allowed(url):
                yield Skipped(url, "The site's robots.txt asks not to read it.")
                continue
            try:
                found = self._get(url, self._most_bytes(url))
            except Unfetchable as error:
                pages += 1
                yield Skipped(url, error.reason)
                continue
            if not self._allowed(found.url):
                yield Skipped(url, f"It redirects to {found.url}, which the site's robots.txt asks not to read.")
                continue
            if _is_sitemap(found):
                sitemaps += 1
                if sitemaps > self._rules.limits.sitemaps:
                    yield Skipped(url, f"{self._rules.limits.sitemaps} sitemaps were read, which is the most.")
                    continue
                listed, reasons = self._listed(found)
                yield from reasons
                waiting.extend(self._new(listed, seen))
                continue
            pages += 1
            kind = _KINDS.get(found.type or "text/html")
            if kind is None:
                yield Skipped(url, f"The server says that it is {found.type!r}, which cannot be imported.")
                continue
            if kind == "html" and sitemaps == 0:
                waiting.extend(self._new(self._below(found), seen))
            yield Document(found.url, kind, found.content, self._time.now(), "website", encoding=found.encoding)

    def _read_robots(self) -> str | None:
        """Why nothing may be read, if so. RFC 9309, section 2.3.1: missing is a yes, a broken server is a no."""
        try:
            found = self._get(urljoin(self._start, "/robots.txt"), _ROBOTS_BYTES)
        except Unfetchable as error:
            if error.status is not None and 400 <= error.status < 500:
                return None
            return f"Its robots.txt cannot be read, so nothing is asked for. {error.reason}"
        self._robots = Protego.parse(decoded(found.content, found.encoding))
        wanted = self._robots.crawl_delay(USER_AGENT) or 0.0
        if wanted > self._rules.limits.longest_pause_s:
            return f"Its robots.txt wants {wanted:g} seconds between two pages; save the pages and import those."
        self._pause = max(self._pause, wanted)
        return None

    def _allowed(self, url: str) -> bool:
        return self._robots is None or self._robots.can_fetch(url, USER_AGENT)

    def _get(self, url: str, most_bytes: int) -> Fetched:
        if self._asked:
            self._time.wait(self._pause)
        self._asked = True
        return self._fetcher.get(url, most_bytes)

    def _most_bytes(self, url: str) -> int:
        limits = self._rules.limits
        path = urlsplit(url).path.lower()
        if path.endswith((".xml", ".xml.gz")):
            return _SITEMAP_BYTES
        return limits.file_bytes if path.endswith((".pdf", ".docx")) else limits.page_bytes

    def _new(self, urls: list[str], seen: set[str]) -> Iterator[str]:
        for url in urls:
            if _key(url) not in seen:
                seen.add(_key(url))
                yield url

    def _listed(self, sitemap: Fetched) -> tuple[list[str], list[Skipped]]:
        """What a sitemap, or a list of sitemaps, names on this host (sitemaps.org, protocol)."""
        try:
            root = xml_root(_unzipped(sitemap.content, self._rules.limits))
        except Unsafe as error:
            return [], [Skipped(sitemap.url, str(error))]
        named = [(each.text or "").strip() for each in root.iter() if each.tag.rpartition("}")[2] == "loc"]
        own = [url for url in named if same_host(self._start, url)]
        others = len(named) - len(own)
        reason = f"{others} of its pages are on other hosts; they were left out."
        return own, [Skipped(sitemap.url, reason)] if others else []

    def _below(self, page: Fetched) -> list[str]:
        """The links of a page that lead to pages below the address that the import began at."""
        try:
            root = parsed(decoded(page.content, page.encoding), self._rules.limits.depth)
        except TooDeep:
            return []
        links = [node.attributes.get("href", "") for node in root.walk() if node.tag == "a"]
        found = []
        for link in links:
            try:
                url = urldefrag(urljoin(page.url, link.strip())).url
                parts = urlsplit(url)
            except ValueError:
                continue
            if (
                same_host(self._start, url)
                and parts.path.startswith(_folder(self._start))
                and not _NO_PAGE.search(parts.path)
            ):
                found.append(url)
        return found


def _folder(url: str) -> str:
    """What the paths of the pages below an address begin with."""
    path = urlsplit(url).path or "/"
    if path.endswith("/"):
        return path
    name = path.rpartition("/")[2]
    return path.removesuffix(name) if name.startswith("index.") else f"{path}/"


def _key(url: str) -> str:
    """What is the same page, whatever is behind its # and whether a slash ends it."""
    return urldefrag(url).url.removesuffix("/")


def _is_sitemap(found: Fetched) -> bool:
    if found.content.startswith(b"\x1f\x8b"):
        return True
    return bool(re.search(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", found.content[:2000]))


def _unzipped(content: bytes, limits: Limits) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        with gzip.open(io.BytesIO(content)) as opened:
            unpacked: bytes = opened.read(_SITEMAP_BYTES + 1)
    except (OSError, EOFError) as error:
        raise Unsafe(f"It cannot be unpacked ({error}).") from None
    if len(unpacked) > min(_SITEMAP_BYTES, limits.unpacked_bytes):
        raise Unsafe("Unpacked, it is larger than any sitemap may be.")
    return unpacked
