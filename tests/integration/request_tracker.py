"""The Request Tracker that .ci/rt starts, for the tests that need one."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from bot.adapters.desk.rt_connection import RtConnection

SERVER = os.environ.get("PLUGDESK_TEST_RT", "")
"""http://TOKEN@HOST:PORT/PATH?queue=NAME"""
USER, PASSWORD = "plugdesk", "words-of-the-tests"
"""As .ci/rt makes them; its address carries a token of the same user."""
WITHOUT_RT = pytest.mark.skipif(not SERVER, reason="PLUGDESK_TEST_RT is not set; .ci/rt starts a server and prints it")


def rt_connection() -> RtConnection:
    """What PLUGDESK_TEST_RT says."""
    parts = urlsplit(SERVER)
    return RtConnection(
        url=f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}",
        queue=parse_qs(parts.query)["queue"][0],
        secret=SecretStr(unquote(parts.username or "")),
    )


class Agent:
    """Somebody who works in RT itself, through requests that owe nothing to the adapter."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=f"{url}/REST/2.0/", auth=(USER, PASSWORD), timeout=30)

    def sees(self, path: str) -> Any:
        answer = self.client.get(path)
        answer.raise_for_status()
        return answer.json()

    def does(self, method: str, path: str, **body: Any) -> Any:
        answer = self.client.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json()

    def moves(self, ticket: str, **change: Any) -> None:
        self.does("PUT", f"ticket/{number(ticket)}", **change)

    def attaches(self, ticket: str, name: str, data: bytes, kind: str) -> None:
        """As a browser does; RT garbles names with accents that come in JSON."""
        said = {"JSON": '{"Content": "See the file.", "ContentType": "text/plain"}'}
        files = {"Attachments": (name, data, kind)}
        self.client.post(f"ticket/{number(ticket)}/comment", data=said, files=files).raise_for_status()

    def field(self, ticket: str, name: str) -> list[str]:
        fields = self.sees(f"ticket/{number(ticket)}")["CustomFields"]
        return next(list(field["values"]) for field in fields if field["name"] == name)

    def files(self, ticket: str) -> dict[str, bytes]:
        """Every part of every message by its name, the text under no name."""
        items = self.sees(f"ticket/{number(ticket)}/attachments")["items"]
        parts = [self.sees(f"attachment/{item['id']}") for item in items]
        return {part.get("Filename", ""): base64.b64decode(part["Content"]) for part in parts if part.get("Content")}


class Meanwhile(httpx.BaseTransport):
    """Lets something happen right before the first ticket is made."""

    def __init__(self, happens: Callable[[], Any]) -> None:
        self._happens: Callable[[], Any] | None = happens
        self._network = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and self._happens:
            happens, self._happens = self._happens, None
            happens()
        return self._network.handle_request(request)

    def close(self) -> None:
        self._network.close()


def number(ticket: str) -> int:
    return int(ticket[2:])
