"""The pages: the demo where the demo world may be changed, the plain one everywhere; and the widget's file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles

from bot.ports import Demo
from bot.replies.catalogues import Templates
from bot.understanding.locale import language_of, negotiated

WIDGET = Path(__file__).parents[2] / "widget"
BUILT = WIDGET / "dist" / "widget.js"
NOT_BUILT = "The widget is not built here. Build it with widget/build, or use the page at /plain/."
WIDGET_HEADERS = {
    # The address stays the same from version to version: it may be kept, but is asked for again each time.
    "Cache-Control": "public, no-cache",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def add_pages(app: FastAPI, languages: Sequence[str], names: dict[str, str], demo: Demo | None) -> None:
    """Let ``app`` serve them. ``names``: of languages, each in its own; without ``demo`` the plain page is the first.

    The built widget is looked for at each request, so that a fresh build is served without a restart.
    """
    plain = Templates(languages, WIDGET / "plain", "html")

    def plain_page(request: Request) -> HTMLResponse:
        language = negotiated(request.headers.get("accept-language", ""), plain.languages)
        return HTMLResponse(plain.page("index", language, tongue=language), headers={"Vary": "Accept-Language"})

    app.get("/plain/", include_in_schema=False)(plain_page)
    if demo is None:
        app.get("/", include_in_schema=False)(plain_page)
    else:
        _add_demo(app, languages, names, demo)

    @app.api_route("/widget.js", methods=["GET", "HEAD"], include_in_schema=False)
    def widget(request: Request) -> Response:
        return _widget(BUILT, request.headers.get("if-none-match", ""))

    app.mount("/plain", StaticFiles(directory=WIDGET / "plain"))


def _add_demo(app: FastAPI, languages: Sequence[str], names: dict[str, str], demo: Demo) -> None:
    pages = Templates(languages, WIDGET / "demo", "html")

    @app.get("/", include_in_schema=False)
    def page(request: Request, language: Annotated[str | None, Query(max_length=35)] = None) -> HTMLResponse:
        asked = language_of(language, pages.languages)
        tongue = asked or negotiated(request.headers.get("accept-language", ""), pages.languages)
        html = pages.page("index", tongue, tongue=tongue, languages=names, users=demo.users, built=BUILT.exists())
        return HTMLResponse(html, headers={"Vary": "Accept-Language"})

    app.mount("/demo", StaticFiles(directory=WIDGET / "demo"))


def _widget(file: Path, known: str) -> Response:
    """The file, or 304 where the client has it already (RFC 9110, 13.1.2)."""
    try:
        script = file.read_bytes()
    except FileNotFoundError:
        return PlainTextResponse(NOT_BUILT, 404)
    tag = f'"{hashlib.sha256(script).hexdigest()[:32]}"'
    headers = {**WIDGET_HEADERS, "ETag": tag}
    if tag in (each.strip().removeprefix("W/") for each in known.split(",")) or known.strip() == "*":
        return Response(status_code=304, headers=headers)
    return Response(script, media_type="text/javascript", headers=headers)
