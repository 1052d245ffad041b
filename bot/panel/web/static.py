"""The script, style and icon of the panel."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from fastapi.staticfiles import StaticFiles
from markupsafe import Markup
from starlette.responses import Response
from starlette.types import Scope

FILES = Path(__file__).with_name("static")
URL = "/agent/static"
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"


@cache
def version_of(name: str) -> str:
    """A digest of a file, as it was when this process first looked."""
    return hashlib.sha256((FILES / name).read_bytes()).hexdigest()[:16]


def address(name: str) -> str:
    """Where a file is; another address as soon as it changes."""
    return f"{URL}/{name}?v={version_of(name)}"


def style_sheet() -> Markup:
    """The panel's style as it stands in a page that has to do without other files; it is the project's own."""
    return Markup((FILES / "panel.css").read_text(encoding="utf-8"))  # noqa: S704


class VersionedFiles(StaticFiles):
    """Files that are kept for good where their address names the version that is served."""

    def __init__(self) -> None:
        super().__init__(directory=FILES)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """See :class:`StaticFiles`."""
        response = await super().get_response(path, scope)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
        current = response.status_code in (200, 304) and asked == version_of(path)
        response.headers["Cache-Control"] = FOR_GOOD if current else ASK_AGAIN
        return response
