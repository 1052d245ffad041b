"""Opens the source systems that the settings name by URL. Beside the assembly the only module that knows them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.adapters.demo.world import DemoWorld
from bot.errors import SettingsError
from bot.ports import Clock
from bot.settings import Settings
from bot.tools.ports import Accounts, Chargers, Sessions, Stations, StatusPages
from bot.tools.values import Ticket

if TYPE_CHECKING:
    from bot.adapters.http.connector import HttpConnector
    from bot.adapters.ocpi.connection import OcpiConnection
    from bot.adapters.ocpi.system import OcpiSystem

OnClose = Callable[[Callable[[], None]], object]
DEMO, CONNECTOR, OCPI, OCPP, PAGES = "demo", "connector", "ocpi", "ocpp", "statuspage"
ENDINGS = {DEMO: "world.db", CONNECTOR: "connector.yaml", OCPI: "connection.yaml", OCPP: "ocpp.db", PAGES: "pages.yaml"}


class StatusPagesFile(BaseModel):
    """The file of ``statuspage:///``: where each vendor's page is, and which components matter to drivers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pages: dict[str, str]
    components: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class OcpiLink:
    """An OCPI connection that is open: its party posts results of commands to this server."""

    system: OcpiSystem
    connection: OcpiConnection


class Sources:
    """Opens each file once, whichever tools name it.

    Every method raises :class:`bot.errors.SettingsError` where a URL has another scheme, a file cannot be used, or
    ``environ`` lacks a secret that a file names.
    """

    def __init__(self, settings: Settings, clock: Clock, on_close: OnClose, environ: Mapping[str, str]) -> None:
        self._settings, self._clock, self._on_close, self._environ = settings, clock, on_close, environ
        self._opened: dict[str, object] = {}
        self.ocpi: list[OcpiLink] = []

    def accounts(self) -> Accounts:
        """PLUGDESK_ACCOUNTS."""
        from bot.adapters.demo.accounts import DemoAccounts
        from bot.adapters.http.ports import HttpAccounts

        match self._scheme("accounts", DEMO, CONNECTOR):
            case "connector":
                return HttpAccounts(self._connector("accounts"))
            case _:
                return DemoAccounts(self._world("accounts"))

    def stations(self) -> Stations:
        """PLUGDESK_STATIONS."""
        from bot.adapters.demo.stations import DemoStations
        from bot.adapters.http.ports import HttpStations

        match self._scheme("stations", DEMO, CONNECTOR, OCPI):
            case "connector":
                return HttpStations(self._connector("stations"))
            case "ocpi":
                return self._ocpi("stations").system.stations
            case _:
                return DemoStations(self._world("stations"))

    def sessions(self) -> Sessions:
        """PLUGDESK_SESSIONS."""
        from bot.adapters.demo.sessions import DemoSessions
        from bot.adapters.http.ports import HttpSessions

        match self._scheme("sessions", DEMO, CONNECTOR, OCPI):
            case "connector":
                return HttpSessions(self._connector("sessions"))
            case "ocpi":
                return self._ocpi("sessions").system.sessions
            case _:
                return DemoSessions(self._world("sessions"))

    def chargers(self) -> Chargers:
        """PLUGDESK_CHARGERS."""
        from bot.adapters.demo.chargers import DemoChargers
        from bot.adapters.http.ports import HttpChargers
        from bot.adapters.ocpp.chargers import open_ocpp

        match self._scheme("chargers", DEMO, CONNECTOR, OCPP):
            case "connector":
                return HttpChargers(self._connector("chargers"))
            case "ocpp":
                chargers = open_ocpp(self._path("chargers"))
                self._on_close(chargers.close)
                return chargers
            case _:
                return DemoChargers(self._world("chargers"))

    def status(self) -> StatusPages:
        """PLUGDESK_STATUS."""
        from bot.adapters.demo.statuspages import DemoStatusPages
        from bot.adapters.statuspage import StatusPage

        match self._scheme("status", DEMO, PAGES):
            case "statuspage":
                given = self._pages_file
                pages = StatusPage(given.pages, given.components)
                self._on_close(pages.close)
                return pages
            case _:
                return DemoStatusPages(self._world("status"))

    def seed(self) -> list[Ticket]:
        """The demo's reports, where the stations are the demo's; none otherwise."""
        demo = self._settings.tools["stations"].startswith(f"{DEMO}:///")
        return self._world("stations").seed_tickets() if demo else []

    def _scheme(self, tool: str, *schemes: str) -> str:
        url = self._settings.tools[tool]
        scheme, found, path = url.partition(":///")
        if scheme not in schemes or not found or not path:
            offered = " or ".join(f"{each}:///path/to/{ENDINGS[each]}" for each in schemes)
            raise SettingsError(f"PLUGDESK_{tool.upper()} is {url!r}. Use {offered}")
        return scheme

    def _path(self, tool: str) -> Path:
        return Path(self._settings.tools[tool].partition(":///")[2])

    def _world(self, tool: str) -> DemoWorld:
        url = self._settings.tools[tool]
        if not isinstance(opened := self._opened.get(url), DemoWorld):
            opened = DemoWorld(self._path(tool), self._clock.now)
            self._keep(url, opened, opened.close)
        return opened

    def _connector(self, tool: str) -> HttpConnector:
        from bot.adapters.http.connector import HttpConnector
        from bot.adapters.http.spec import read_spec

        url = self._settings.tools[tool]
        if not isinstance(opened := self._opened.get(url), HttpConnector):
            opened = HttpConnector(read_spec(self._path(tool)), self._environ)
            self._keep(url, opened, opened.close)
        return opened

    def _ocpi(self, tool: str) -> OcpiLink:
        from bot.adapters.ocpi.connection import read_connection
        from bot.adapters.ocpi.system import open_ocpi

        url = self._settings.tools[tool]
        if not isinstance(opened := self._opened.get(url), OcpiLink):
            if self.ocpi:
                raise SettingsError("Two OCPI connections are named. Use one file for stations and sessions.")
            connection = read_connection(self._path(tool), self._environ)
            opened = OcpiLink(open_ocpi(connection), connection)
            self.ocpi.append(opened)
            self._keep(url, opened, opened.system.close)
        return opened

    def _keep(self, url: str, opened: object, close: Callable[[], None]) -> None:
        self._opened[url] = opened
        self._on_close(close)

    @cached_property
    def _pages_file(self) -> StatusPagesFile:
        path = self._path("status")
        try:
            return StatusPagesFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except OSError as error:
            _refuse(path, str(error.strerror))
        except (yaml.YAMLError, UnicodeDecodeError):
            _refuse(path, "it is no YAML")
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
            _refuse(path, wrong)


def _refuse(path: Path, wrong: str) -> NoReturn:
    raise SettingsError(f"{path} cannot be used: {wrong}. It holds pages: {{vendor: address}} and maybe components.")
