"""A panel in memory with an account of each role, and browsers that are signed in to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient
from limits.storage import MemoryStorage

from bot.adapters.panel.cases import SqliteCases
from bot.adapters.panel.figures import SqliteRecords
from bot.adapters.panel.knowledge_files import LAST_CHECK, CheckFile, EvaluationFolder
from bot.adapters.panel.presence import SqlitePresence
from bot.adapters.panel.sqlite import PanelFile, SqliteAgents, SqliteAuditLog, SqliteSessions
from bot.adapters.sqlite import IN_MEMORY
from bot.app import create_app
from bot.conversation import Conversations
from bot.desk.photos import Photos
from bot.notifier import InProcessNotifier
from bot.panel.accounts import Accounts
from bot.panel.answers import Answers
from bot.panel.attempts import Attempts
from bot.panel.canned import CannedReplies
from bot.panel.cases.projector import Projector
from bot.panel.cases.targets import Targets
from bot.panel.checks import Checks
from bot.panel.doings import Doings
from bot.panel.figures.figures import Figures
from bot.panel.figures.follower import Follower
from bot.panel.figures.rules import FigureRules
from bot.panel.gaps import GapFinder, GapRules
from bot.panel.knowledge.librarian import Librarian
from bot.panel.news import InProcessNews
from bot.panel.panel import Panel
from bot.panel.passwords import Passwords
from bot.panel.ports import Translator
from bot.panel.presence import Away, PresenceRules
from bot.panel.review import ReviewFile
from bot.panel.rules import Argon2Rules, SignInRules
from bot.panel.sign_in import SignIn
from bot.panel.suggestions import Suggester
from bot.panel.suggestions.offers import Offers
from bot.panel.suggestions.suggest import SuggestionRules
from bot.panel.tickets import Tickets
from bot.panel.translations import Translations
from bot.panel.values import ROLES, Agent, Role
from bot.panel.web.pages import Pages
from bot.ports import Clock, ConversationStore
from bot.staff import Staff
from tests.doubles import SteppingClock
from tests.talking import PHOTOS, TIMEZONE, all_templates, services_of

PASSWORD = "copper kettle under nine maps"
CHEAP = Argon2Rules(time=1, memory=8, lanes=1, at_once=4)
"""Hashes that cost nothing; what the shipped ones cost is no matter of these tests."""
HOST = "testserver.local"
"""What the cookies of a client in tests are for."""
NO_KB = Path("no-knowledge-base")
NAMES: dict[Role, str] = {"agent": "Kari Nordmann", "lead": "Maria Huber", "admin": "Ada Admin"}


@cache
def pages() -> Pages:
    """The templates; read once."""
    return Pages(TIMEZONE)


def an_agent(role: Role = "agent", **changes: Any) -> Agent:
    """An account of that role, but for ``changes``."""
    usual: dict[str, Any] = {
        "id": f"a-{role}", "name": NAMES[role], "email": f"{role}@example.org", "role": role, "language": "en",
        "created_at": SteppingClock().now(),
    }  # fmt: skip
    return Agent.model_validate(usual | changes)


def a_sign_in(file: PanelFile, clock: SteppingClock, demo: bool = False) -> SignIn:
    """Signing in over that file, with cheap hashes and the shipped rules."""
    rules = SignInRules.load()
    passwords, attempts = Passwords(rules.password, CHEAP), Attempts(rules.attempts, MemoryStorage())
    stores = SqliteAgents(file), SqliteSessions(file), SqliteAuditLog(file)
    return SignIn(*stores, passwords, attempts, rules.session, clock, demo)


def figures_over(store: ConversationStore, file: PanelFile, clock: Clock) -> Figures:
    """The figures of those conversations, by the shipped rules; nobody brings them up to date but the test."""
    records = SqliteRecords(file)
    return Figures(records, Follower(store, records, "memory:"), FigureRules.load(), Targets.load(), clock, TIMEZONE)


def a_panel(
    talks: Conversations, clock: SteppingClock, demo: bool = False, roles: Collection[Role] = ROLES, kb: Path = NO_KB
) -> Panel:
    """A panel in memory over those conversations; everybody has :data:`PASSWORD`. ``kb``: what the lead looks at."""
    folder = Path(mkdtemp())
    file, news, review = PanelFile(IN_MEMORY), InProcessNews(), ReviewFile(folder / "review.jsonl")
    figures = figures_over(talks.store, file, clock)
    sign_in, cases, presence = a_sign_in(file, clock, demo), SqliteCases(file), SqlitePresence(file)
    checks = Checks(talks)
    staff, rules = Staff(talks, all_templates(), InProcessNotifier()), PresenceRules.load()
    for role in roles:
        sign_in.agents.add(an_agent(role), sign_in.passwords.again(PASSWORD))
    return Panel(
        agents=sign_in.agents,
        sessions=sign_in.sessions,
        audit=sign_in.audit,
        sign_in=sign_in,
        accounts=Accounts(sign_in),
        news=news,
        pages=pages(),
        conversations=talks,
        photos=Photos(PHOTOS),
        tools=talks.reads.tools,
        clock=clock,
        cases=cases,
        projector=Projector(talks.store, cases, news, clock, "memory:"),
        targets=Targets.load(),
        staff=staff,
        presence=presence,
        presence_rules=rules,
        away=Away(presence, cases, staff, clock, rules),
        review=review,
        answers=an_answers(staff),
        figures=figures,
        gaps=GapFinder(figures.records, figures.follower, review, talks.knowledge, clock, GapRules.load()),
        librarian=Librarian(
            kb, talks.knowledge, CheckFile(folder / LAST_CHECK), EvaluationFolder(folder), clock, TIMEZONE
        ),
        checks=checks,
        doings=Doings(talks, checks),
        tickets=Tickets(staff),
    )


def an_answers(staff: Staff, translator: Translator | None = None) -> Answers:
    """What agents answer with, as it ships; with a translation service or without."""
    canned = CannedReplies.load()
    suggester = Suggester(staff.talks, staff.templates, SuggestionRules.load(), canned)
    return Answers(staff, suggester, canned, Offers(), Translations(translator) if translator else None)


@dataclass(frozen=True)
class Browser:
    """Somebody's browser. Redirects are not followed, so that tests see them."""

    client: TestClient

    def get(self, path: str, **options: Any) -> httpx2.Response:
        """Open a page."""
        return self.client.get(path, follow_redirects=False, **options)

    def post(self, path: str, given: dict[str, Any] | None = None, page: str = "/agent", **options: Any) -> Any:
        """Send a form with the token that ``page`` gives."""
        fields = {"csrf": self.token(page)} | (given or {})
        return self.client.post(path, data=fields, follow_redirects=False, **options)

    def fragment(self, path: str, name: str) -> httpx2.Response:
        """What the panel's script gets of a fragment."""
        return self.get(path, headers={"X-Fragment": name})

    def token(self, page: str = "/agent") -> str:
        """The token of the forms of a page."""
        found = re.search(r'<meta name="csrf" content="([^"]*)"', self.client.get(page).text)
        assert found, page
        return unescape(found[1])

    def plant(self, kind: str, value: str) -> None:
        """Put one of the panel's cookies into the browser."""
        self.client.cookies.set(f"plugdesk-{kind}", value, HOST)

    def cookie(self, kind: str) -> str | None:
        """The value of one of the panel's cookies."""
        return self.client.cookies.get(f"plugdesk-{kind}")


@dataclass(frozen=True)
class PanelWorld:
    """A panel, the application that serves it, and browsers."""

    panel: Panel
    app: FastAPI
    clock: SteppingClock
    open: Callable[[], Browser]

    def browser(self, role: Role | None = None) -> Browser:
        """A browser in which the agent of that role is signed in, or nobody."""
        browser = self.open()
        if role is not None:
            secret = self.panel.sign_in.enter(self.panel.agents.of(f"a-{role}"), "192.0.2.1", "test")
            browser.plant("session", secret)
        return browser


def an_app(panel: Panel, talks: Conversations, kb: Path) -> FastAPI:
    """The application over that panel."""
    return create_app(replace(services_of(talks), panel=panel), kb)
