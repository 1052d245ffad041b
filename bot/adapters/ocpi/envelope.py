"""What an answer says: the envelope that OCPI puts around data (OCPI 4.1.7 and chapter 5)."""

from __future__ import annotations

import unicodedata
from typing import Any, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from bot.adapters.ocpi.http import Answer
from bot.errors import NotFound, Unavailable

UNKNOWN_THING = frozenset({2003, 2004})
"""OCPI 5.2: unknown location, unknown token."""
LONGEST_MESSAGE = 120
Model = TypeVar("Model", bound=BaseModel)


class _Envelope(BaseModel):
    data: JsonValue = None
    status_code: int
    status_message: str | None = None


def data_of(answer: Answer, names_a_thing: bool = True) -> Any:
    """The data of an answer that says yes.

    ``names_a_thing``: the address that was asked is one thing's own, so that a 404 speaks of that thing; elsewhere it
    only says that the address is wrong.

    Raises:
        NotFound: when it says that there is no such thing.
        Unavailable: when it says no, or nothing of the kind; ``sent`` is False where it refused what was asked.
    """
    try:
        envelope = _Envelope.model_validate_json(answer.body)
    except ValidationError:
        raise _without_envelope(answer, names_a_thing) from None
    code = envelope.status_code
    if answer.status < 300 and 1000 <= code < 2000:
        return envelope.data
    if code in UNKNOWN_THING or (answer.status == 404 and names_a_thing):
        raise NotFound(f"They know no such thing (status code {code}).")
    said = f" {_printable(envelope.status_message)}" if envelope.status_message else ""
    refused = 2000 <= code < 3000 or 400 <= answer.status < 500
    raise Unavailable(f"answered {answer.status} with status code {code}{said}", sent=not refused)


def one_of(data: Any) -> Any:
    """The only object of an answer; some wrap it in a list.

    Raises:
        Unavailable: when there are more, or none.
    """
    if not isinstance(data, list):
        return data
    if len(data) != 1:
        raise Unavailable(f"answered {len(data)} objects where one was asked for")
    return data[0]


def shaped(model: type[Model], data: Any, what: str) -> Model:
    """``data`` as that object.

    Raises:
        Unavailable: when it is none; the reason names the fields, never their values, which may be a driver's.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        fields = ", ".join(dict.fromkeys(".".join(map(str, each["loc"])) or "all of it" for each in error.errors()))
        raise Unavailable(f"answered {what} of the wrong form: {fields}") from None


def _without_envelope(answer: Answer, names_a_thing: bool) -> NotFound | Unavailable:
    json = answer.headers.get("Content-Type", "").partition(";")[0].strip().endswith("json")
    if answer.status == 404 and json and names_a_thing:
        return NotFound("They know no such thing (404).")
    if answer.status in (401, 403):
        return Unavailable(f"does not take our token ({answer.status})", sent=False)
    if answer.status >= 300:
        return Unavailable(f"answered {answer.status}", sent=answer.status >= 500)
    return Unavailable("answered something that is no OCPI envelope")


def _printable(message: str) -> str:
    """Their words for our log: one line, and no longer than it must be."""
    return "".join(char for char in message if unicodedata.category(char)[0] != "C")[:LONGEST_MESSAGE]
