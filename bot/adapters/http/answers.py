"""What an answer says: nothing is taken for granted that it does not say in the form that the file describes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

import httpx
from pydantic import BaseModel, ValidationError

from bot.adapters.http.calls import CallKind
from bot.adapters.http.callspec import Call, Conditions
from bot.adapters.http.exchange import Answer
from bot.adapters.http.expressions import Expression, WordLists
from bot.errors import NotFound, Unavailable
from bot.tools.values import Refused, WorldValue

Said = WorldValue | None
"""The value that a call answers, or a refusal; None where the system says that there is no session or role."""


@dataclass(frozen=True)
class Misfit:
    """A field that an answer did not fill."""

    field: str
    expression: str
    given: Any
    """What the expression found. It may be private: for the person who writes the file, never for a log."""
    problem: str


class Unfit(Unavailable):
    """An answer in time, but not in the form that the file describes."""

    def __init__(self, misfits: tuple[Misfit, ...]) -> None:
        told = "; ".join(f"{misfit.field}: {misfit.problem}" for misfit in misfits)
        super().__init__(f"answered what does not fit: {told}")
        self.misfits = misfits


@dataclass(frozen=True)
class _Json:
    data: Any


def read_answer(call: Call, kind: CallKind, words: WordLists, answer: Answer) -> Said:
    """Read it.

    Raises:
        NotFound: when the system says that there is no such thing.
        Unavailable: when it is no answer of the system's own.
        Unfit: when it does not hold what it should.
    """
    if "html" in answer.media_type:
        # A proxy's or a server's page, whatever status it has: the system itself has not spoken.
        raise Unavailable(f"answered {answer.status} with a page of HTML")
    found = _parsed(answer.body)

    def holds(conditions: Conditions) -> bool:
        return any(_holds(condition, answer.status, found, words) for condition in conditions)

    if holds(call.missing_when):
        raise NotFound("The system says that there is no such thing.")
    if holds(call.none_when):
        return None
    for reason, conditions in call.refused_when.items():
        if holds(conditions):
            return Refused(reason=reason)
    if not httpx.codes.is_success(answer.status):
        raise Unavailable(_unsuccessful(answer.status))
    if found is None and answer.body.strip():
        raise Unavailable(f"answered {answer.status} with {answer.media_type or 'something'}, which holds no JSON")
    if call.done_when and not holds(call.done_when):
        raise Unavailable("answered neither that it took the command nor that it refused it")
    return _value(call, kind, words, found.data if found else None)


def _unsuccessful(status: int) -> str:
    if httpx.codes.is_redirect(status):
        return f"sends on to somewhere else ({status}), which is not followed"
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return f"answered {status}: look at the credentials under auth"
    return f"answered {status}"


def _parsed(body: bytes) -> _Json | None:
    try:
        return _Json(json.loads(body, parse_constant=_no_constant))
    except (ValueError, RecursionError):
        return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON (RFC 8259, 6)")


def _holds(condition: int | Expression, status: int, found: _Json | None, words: WordLists) -> bool:
    if isinstance(condition, int):
        return condition == status
    # What a server says while it fails is no word on the thing that it was asked for.
    if found is None or httpx.codes.is_server_error(status):
        return False
    try:
        value = condition.value(found.data, words)
    except ValueError:
        return False
    # JMESPath's own idea of true: zero is.
    return not (value is None or value is False or (isinstance(value, str | list | dict) and not value))


def _value(call: Call, kind: CallKind, words: WordLists, data: Any) -> WorldValue:
    found: dict[str, Any] = {}
    misfits = []
    for field, expression in call.response.items():
        try:
            found[field] = expression.value(data, words)
        except ValueError as error:
            misfits.append(Misfit(field, expression.text, data, str(error)))
    if misfits:
        raise Unfit(tuple(misfits))
    try:
        value = kind.answers.model_validate(found)
    except ValidationError as error:
        wrong = [(each["loc"], _problem(each["type"], each["msg"], each["input"])) for each in error.errors()]
    else:
        wrong = [(at, "is a time without its zone; add it, such as join('', [time, 'Z'])") for at in _naive(value)]
    if wrong:
        raise Unfit(tuple(
            Misfit(".".join(map(str, at)), call.response[str(at[0])].text, found[str(at[0])], problem)
            for at, problem in wrong
        ))  # fmt: skip
    return value


def _problem(kind: str, message: str, given: Any) -> str:
    if given is None and kind != "missing":
        return "finds nothing; where the answer may lack it, write what that means, such as cards[] || `[]`"
    return message[:1].lower() + message[1:]


def _naive(value: Any, at: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    """The fields that hold a time which could be any: nobody could compare it with ours."""
    if isinstance(value, datetime) and value.tzinfo is None:
        yield at
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _naive(getattr(value, name), (*at, name))
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _naive(each, (*at, index))
