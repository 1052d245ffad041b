"""What every backend of the panel's accounts, sessions and audit log does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.panel.sqlite import PanelFile, SqliteAgents, SqliteAuditLog, SqliteSessions
from bot.adapters.sqlite import IN_MEMORY
from bot.errors import AgentExists, LastAdmin, UnknownAgent
from bot.panel.ports import Agents, AuditLog, Sessions
from bot.panel.values import Agent, AuditEntry, Role

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Stores:
    agents: Agents
    sessions: Sessions
    audit: AuditLog


@pytest.fixture(params=["sqlite in memory", "sqlite file"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    file = PanelFile(IN_MEMORY if request.param == "sqlite in memory" else tmp_path / "panel.db")
    yield Stores(SqliteAgents(file), SqliteSessions(file), SqliteAuditLog(file))
    file.close()


def agent(name: str, role: Role = "agent", **more: object) -> Agent:
    usual = {"id": name, "name": name, "email": f"{name}@example.org", "role": role, "language": "en"}
    return Agent.model_validate({**usual, "created_at": NOW, **more})


def test_an_account_is_found_by_id_address_and_subject(stores: Stores) -> None:
    kari = agent("kari", subject="https://id.example|7")
    stores.agents.add(kari)
    assert stores.agents.of("kari") == kari
    assert stores.agents.by_email(" KARI@example.org") == kari
    assert stores.agents.by_subject("https://id.example|7") == kari


def test_what_there_is_not_is_told(stores: Stores) -> None:
    assert (stores.agents.by_email("x@example.org"), stores.agents.by_subject("x")) == (None, None)
    assert stores.agents.password_of("x") is None
    for asked in (stores.agents.of, stores.agents.remove):
        with pytest.raises(UnknownAgent, match="plugdesk agents list"):
            asked("x")
    with pytest.raises(UnknownAgent):
        stores.agents.save(agent("x"))
    with pytest.raises(UnknownAgent):
        stores.agents.set_password("x", "hash")


def test_accounts_come_by_name(stores: Stores) -> None:
    for name in ("Zoe", "ane", "Bo"):
        stores.agents.add(agent(name))
    assert [each.name for each in stores.agents.all()] == ["ane", "Bo", "Zoe"]


def test_an_address_is_one_accounts(stores: Stores) -> None:
    stores.agents.add(agent("kari"))
    stores.agents.add(agent("luc"))
    with pytest.raises(AgentExists):
        stores.agents.add(agent("other", email="Kari@Example.org"))
    with pytest.raises(AgentExists):
        stores.agents.save(agent("luc", email="kari@example.org"))
    assert stores.agents.of("luc").email == "luc@example.org"


def test_a_password_stays_when_the_account_is_saved(stores: Stores) -> None:
    stores.agents.add(agent("kari"), "hash")
    stores.agents.save(agent("kari", role="lead"))
    assert (stores.agents.of("kari").role, stores.agents.password_of("kari")) == ("lead", "hash")
    stores.agents.set_password("kari", "another")
    assert stores.agents.password_of("kari") == "another"


def test_the_last_administrator_who_may_sign_in_stays(stores: Stores) -> None:
    stores.agents.add(agent("ada", "admin"))
    stores.agents.add(agent("bo", "admin", locked=True))
    stores.agents.add(agent("demo", "admin", demo=True))
    for change in (agent("ada", "lead"), agent("ada", "admin", locked=True)):
        with pytest.raises(LastAdmin):
            stores.agents.save(change)
    with pytest.raises(LastAdmin):
        stores.agents.remove("ada")
    assert stores.agents.of("ada") == agent("ada", "admin")
    stores.agents.save(agent("bo", "admin"))
    stores.agents.remove("ada")
    assert [each.id for each in stores.agents.all()] == ["bo", "demo"]


def test_a_session_is_found_by_its_secret_alone(stores: Stores) -> None:
    stores.agents.add(agent("kari"))
    secret, other = stores.sessions.begin("kari", NOW), stores.sessions.begin("kari", NOW)
    session = stores.sessions.of(secret)
    assert session is not None
    assert (session.agent, session.started_at, session.seen_at) == ("kari", NOW, NOW)
    assert secret != other
    assert stores.sessions.of(session.id) is None
    assert stores.sessions.of("") is None


def test_a_session_remembers_when_it_was_used(stores: Stores) -> None:
    stores.agents.add(agent("kari"))
    secret = stores.sessions.begin("kari", NOW)
    session = stores.sessions.of(secret)
    assert session is not None
    stores.sessions.seen(session.id, NOW + timedelta(minutes=5))
    assert stores.sessions.of(secret) == session.model_copy(update={"seen_at": NOW + timedelta(minutes=5)})


def test_sessions_end_one_by_one_or_all_at_once(stores: Stores) -> None:
    for name in ("kari", "luc"):
        stores.agents.add(agent(name))
    first, second, third = (stores.sessions.begin("kari", NOW) for _ in range(3))
    lucs = stores.sessions.begin("luc", NOW)
    session = stores.sessions.of(first)
    assert session is not None
    stores.sessions.end(session.id)
    stores.sessions.end(session.id)
    assert [stores.sessions.of(each) is None for each in (first, second)] == [True, False]
    assert stores.sessions.end_all("kari") == 2
    assert [stores.sessions.of(each) is None for each in (second, third, lucs)] == [True, True, False]


def test_sessions_go_with_their_account_and_with_time(stores: Stores) -> None:
    for name in ("kari", "luc"):
        stores.agents.add(agent(name))
    karis, old, new = (
        stores.sessions.begin(*each) for each in (("kari", NOW), ("luc", NOW), ("luc", NOW + timedelta(hours=2)))
    )
    stores.agents.remove("kari")
    assert stores.sessions.of(karis) is None
    stores.sessions.forget(NOW + timedelta(hours=1))
    assert [stores.sessions.of(each) is None for each in (old, new)] == [True, False]


def test_the_log_is_read_from_its_end(stores: Stores) -> None:
    entries = [AuditEntry(at=NOW, kind="signed_in", agent=f"{number}@example.org") for number in range(5)]
    for entry in entries:
        stores.audit.note(entry)
    newest = stores.audit.latest(2)
    assert [entry for _, entry in newest] == [entries[4], entries[3]]
    assert [entry for _, entry in stores.audit.latest(9, newest[-1][0])] == entries[2::-1]
