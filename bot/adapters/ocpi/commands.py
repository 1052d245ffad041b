"""Commands over OCPI: sent, accepted or not, and carried out later or not (OCPI chapter 13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from bot.adapters.ocpi.client import COMMANDS, OcpiClient
from bot.adapters.ocpi.directory import Directory
from bot.adapters.ocpi.envelope import shaped
from bot.adapters.ocpi.objects import CommandResponse
from bot.adapters.ocpi.once import Once
from bot.adapters.ocpi.results import CommandResults
from bot.adapters.ocpi.stations import live
from bot.adapters.ocpi.tokens import OcpiTokens
from bot.errors import NotFound, Unavailable
from bot.tools.values import Done, Outcome, Refused, Unsure

Read = TypeVar("Read")
ACCEPTED, UNKNOWN_SESSION = "ACCEPTED", "UNKNOWN_SESSION"


class OcpiCommands:
    """Sends commands and waits for what the charge point makes of them. Safe to use from several threads.

    "Done" says that the charge point accepted the command. OCPI has no command that restarts anything.
    """

    def __init__(self, client: OcpiClient, directory: Directory, tokens: OcpiTokens, results: CommandResults) -> None:
        self._client, self._directory, self._tokens, self._results = client, directory, tokens, results
        self._once = Once(client.rules.keys_remembered)

    def stop_session(self, session: str, key: str) -> Outcome:
        """STOP_SESSION.

        Raises:
            NotFound: when they do not know the session.
            Unavailable: when they do not answer; ``sent`` tells whether it may have arrived.
        """
        return self._once.run(key, lambda: self._send("STOP_SESSION", {"session_id": session}))

    def start_session(self, token_uid: str, station: str, key: str) -> Outcome:
        """START_SESSION at a station, with a token that is theirs.

        Raises:
            NotFound: when there is no such token or station.
            Unavailable: when they do not answer; ``sent`` tells whether it may have arrived.
        """

        def start() -> Outcome:
            place = _before(lambda: self._directory.find(station))
            token = _before(lambda: self._tokens.token(token_uid)).model_dump(mode="json", exclude_none=True)
            body = {"token": token, "location_id": place.location.id, "evse_uid": place.evse.uid}
            return self._send("START_SESSION", body)

        return self._once.run(key, start)

    def unlock_connector(self, station: str, key: str, connector: str | None = None) -> Outcome:
        """UNLOCK_CONNECTOR, which is for an operator's help desk (OCPI 13.4.3): a driver's wish goes through an agent.

        ``connector`` may be left out where the station has only one.

        Raises:
            NotFound: when there is no such station, or no such connector at it.
            Unavailable: when they do not answer; ``sent`` tells whether it may have arrived.
        """

        def unlock() -> Outcome:
            place = _before(lambda: self._directory.find(station))
            ids = [each.id for each in _before(lambda: live(self._client, place)).connectors]
            fitting = [each for each in ids if connector is None or each.casefold() == connector.casefold()]
            if len(fitting) != 1:
                raise NotFound(f"Name one connector of station {station}: {', '.join(ids) or 'it has none'}.")
            body = {"location_id": place.location.id, "evse_uid": place.evse.uid, "connector_id": fitting[0]}
            return self._send("UNLOCK_CONNECTOR", body)

        return self._once.run(key, unlock)

    def _send(self, command: str, body: dict[str, Any]) -> Outcome:
        awaited = self._results.expect()
        try:
            url = f"{self._client.connection.public.rstrip('/')}/ocpi/commands/{awaited}"
            sent = {**body, "response_url": url}
            data = self._client.post(COMMANDS, command, body=sent, names_a_thing=False)
            response = shaped(CommandResponse, data, "a response to a command")
            if response.result != ACCEPTED:
                return self._refused(response.result)
            return self._result(self._results.wait(awaited, self._patience(response.timeout)))
        finally:
            self._results.forget(awaited)

    def _refused(self, response: str) -> Outcome:
        if response == UNKNOWN_SESSION:
            raise NotFound("They know no such session.")
        reason = self._client.rules.responses.get(response)
        return Refused(reason=reason) if reason else Unsure(reason=f"answered {response[:32]!r} to a command")

    def _result(self, result: str | None) -> Outcome:
        if result == ACCEPTED:
            return Done()
        if result is None:
            return Unsure(reason="no result came in time")
        reason = self._client.rules.results.get(result)
        return Refused(reason=reason) if reason else Unsure(reason=f"the result was {result[:32]!r}")

    def _patience(self, timeout: float) -> float:
        """Seconds. After their own timeout nothing comes any more (OCPI 13.3.2); some send none."""
        longest = self._client.rules.result_s
        return min(timeout, longest) if timeout > 0 else longest


def _before(read: Callable[[], Read]) -> Read:
    """A read that a command needs: where it fails nothing was sent."""
    try:
        return read()
    except Unavailable as error:
        raise Unavailable(error.reason, sent=False) from None
