"""The web application, composed from services that are open already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from bot.assembly import Services
from bot.channels.problems import BodyLimit, install
from bot.channels.rest import router
from bot.replies.catalogues import Templates
from bot.understanding.locale import negotiated

WIDGET = Path(__file__).parents[1] / "widget"
DESCRIPTION = """Plugdesk answers people who charge electric cars, in eleven languages, from approved articles.

Start a conversation, send messages, read replies. Every part of a reply names its origin.
Errors are problem documents (RFC 9457)."""
PAGE_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


def create_app(services: Services, kb: Path) -> FastAPI:
    """The application over ``services``, which it closes when it stops; pictures come from ``kb``."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        services.close()

    app = FastAPI(title="Plugdesk", version=version("plugdesk"), description=DESCRIPTION, lifespan=lifespan)
    app.state.services = services
    install(app)
    app.add_middleware(BodyLimit)
    app.include_router(router)

    @app.middleware("http")
    async def secured(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if request.url.path not in (app.docs_url, app.redoc_url):
            response.headers["Content-Security-Policy"] = PAGE_POLICY
        return response

    @app.get("/healthz", tags=["service"])
    def healthz() -> dict[str, str]:
        """Whether the process serves, and from which index."""
        return {"status": "ok", "index": services.knowledge.current().manifest.build}

    pages = Templates(tuple(services.knowledge.current().languages), WIDGET / "plain", "html")

    @app.get("/", include_in_schema=False)
    def page(request: Request) -> HTMLResponse:
        language = negotiated(request.headers.get("accept-language", ""), pages.languages)
        return HTMLResponse(pages.page("index", language, tongue=language), headers={"Vary": "Accept-Language"})

    app.mount("/plain", StaticFiles(directory=WIDGET / "plain"))
    app.mount("/pictures", StaticFiles(directory=kb / "pictures", check_dir=False))
    return app
