"""Connectors for tests: from the example's file, or from a few keys over answers that the test gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from bot.adapters.http.connector import HttpConnector
from bot.adapters.http.spec import ConnectorSpec, read_spec
from tests.bot.adapters.http.server import TOKEN

EXAMPLE = Path(__file__).parents[4] / "docs" / "connectors" / "example.yaml"
ACCOUNT: dict[str, Any] = {
    "method": "GET",
    "path": "/accounts/{number}",
    "response": {"number": "number", "vendor": "vendor"},
}


def environment(url: str) -> dict[str, str]:
    return {"EXAMPLE_URL": url, "EXAMPLE_TOKEN": TOKEN}


@contextmanager
def opened(path: Path, environ: Mapping[str, str], **changes: Any) -> Iterator[HttpConnector]:
    connector = HttpConnector(read_spec(path).model_copy(update=changes), environ, sleep=lambda _: None)
    yield connector
    connector.close()


def a_file(folder: Path, **keys: Any) -> Path:
    """A connector's file with one call, accounts.account, and these keys."""
    path = folder / "connector.yaml"
    whole = {"name": "small", "base_url": "https://api.example.com/v1", "calls": {"accounts.account": ACCOUNT}, **keys}
    path.write_text(yaml.safe_dump({key: value for key, value in whole.items() if value is not None}), encoding="utf-8")
    return path


def a_spec(folder: Path, **keys: Any) -> ConnectorSpec:
    return read_spec(a_file(folder, **keys))


class Scripted(httpx.BaseTransport):
    """Gives the answers of a list, one a request; an exception among them is what goes wrong. The last one stays."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(answer.content))
