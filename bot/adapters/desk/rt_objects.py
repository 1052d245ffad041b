"""What REST 2.0 of Request Tracker answers, as far as Plugdesk looks at it."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import Unavailable
from bot.tools.values import Attachment

Kind = TypeVar("Kind", bound=BaseModel)


class _Object(BaseModel):
    # RT tells far more than is needed here.
    model_config = ConfigDict(frozen=True, extra="ignore")


class RtField(_Object):
    """A custom field and its values; one that was emptied has None for a value."""

    name: str
    values: tuple[str | None, ...]


class RtNamed(_Object):
    """Something that has a name."""

    name: str


class RtTicket(_Object):
    """A ticket. Times are UTC, to the second."""

    id: int
    status: str = Field(alias="Status")
    created: datetime = Field(alias="Created")
    updated: datetime = Field(alias="LastUpdated")
    fields: tuple[RtField, ...] = Field((), alias="CustomFields")

    def field(self, name: str) -> str | None:
        """The value of a custom field; None where it is empty or not there."""
        return next((field.values[0] or None for field in self.fields if field.name == name and field.values), None)


class RtPage(_Object):
    """One page of a search. ``pages`` is None where RT does not want to say how many there are."""

    items: tuple[dict[str, Any], ...]
    pages: int | None = None


class RtQueue(_Object):
    """A queue, with the fields of its tickets that Plugdesk's user may see."""

    fields: tuple[RtNamed, ...] = Field((), alias="TicketCustomFields")


class RtCreated(_Object):
    """What was made."""

    id: int


class RtFile(_Object):
    """A part of a message: a file, if it has a name."""

    id: str
    name: str = Field("", alias="Filename")
    type: str = Field("application/octet-stream", alias="ContentType")
    length: int | None = Field(None, alias="ContentLength")

    def attachment(self) -> Attachment:
        """As the port tells it."""
        return Attachment(id=self.id, name=self.name, type=self.type, size=self.length)


class RtContent(_Object):
    """The bytes of a file; an empty one has None."""

    content: str | None = Field(None, alias="Content")

    def data(self) -> bytes:
        """Decoded.

        Raises:
            Unavailable: when it is no base64.
        """
        try:
            return base64.b64decode("".join((self.content or "").split()), validate=True)
        except ValueError:
            raise Unavailable("answered an attachment that is no base64") from None


def read(kind: type[Kind], answer: Any) -> Kind:
    """The answer in that form.

    Raises:
        Unavailable: when it does not have it.
    """
    try:
        return kind.model_validate(answer)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Unavailable(f"answered no {kind.__name__.removeprefix('Rt').lower()}: {where or 'all of it'}") from None
