"""Everything that one OCPI connection gives, opened."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from bot.adapters.ocpi.client import OcpiClient
from bot.adapters.ocpi.commands import OcpiCommands
from bot.adapters.ocpi.connection import OcpiConnection
from bot.adapters.ocpi.directory import Directory
from bot.adapters.ocpi.http import OcpiHttp
from bot.adapters.ocpi.results import CommandResults
from bot.adapters.ocpi.rules import OcpiRules
from bot.adapters.ocpi.sessions import OcpiSessions
from bot.adapters.ocpi.stations import OcpiStations
from bot.adapters.ocpi.tokens import OcpiTokens


@dataclass(frozen=True)
class OcpiSystem:
    """The ports over one connection; they share its lists. ``results`` is what the web application feeds."""

    client: OcpiClient
    stations: OcpiStations
    sessions: OcpiSessions
    tokens: OcpiTokens
    commands: OcpiCommands
    results: CommandResults

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()


def open_ocpi(
    connection: OcpiConnection, rules: OcpiRules | None = None, transport: httpx.BaseTransport | None = None
) -> OcpiSystem:
    """Open a connection; nothing is asked of the other side yet. ``transport``: the network where none is given."""
    given = rules or OcpiRules.load()
    client = OcpiClient(connection, given, OcpiHttp(connection, given, transport))
    directory, results = Directory(client), CommandResults()
    tokens = OcpiTokens(client, directory)
    commands = OcpiCommands(client, directory, tokens, results)
    sessions = OcpiSessions(client, directory, tokens, commands)
    return OcpiSystem(client, OcpiStations(client, directory, commands), sessions, tokens, commands, results)
