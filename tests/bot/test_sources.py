"""Source systems by their URLs."""

from __future__ import annotations

from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

import pytest

from bot.adapters.demo.accounts import DemoAccounts
from bot.adapters.http.ports import HttpAccounts, HttpChargers, HttpStations
from bot.adapters.ocpp.chargers import OcppChargers
from bot.assembly import SystemClock, open_tools
from bot.errors import NotFound, SettingsError, Unavailable
from bot.settings import Settings
from bot.sources import Sources
from bot.tools.reads import Tools
from tests.bot.adapters.http.opened import EXAMPLE, a_file, environment
from tests.bot.adapters.http.server import example_server

DEAD = environment("http://127.0.0.1:9")


def open_with(stack: ExitStack, home: Path, urls: dict[str, str], environ: dict[str, str] | None = None) -> Tools:
    (home / "var").mkdir(exist_ok=True)
    settings = Settings.from_environ({f"PLUGDESK_{name}": url for name, url in urls.items()}, home)
    sources = Sources(settings, SystemClock(), stack.callback, environ or {})
    return open_tools(settings, sources, SystemClock(), stack.callback)


def test_without_urls_everything_is_the_demo_world(tmp_path: Path) -> None:
    with ExitStack() as stack:
        tools = open_with(stack, tmp_path, {})
        assert isinstance(tools.accounts, DemoAccounts)
        assert tools.desk.ticket("R-20418").station == "7781"


def test_a_connector_serves_where_its_url_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    server = example_server()
    server.reset()
    with ExitStack() as stack:
        tools = open_with(stack, tmp_path, {"ACCOUNTS": f"connector:///{EXAMPLE}"}, environment(server.url))
        balance = tools.accounts.account("40711").balance
        assert balance is not None
        assert balance.amount == Decimal("49.80")
        assert [each.path for each in server.seen] == ["/v1/accounts/40711"]


def test_tools_with_the_same_file_share_a_connector_that_is_closed_in_the_end(tmp_path: Path) -> None:
    url = f"connector:///{EXAMPLE}"
    with ExitStack() as stack:
        tools = open_with(stack, tmp_path, {"ACCOUNTS": url, "STATIONS": url, "CHARGERS": url}, DEAD)
    assert isinstance(tools.accounts, HttpAccounts)
    assert isinstance(tools.stations, HttpStations)
    assert isinstance(tools.chargers, HttpChargers)
    assert tools.accounts._connector is tools.stations._connector is tools.chargers._connector
    with pytest.raises(RuntimeError, match="closed"):
        tools.accounts.account("40711")


def test_the_desk_has_no_reports_of_the_demo_world_where_the_stations_are_real(tmp_path: Path) -> None:
    with ExitStack() as stack:
        tools = open_with(stack, tmp_path, {"STATIONS": f"connector:///{EXAMPLE}"}, DEAD)
        with pytest.raises(NotFound):
            tools.desk.ticket("R-20418")


@pytest.mark.parametrize(
    ("tool", "says"),
    [
        ("ACCOUNTS", "PLUGDESK_ACCOUNTS is 'ftp:///x'. Use demo:///path/to/world.db or connector:///path/to/"),
        ("STATUS", "PLUGDESK_STATUS is 'ftp:///x'. Use demo:///path/to/world.db or statuspage:///"),
    ],
)
def test_a_scheme_that_there_is_not_says_which_there_are(tmp_path: Path, tool: str, says: str) -> None:
    with ExitStack() as stack, pytest.raises(SettingsError, match=says):
        open_with(stack, tmp_path, {tool: "ftp:///x"})


def test_a_file_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    file = a_file(tmp_path, name=None)
    with ExitStack() as stack, pytest.raises(SettingsError, match=r"connector\.yaml cannot be used"):
        open_with(stack, tmp_path, {"ACCOUNTS": f"connector:///{file}"})


def test_a_file_that_lacks_the_port_is_explained(tmp_path: Path) -> None:
    file = a_file(tmp_path)
    with ExitStack() as stack, pytest.raises(SettingsError, match="small cannot serve chargers"):
        open_with(stack, tmp_path, {"CHARGERS": f"connector:///{file}"})


def test_a_secret_that_is_missing_is_named(tmp_path: Path) -> None:
    with ExitStack() as stack, pytest.raises(SettingsError, match="needs EXAMPLE_URL"):
        open_with(stack, tmp_path, {"SESSIONS": f"connector:///{EXAMPLE}"})


def test_status_pages_are_named_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "pages.yaml").write_text("pages: {eponet: 'http://127.0.0.1:9'}\n", encoding="utf-8")
    with ExitStack() as stack:
        tools = open_with(stack, tmp_path, {"STATUS": f"statuspage:///{tmp_path}/pages.yaml"})
        with pytest.raises(NotFound):
            tools.status.status("wallbox")
        with pytest.raises(Unavailable):
            tools.status.status("eponet")


@pytest.mark.parametrize("written", ["pages: [", "pages: {eponet: ftp}", "site: {}", None])
def test_a_file_of_pages_that_cannot_be_used_is_named(tmp_path: Path, written: str | None) -> None:
    file = tmp_path / "pages.yaml"
    if written is not None:
        file.write_text(written, encoding="utf-8")
    with ExitStack() as stack, pytest.raises(SettingsError):
        open_with(stack, tmp_path, {"STATUS": f"statuspage:///{file}"})


CONNECTION = """versions: http://127.0.0.1:9/ocpi/versions
token: THEIRS
own_token: OURS
us: CH*PLD
name: Plugdesk
public: http://127.0.0.1:8080
"""
SECRETS = {"THEIRS": "token-of-theirs", "OURS": "token-of-ours"}


def test_stations_and_sessions_share_an_ocpi_connection(tmp_path: Path) -> None:
    (tmp_path / "epo.yaml").write_text(CONNECTION, encoding="utf-8")
    url = f"ocpi:///{tmp_path}/epo.yaml"
    with ExitStack() as stack:
        settings = Settings.from_environ({"PLUGDESK_STATIONS": url, "PLUGDESK_SESSIONS": url}, tmp_path)
        sources = Sources(settings, SystemClock(), stack.callback, SECRETS)
        assert (sources.stations(), sources.sessions()) == (
            sources.ocpi[0].system.stations, sources.ocpi[0].system.sessions,
        )  # fmt: skip
        assert len(sources.ocpi) == 1


def test_two_ocpi_connections_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(CONNECTION, encoding="utf-8")
    urls = {"STATIONS": f"ocpi:///{tmp_path}/a.yaml", "SESSIONS": f"ocpi:///{tmp_path}/b.yaml"}
    with ExitStack() as stack, pytest.raises(SettingsError, match="Use one file"):
        open_with(stack, tmp_path, urls, SECRETS)


def test_chargers_may_connect_directly(tmp_path: Path) -> None:
    with ExitStack() as stack:
        tools = open_with(stack, tmp_path, {"CHARGERS": f"ocpp:///{tmp_path}/ocpp.db"})
        assert isinstance(tools.chargers, OcppChargers)
