"""Lists that come page by page (OCPI 4.1.4, pagination), told apart from those that only claim to be whole."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from bot.adapters.ocpi.envelope import data_of, shaped
from bot.adapters.ocpi.http import Answer
from bot.errors import Unavailable

log = logging.getLogger(__name__)
Item = TypeVar("Item")
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Listed(Generic[Item]):
    """The objects of a list; not ``complete`` where fewer could be read than the other side says that it has.

    What is missing in a list that is not complete may exist all the same: nobody may be told that it does not.
    """

    items: tuple[Item, ...]
    complete: bool

    def shaped(self: Listed[Mapping[str, Any]], model: type[Model], what: str) -> Listed[Model]:
        """As those objects, without the ones that are of another form."""
        found = []
        for item in self.items:
            try:
                found.append(shaped(model, item, what))
            except Unavailable as error:
                log.warning("it is passed over: %s", error)
        return Listed(tuple(found), self.complete and len(found) == len(self.items))


@dataclass(frozen=True)
class Page:
    """One page. What its headers do not say, or say wrongly, is None."""

    items: tuple[Any, ...]
    total: int | None
    limit: int | None
    more: bool
    """A Link header names a next page. Only that it does is looked at: its address is often wrong, and may be
    anybody's."""

    @classmethod
    def of(cls, answer: Answer) -> Page:
        """Read it.

        Raises:
            Unavailable: when it is no list.
        """
        data = data_of(answer)
        if not isinstance(data, list):
            raise Unavailable("answered no list")
        link = answer.headers.get("Link", "").replace('"', "").replace(" ", "").lower()
        total, limit = (_count(answer.headers.get(name, "")) for name in ("X-Total-Count", "X-Limit"))
        return cls(tuple(data), total, limit, ";rel=next" in link)


def read_all(read: Callable[[int, int], Page], size: int, most_pages: int) -> Listed[Mapping[str, Any]]:
    """All pages; ``read`` is called with offset and limit.

    Raises:
        Unavailable: when there is no end to them.
    """
    found: dict[tuple[str, ...], Mapping[str, Any]] = {}
    offset, total, odd = 0, None, 0
    for _ in range(most_pages):
        page = read(offset, size)
        total = page.total if page.total is not None else total
        new = {_identity(item): item for item in page.items if isinstance(item, dict)}
        odd += sum(not isinstance(item, dict) for item in page.items)
        if not page.items or (new and new.keys() <= found.keys()):
            break
        found |= new
        offset += len(page.items)
        # A count may be wrong and a full page may be the last: only an empty one ends it for certain.
        full = len(page.items) >= min(size, page.limit or size)
        if not (page.more or full or (total is not None and offset < total)):
            break
    else:
        raise Unavailable(f"has more than {most_pages} pages")
    return Listed(tuple(found.values()), complete=not odd and (total is None or len(found) >= total))


def _identity(item: Mapping[str, Any]) -> tuple[str, ...]:
    fields = ("country_code", "party_id", "uid", "id", "type")
    return tuple(str(item.get(field, "")).casefold() for field in fields)


def _count(header: str) -> int | None:
    return int(header) if header.isascii() and header.isdigit() and len(header) < 10 else None
