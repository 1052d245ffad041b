"""One call of a connector's file: how a port's method is asked for, and how the answer is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainValidator

from bot.adapters.http.expressions import Expression
from bot.adapters.http.sections import Expr, HeaderName, HeaderValue, Section
from bot.adapters.http.templates import PLACE

SAFE = frozenset({"GET", "HEAD"})
"""Methods that change nothing (RFC 9110, 9.2.1), as far as ports use them."""

Reason = Literal[
    "in_use",
    "not_connected",
    "not_available",
    "not_running",
    "not_allowed",
    "cooldown",
    "unknown_target",
    "unreachable",
    "other",
]
"""Why a system refuses a command; see :class:`bot.tools.values.Refused`."""


def _condition(given: Any) -> int | Expression:
    if isinstance(given, str):
        return Expression.of(given)
    if not isinstance(given, int) or not 200 <= given <= 599:
        raise ValueError(
            "must be a status code such as 404, or an expression over the answer such as code == 'OFFLINE'"
        )
    return given


Conditions = tuple[Annotated[int | Expression, PlainValidator(_condition)], ...]
"""Status codes and expressions over the answer; one that holds is enough."""


_PATH = re.compile(r"/[^\x00- \x7f-\U0010ffff?#{}\\]*")


def _within_the_base(path: str) -> str:
    written = _PATH.fullmatch(PLACE.sub("", path))
    if not written or any(part in (".", "..") for part in path.split("/")):
        raise ValueError(
            "must begin with a slash, in ASCII, without space, query, fragment, lone brace and dot segments, "
            "such as /accounts/{number}"
        )
    return path


class Call(Section):
    """How one method of a port is asked for, and how its answer is read."""

    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] = Field(examples=["GET"])
    path: Annotated[str, AfterValidator(_within_the_base)] = Field(examples=["/accounts/{number}"])
    """After base_url."""
    query: dict[str, str] = Field(default_factory=dict)
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict)
    body: Expr | None = None
    """Over the arguments; what it gives is sent as JSON."""
    idempotent: bool = False
    """The system does a command only once for the same ``{key}`` in a header, so that it may be sent again."""
    timeout_s: Annotated[float, Field(gt=0, le=60)] | None = None
    """In place of the file's."""
    response: dict[str, Expr] = Field(default_factory=dict)
    missing_when: Conditions = ()
    """There is no such thing."""
    none_when: Conditions = ()
    """There is such a thing, but no session that runs, or no role of that user."""
    refused_when: dict[Reason, Conditions] = Field(default_factory=dict)
    """The system said no to a command and nothing happened; the first reason that holds is taken."""
    done_when: Conditions = ()
    """The system took the command; where nothing is written, any answer of success says so."""

    @property
    def repeatable(self) -> bool:
        """It may be sent again without doing anything twice."""
        return self.method in SAFE or self.idempotent

    @property
    def conditions(self) -> Conditions:
        """All that give a status code or an answer a meaning of its own."""
        refusals = (each for conditions in self.refused_when.values() for each in conditions)
        return (*self.missing_when, *self.none_when, *refusals, *self.done_when)

    def expressions(self) -> Iterator[tuple[str, Expression]]:
        """Every expression with the key that it stands under."""
        yield from ((f"response > {name}", expression) for name, expression in self.response.items())
        yield from (("a condition", each) for each in self.conditions if isinstance(each, Expression))
        if self.body:
            yield "body", self.body
