"""How sections of a connector's file say what is wrong with them."""

from __future__ import annotations

import re
from typing import Annotated, Any

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, ValidationError, model_validator

from bot.adapters.http.expressions import Expression

_VARIABLE = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110, 5.6.2."""
PRINTABLE = re.compile("[!-~]([ -~]*[!-~])?")
"""What a header can hold (RFC 9110, 5.5)."""
_OURS = frozenset({"authorization", "proxy-authorization", "cookie", "host", "content-length", "accept-encoding"})


class Section(BaseModel):
    """Frozen. Keys that are unknown or missing are named together with what may or must be written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _keys(cls, given: Any) -> Any:
        known = cls.model_fields
        if not isinstance(given, dict):
            raise ValueError(f"must be a section with the keys {', '.join(known)}")
        for key in given:
            if key not in known:
                raise ValueError(f"has no key {key!r}; use {', '.join(known)}")
        for key, field in known.items():
            if field.is_required() and key not in given:
                example = f", such as {field.examples[0]}" if field.examples else ""
                raise ValueError(f"the key {key} is missing; write it{example}")
        return given


class FromEnvironment(Section):
    """A value that only the environment holds: a secret, or what differs from place to place."""

    env: Annotated[str, AfterValidator(lambda name: _matched(_VARIABLE, name, "must be a variable's name"))]

    @model_validator(mode="before")
    @classmethod
    def _keys(cls, given: Any) -> Any:
        # What was written here instead may be the secret itself, so that it is not shown.
        if not isinstance(given, dict) or set(given) != {"env"} or not isinstance(given["env"], str):
            raise ValueError("write {env: NAME} with the name of the environment's variable that holds it")
        return given


def _matched(pattern: re.Pattern[str], value: str, problem: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError(problem)
    return value


def _header_name(name: str) -> str:
    if name.lower() in _OURS:
        raise ValueError(f"{name} is not set here; credentials belong to auth")
    return _matched(_HEADER, name, f"{name!r} is no name of a header")


def base_url(url: str) -> str:
    """The address without a slash at its end.

    Raises:
        ValueError: for what is none, or holds more than an address; the address is not shown.
    """
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ValueError("is no address; write one such as https://api.example.com/v1")
    if parsed.userinfo or parsed.query or parsed.fragment:
        raise ValueError("must be without user, password, query and fragment; credentials belong to auth")
    return url.rstrip("/")


def _address(given: Any) -> str | FromEnvironment:
    if isinstance(given, str):
        return base_url(given)
    try:
        return FromEnvironment.model_validate(given)
    except ValidationError:
        raise ValueError("write an address in quotes, or {env: NAME} with the variable that holds it") from None


Expr = Annotated[Expression, PlainValidator(Expression.of)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
HeaderValue = Annotated[
    str, AfterValidator(lambda text: _matched(PRINTABLE, text, "must be one line of printable ASCII characters"))
]
Address = Annotated[str | FromEnvironment, PlainValidator(_address)]
