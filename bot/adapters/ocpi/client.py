"""One OCPI 2.2.1 party: where its modules are, how to register, how its objects are read and commands sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.adapters.ocpi.connection import OcpiConnection
from bot.adapters.ocpi.envelope import data_of, one_of, shaped
from bot.adapters.ocpi.http import OcpiHttp
from bot.adapters.ocpi.kept import Kept
from bot.adapters.ocpi.objects import Credentials, Version, VersionDetails
from bot.adapters.ocpi.paging import Listed, Page, read_all
from bot.adapters.ocpi.rules import OcpiRules
from bot.errors import NotFound, Unavailable

SPOKEN = "2.2.1"
CREDENTIALS, LOCATIONS, SESSIONS, TOKENS, COMMANDS = "credentials", "locations", "sessions", "tokens", "commands"
"""OCPI 6.2.4: the modules that are used here."""
_RECEIVERS = frozenset({COMMANDS})
"""The modules whose Receiver interface is theirs (OCPI 6.2.3); we read the rest from their Sender interface."""
_ALREADY_REGISTERED = 405
_NO_HEADERS: Mapping[str, str] = {}


class OcpiClient:
    """Speaks with one party. Safe to use from several threads.

    Args:
        connection: who they are, and who we are to them.
        rules: times and sizes.
        http: what carries the requests.
    """

    def __init__(self, connection: OcpiConnection, rules: OcpiRules, http: OcpiHttp) -> None:
        self.connection, self.rules, self._http = connection, rules, http
        self._endpoints = Kept(self._discovered, rules.endpoints_fresh_s)
        self._routing = _routing(connection)

    def versions(self) -> tuple[Version, ...]:
        """The versions that they speak (OCPI 6.1).

        Raises:
            Unavailable: when they do not say.
        """
        data = self._configuration(self.connection.versions)
        if not isinstance(data, list):
            raise Unavailable("answered no list of versions")
        return tuple(shaped(Version, each, "a version") for each in data)

    def details(self) -> VersionDetails:
        """Their modules in OCPI 2.2.1 (OCPI 6.2).

        Raises:
            Unavailable: when they do not say, or do not speak that version.
        """
        spoken = {each.version: each.url for each in self.versions()}
        if SPOKEN not in spoken:
            raise Unavailable(f"speaks OCPI {', '.join(sorted(spoken)) or 'in no version'}, not {SPOKEN}", sent=False)
        return shaped(VersionDetails, one_of(self._configuration(spoken[SPOKEN])), "version details")

    def register(self) -> Credentials | None:
        """Give them our token and address, and get the token to be used from now on (OCPI 7.1.1).

        Called once, with their token A in the connection. Before they answer they read our versions, so this server
        must be reachable at the connection's public address. None: we are registered already; the token that they
        gave us then still holds, and they can tell it again to nobody but their own people.

        Raises:
            Unavailable: when they refuse, or cannot reach us (status code 3001).
        """
        connection = self.connection
        country, party = connection.us.split("*")
        role = {
            "role": "EMSP",
            "country_code": country,
            "party_id": party,
            "business_details": {"name": connection.name},
        }
        body = {
            "token": connection.own_token.get_secret_value(),
            "url": f"{connection.public.rstrip('/')}/ocpi/versions",
            "roles": [role],
        }
        answer = self._http.post(self._endpoint(CREDENTIALS), body, {}, _NO_HEADERS)
        if answer.status == _ALREADY_REGISTERED:
            return None
        try:
            return shaped(Credentials, one_of(data_of(answer)), "credentials")
        except NotFound as error:
            raise Unavailable(f"has no credentials module where it says: {error}", sent=False) from None

    def every(self, module: str, params: Mapping[str, str] | None = None) -> Listed[Mapping[str, Any]]:
        """All objects of a module, page by page.

        Raises:
            Unavailable: when they do not say.
        """
        url, rules = self._endpoint(module), self.rules

        def page(offset: int, limit: int) -> Page:
            asked = {**(params or {}), "offset": str(offset), "limit": str(limit)}
            return Page.of(self._http.get(url, asked, self._routing))

        try:
            return read_all(page, rules.page, rules.most_pages)
        except NotFound as error:
            # A list that is not where it should be is trouble; it says nothing about any single thing.
            raise Unavailable(f"has no list of {module} where it says: {error}") from None

    def one(self, module: str, *path: str) -> Any:
        """One object as it stands now.

        Raises:
            NotFound: when they say that there is none.
            Unavailable: when they do not say.
        """
        return one_of(data_of(self._http.get(self._under(module, path), {}, self._routing)))

    def post(
        self,
        module: str,
        *path: str,
        body: Any,
        params: Mapping[str, str] | None = None,
        names_a_thing: bool = True,
    ) -> Any:
        """Send once, and read the object that comes back. ``names_a_thing``: see :func:`data_of`.

        Raises:
            NotFound: when they say that there is no such thing.
            Unavailable: when they do not say; ``sent`` tells whether it may have arrived.
        """
        answer = self._http.post(self._under(module, path), body, params or {}, self._routing)
        return one_of(data_of(answer, names_a_thing))

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _configuration(self, url: str) -> Any:
        try:
            return data_of(self._http.get(url, {}, _NO_HEADERS))
        except NotFound as error:
            raise Unavailable(f"has no versions where the connection says: {error}", sent=False) from None

    def _under(self, module: str, path: tuple[str, ...]) -> str:
        return "/".join([self._endpoint(module).rstrip("/"), *(quote(each, safe="") for each in path)])

    def _endpoint(self, module: str) -> str:
        found = self._endpoints.get().get(module)
        if found is None:
            reason = f"offers no {module}; if it does, add its address to endpoints of the connection"
            raise Unavailable(reason, sent=False)
        return found

    def _discovered(self) -> Mapping[str, str]:
        def ours(module: str, role: str) -> bool:
            # OCPI 6.2.2: the role of the credentials module says nothing.
            return module == CREDENTIALS or (role == "RECEIVER") == (module in _RECEIVERS)

        said = {each.identifier: each.url for each in self.details().endpoints if ours(each.identifier, each.role)}
        return said | self.connection.endpoints


def _routing(connection: OcpiConnection) -> Mapping[str, str]:
    """OCPI 4.1.8: the headers of functional modules; versions and credentials are sent without."""
    if connection.them is None:
        return {}
    parties = {"from": connection.us, "to": connection.them}
    headers = {}
    for way, party in parties.items():
        headers[f"OCPI-{way}-country-code"], headers[f"OCPI-{way}-party-id"] = party.split("*")
    return headers
