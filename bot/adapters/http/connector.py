"""A system that a file describes: calls go out as it says, and answers are read as it says."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from bot.adapters.http import templates
from bot.adapters.http.answers import Said, read_answer
from bot.adapters.http.calls import CALLS, needed
from bot.adapters.http.callspec import Call
from bot.adapters.http.exchange import HttpExchange, Request
from bot.adapters.http.expressions import Expression, WordLists
from bot.adapters.http.sections import PRINTABLE, FromEnvironment, base_url
from bot.adapters.http.spec import Auth, ConnectorSpec
from bot.adapters.http.templates import Arguments
from bot.errors import SettingsError, Unavailable


class HttpConnector:
    """Asks one system. Safe to use from several threads; close it in the end.

    Args:
        spec: the file.
        environ: where the secrets are.
        transport: what carries the requests; the network where none is given.
        sleep: waits between attempts.
        monotonic: by which a system that fails is left alone, in seconds.

    Raises:
        SettingsError: naming the variable that is missing or cannot be used.
    """

    def __init__(
        self,
        spec: ConnectorSpec,
        environ: Mapping[str, str],
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spec = spec
        self._base = _address(spec, environ)
        credentials = _credentials(spec.name, spec.auth, environ) if spec.auth else {}
        self._exchange = HttpExchange(spec, credentials, transport, sleep, monotonic)

    @property
    def name(self) -> str:
        """The system's name in the file."""
        return self._spec.name

    def serves(self, call: str) -> bool:
        """Whether the file has that call, such as ``accounts.account``."""
        return call in self._spec.calls

    def require(self, port: str) -> None:
        """Make sure that it can be that port.

        Raises:
            SettingsError: naming the calls that the file lacks.
        """
        lacking = [call for call in needed(port) if not self.serves(call)]
        if lacking:
            raise SettingsError(
                f"The connector {self.name} cannot serve {port}: add {', '.join(lacking)} to its calls."
            )

    def ask(self, call: str, arguments: Arguments) -> Said:
        """Make a call of the file.

        Raises:
            NotFound: when the system says that there is no such thing; Unaskable: when no system can be asked for it.
            Unavailable: when the system does not answer, or what it answers does not fit.
        """
        described = self._spec.calls[call]
        answer = self._exchange.send(self._request(described, arguments))
        return read_answer(described, CALLS[call], self._spec.words, answer)

    def close(self) -> None:
        """Let go of the connections."""
        self._exchange.close()

    def _request(self, call: Call, arguments: Arguments) -> Request:
        templates.check(arguments)
        headers, content = httpx.Headers(), None
        if call.body is not None:
            content = json.dumps(_body(call.body, arguments, self._spec.words)).encode()
            headers["Content-Type"] = "application/json"
        headers.update({key: templates.header(value, arguments) for key, value in call.headers.items()})
        return Request(
            method=call.method,
            url=self._base + templates.path(call.path, arguments),
            query={key: templates.query(value, arguments) for key, value in call.query.items()},
            headers=headers,
            content=content,
            timeout_s=call.timeout_s or self._spec.timeout_s,
            repeatable=call.repeatable,
            understood=frozenset(each for each in call.conditions if isinstance(each, int)),
        )


def _body(expression: Expression, arguments: Arguments, words: WordLists) -> Any:
    try:
        body = expression.value(arguments, words)
        if _lacks_something(body):
            # A command without its target could mean any, or all.
            raise ValueError("finds nothing for a part of it")
    except ValueError as error:
        raise Unavailable(f"cannot be asked, body: {error}", sent=False) from None
    return body


def _lacks_something(body: Any) -> bool:
    parts = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return body is None or any(_lacks_something(part) for part in parts)


def _address(spec: ConnectorSpec, environ: Mapping[str, str]) -> str:
    if not isinstance(spec.base_url, FromEnvironment):
        return spec.base_url
    given = _variable(spec.name, spec.base_url, environ)
    try:
        return base_url(given)
    except ValueError as error:
        raise SettingsError(f"{spec.base_url.env}, the base_url of the connector {spec.name}, {error}.") from None


def _variable(name: str, source: FromEnvironment, environ: Mapping[str, str]) -> str:
    value = environ.get(source.env, "").strip()
    if not value:
        raise SettingsError(f"The connector {name} needs {source.env}. Set it in the environment.")
    return value


def _secret(name: str, source: FromEnvironment, environ: Mapping[str, str]) -> str:
    value = _variable(name, source, environ)
    if not PRINTABLE.fullmatch(value):
        raise SettingsError(f"{source.env}, for the connector {name}, must be one line of printable ASCII characters.")
    return value


def _credentials(name: str, auth: Auth, environ: Mapping[str, str]) -> dict[str, str]:
    if auth.bearer:
        return {"Authorization": f"Bearer {_secret(name, auth.bearer, environ)}"}
    if auth.basic:
        user = _variable(name, auth.basic.user, environ)
        if ":" in user:
            raise SettingsError(f"{auth.basic.user.env}, for the connector {name}, must not hold a colon (RFC 7617).")
        password = _variable(name, auth.basic.password, environ)
        return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}
    if auth.header:
        return {auth.header.name: _secret(name, auth.header.value, environ)}
    return {}
