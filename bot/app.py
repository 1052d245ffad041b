"""The web application, composed from services that are open already."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, create_task_group, sleep, to_thread
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from bot.assembly import Services
from bot.channels import opinions, rest, stream, transcripts
from bot.channels.clients import install_clients
from bot.channels.demo import demo_router
from bot.channels.guard import Guard
from bot.channels.ocpi import ocpi_router
from bot.channels.pages import add_pages
from bot.channels.problems import install
from bot.live import LOOK_EVERY
from bot.notifier import follow
from bot.ports import Knowledge
from bot.watching import Watcher

if TYPE_CHECKING:
    from bot.panel.presence import Away

log = logging.getLogger(__name__)
DESCRIPTION = """Plugdesk answers people who charge electric cars, in eleven languages, from approved articles.

Start a conversation, send messages, read replies. Every part of a reply names its origin.
Errors are problem documents (RFC 9457)."""
TURNS_AT_ONCE = 16
"""Turns mostly wait: for source systems, and for their turn to compute (bot/understanding/alone.py)."""
PHOTOS_AT_ONCE = 1
"""Unfolding a photo takes up to 350 MB."""
WATCH_EVERY = 5.0
"""Seconds between two looks at what is watched."""
API_PAGE = "/docs"
API_FILES = "/docs-files"


async def _watch(watcher: Watcher) -> None:
    """Again and again, look at what is watched for drivers, and settle what a dead process left."""
    while True:
        try:
            await to_thread.run_sync(watcher.tick)
        except Exception:
            log.exception("what is watched could not be looked at; it is looked at again")
        await sleep(WATCH_EVERY)


async def _renew(knowledge: Knowledge) -> None:
    """Again and again, ask for the index: a new build takes over soon, and not only once a driver asks again."""
    while True:
        knowledge.current()
        await sleep(LOOK_EVERY)


async def _give_back(away: Away) -> None:
    """Again and again, look for agents who went away from their drivers."""
    while True:
        await sleep(away.rules.look_every_s)
        try:
            await to_thread.run_sync(away.tick)
        except Exception:
            log.exception("it could not be looked for agents who are away; it is looked again")


def create_app(services: Services, kb: Path) -> FastAPI:
    """The application over ``services``, which it closes when it stops; pictures come from ``kb``."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.turns = CapacityLimiter(TURNS_AT_ONCE)
        app.state.photos = CapacityLimiter(PHOTOS_AT_ONCE)
        async with create_task_group() as beside:
            beside.start_soon(_watch, services.watcher)
            beside.start_soon(_renew, services.knowledge)
            beside.start_soon(follow, services.conversations.store, services.notifier)
            if services.panel is not None:
                beside.start_soon(services.panel.projector.run, services.notifier)
                beside.start_soon(_give_back, services.panel.away)
                beside.start_soon(services.panel.figures.follower.run)
            yield
            beside.cancel_scope.cancel()
        services.close()

    app = FastAPI(
        title="Plugdesk",
        version=version("plugdesk"),
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    install(app)
    app.add_middleware(Guard, without_policy=frozenset({API_PAGE}))
    talks = (rest.router, stream.router, opinions.router, transcripts.router)
    install_clients(app, services.clients, talks)
    if services.demo:
        app.include_router(demo_router(services.demo))
    if services.panel is not None:
        # Loaded here: who only talks to the bot needs none of it.
        from bot.panel.web.router import install_panel

        install_panel(app, services.panel)
    for link in services.ocpi:
        token = link.connection.own_token.get_secret_value()
        app.include_router(ocpi_router(link.system.results, token, link.connection.public))

    @app.get("/healthz", tags=["service"])
    def healthz() -> dict[str, str]:
        """Whether the process serves, and from which index."""
        return {"status": "ok", "index": services.knowledge.current().manifest.build}

    @app.get(API_PAGE, include_in_schema=False)
    def api_page() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="Plugdesk API",
            swagger_js_url=f"{API_FILES}/swagger-ui-bundle.js",
            swagger_css_url=f"{API_FILES}/swagger-ui.css",
            swagger_favicon_url="/plain/icon.svg",
        )

    # The framework's own page loads these from elsewhere; Plugdesk has no network.
    app.mount(API_FILES, StaticFiles(packages=[("fastapi_offline", "static")]))
    index = services.knowledge.current()
    add_pages(app, tuple(index.languages), {id: each.name for id, each in index.languages.items()}, services.demo)
    app.mount("/pictures", StaticFiles(directory=kb / "pictures", check_dir=False))
    return app
