"""The schema of a connector's file. docs/connectors.md explains it to those who write one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from bot.adapters.http.callspec import Call
from bot.adapters.http.consistency import problems
from bot.adapters.http.sections import Address, FromEnvironment, Section
from bot.errors import SettingsError

DEFAULTS_FILE = Path(__file__).with_name("defaults.yaml")
_SAID = {
    "tuple_type": "must be a list, such as [404]",
    "dict_type": "must be a section, such as {key: value}",
    "string_type": "must be text; put it in quotes",
}
"""What to write, where pydantic only says what it wants."""


class Basic(Section):
    """Basic authentication (RFC 7617)."""

    user: FromEnvironment = Field(examples=["{env: NAME}"])
    password: FromEnvironment = Field(examples=["{env: NAME}"])


class Header(Section):
    """A header of the system's own that holds the secret."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")] = Field(examples=["X-Api-Key"])
    value: FromEnvironment = Field(examples=["{env: NAME}"])


class Auth(Section):
    """How the system knows us: exactly one of the three."""

    bearer: FromEnvironment | None = None
    basic: Basic | None = None
    header: Header | None = None

    @model_validator(mode="after")
    def _one(self) -> Auth:
        if len(self.model_fields_set) != 1:
            raise ValueError("must have exactly one of bearer, basic and header")
        return self

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables of the environment that hold the secrets."""
        basic = (self.basic.user, self.basic.password) if self.basic else ()
        return tuple(each.env for each in (self.bearer, *basic, self.header.value if self.header else None) if each)


class Retries(Section):
    """Of reads by GET, and of calls that are marked idempotent."""

    attempts: int = Field(ge=1, le=5, examples=["2"])
    """With the first one."""
    wait_s: float = Field(ge=0, le=10, examples=["0.2"])
    """At most so long, by chance, before each further one."""


class BreakerRules(Section):
    """See :class:`bot.adapters.http.breaker.Breaker`."""

    failures: int = Field(ge=1, examples=["5"])
    reset_s: float = Field(gt=0, examples=["30"])


class ConnectorSpec(Section):
    """A whole file."""

    name: str = Field(min_length=1, max_length=60, examples=["example-back-end"])
    """Stands in logs and messages for the operator."""
    base_url: Address = Field(examples=["https://api.example.com/v1"])
    auth: Auth | None = None
    timeout_s: float = Field(gt=0, le=60, examples=["1.5"])
    """Seconds that a call may take, with all its attempts."""
    retries: Retries
    breaker: BreakerRules
    largest_bytes: int = Field(gt=0)
    words: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Lists of words for the function ``word``: theirs to ours, or ours to theirs; ``*`` is for all others."""
    calls: dict[str, Call] = Field(min_length=1, examples=["{accounts.account: …}"])

    @model_validator(mode="after")
    def _consistent(self) -> ConnectorSpec:
        found = [problem for name, call in self.calls.items() for problem in problems(name, call, self.words)]
        if found:
            raise ValueError("; ".join(found))
        return self

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables of the environment that it needs."""
        address = (self.base_url.env,) if isinstance(self.base_url, FromEnvironment) else ()
        return (*address, *(self.auth.variables if self.auth else ()))


def read_spec(path: Path) -> ConnectorSpec:
    """Read a connector's file.

    Raises:
        SettingsError: naming the file, the key and what to write; never a value that may be a secret.
    """
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is no YAML: it is not written in UTF-8.") from None
    except yaml.YAMLError as error:
        # The library's whole message quotes the line, which may hold a secret that does not belong there.
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        where = f", line {mark.line + 1}" if mark else ""
        raise SettingsError(f"{path}{where} is no YAML: {getattr(error, 'problem', None) or 'look there'}.") from None
    if not isinstance(given, dict):
        raise SettingsError(f"{path} must hold a connector: {', '.join(ConnectorSpec.model_fields)}.")
    try:
        return ConnectorSpec.model_validate({**_defaults(), **given})
    except ValidationError as error:
        found = "\n".join(f"  {_where(each['loc'])}{_problem(each)}" for each in error.errors(include_input=False))
        raise SettingsError(f"{path} cannot be used:\n{found}") from None


def _defaults() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(DEFAULTS_FILE.read_text(encoding="utf-8"))
    return loaded


def _where(location: tuple[int | str, ...]) -> str:
    return f"{' > '.join(map(str, location))}: " if location else ""


def _problem(error: ErrorDetails) -> str:
    return _SAID.get(error["type"]) or error["msg"].removeprefix("Value error, ")
