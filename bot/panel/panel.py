"""Everything that the pages of the panel need, opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.conversation import Conversations
from bot.desk.photos import Photos
from bot.panel.accounts import Accounts
from bot.panel.answers import Answers
from bot.panel.cases.ports import Cases
from bot.panel.cases.projector import Projector
from bot.panel.cases.targets import Targets
from bot.panel.checks import Checks
from bot.panel.doings import Doings
from bot.panel.figures.figures import Figures
from bot.panel.gaps import GapFinder
from bot.panel.knowledge.librarian import Librarian
from bot.panel.ports import Agents, AuditLog, PanelNews, Sessions
from bot.panel.presence import Away, Presence, PresenceRules
from bot.panel.review import ReviewFile
from bot.panel.sign_in import SignIn
from bot.panel.tickets import Tickets
from bot.panel.web.pages import Pages
from bot.ports import Clock
from bot.staff import Staff
from bot.tools.reads import Tools

if TYPE_CHECKING:
    from bot.panel.oidc import Provider


@dataclass(frozen=True)
class Panel:
    """What the pages are made of; bot/entry.py opens it."""

    agents: Agents
    sessions: Sessions
    audit: AuditLog
    sign_in: SignIn
    accounts: Accounts
    news: PanelNews
    pages: Pages
    conversations: Conversations
    photos: Photos
    tools: Tools
    clock: Clock
    cases: Cases
    projector: Projector
    targets: Targets
    staff: Staff
    presence: Presence
    presence_rules: PresenceRules
    away: Away
    review: ReviewFile
    answers: Answers
    figures: Figures
    gaps: GapFinder
    librarian: Librarian
    checks: Checks
    doings: Doings
    tickets: Tickets
    provider: Provider | None = None
    """The organisation's OpenID provider; None: agents sign in with passwords alone."""
