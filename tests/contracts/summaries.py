"""A small real web server with status pages in the Statuspage v2 form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


class PageServer:
    """Answers every path as it was told to; counts what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[str] = []
        self.answers: dict[str, Answer] = {}
        self.otherwise: Answer = told(b"no such page", status=404, content="text/plain")


def summary(**changes: Any) -> dict[str, Any]:
    """A summary of a page on which all is well, but for ``changes``."""
    usual = {
        "page": {"id": "p1", "name": "Page", "url": "https://status.example.com", "time_zone": "Etc/UTC"},
        "status": {"indicator": "none", "description": "All Systems Operational"},
        "components": [a_component("Portal"), a_component("Payments")],
        "incidents": [],
        "scheduled_maintenances": [],
    }
    return usual | changes


def a_component(name: str, status: str = "operational", **more: Any) -> dict[str, Any]:
    """A component of a page."""
    return {"id": f"c-{name}", "name": name, "status": status, "position": 1, "group": False} | more


def an_event(name: str, status: str, impact: str = "minor", components: tuple[str, ...] = ()) -> dict[str, Any]:
    """An incident or a scheduled maintenance."""
    return {
        "id": f"i-{name}", "name": name, "status": status, "impact": impact, "updated_at": "2026-11-21T09:00:00.000Z",
        "incident_updates": [], "components": [a_component(each) for each in components],
    }  # fmt: skip


def told(body: bytes, status: int = 200, content: str = "application/json", **headers: str) -> Answer:
    """An answer that is always the same. ``headers``: underscores stand for hyphens."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", content)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def as_json(value: Any) -> Answer:
    """An answer in JSON."""
    return told(json.dumps(value).encode())


@contextmanager
def page_server() -> Iterator[PageServer]:
    """Serve on a free port of this machine."""
    asked: list[PageServer] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = asked[0]
            pages.asked.append(self.path)
            pages.answers.get(self.path, pages.otherwise)(self)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up is part of the tests."""

    with Server(("127.0.0.1", 0), Handler) as server:
        pages = PageServer(f"http://127.0.0.1:{server.server_port}")
        asked.append(pages)
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield pages
        finally:
            server.shutdown()
            thread.join()
