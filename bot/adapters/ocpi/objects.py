"""The objects of OCPI 2.2.1 that are looked at, and of those only the fields that are needed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Item = TypeVar("Item")
CiString = Annotated[str, Field(min_length=1, max_length=255)]
"""Compared without regard to case (OCPI 16.1): some software sends all of them in small letters."""
Several = Annotated[tuple[Item, ...], BeforeValidator(lambda given: () if given is None else given)]
"""A list that some leave out, and others send as null."""


def _utc(moment: datetime) -> datetime:
    """OCPI 16.2: a time without a zone is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_utc)]


def same(one: str, other: str) -> bool:
    """Whether two CiStrings are equal."""
    return one.casefold() == other.casefold()


class OcpiObject(BaseModel):
    """Fields that nobody needs here are passed over. Some send numbers where the standard has strings."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class Version(OcpiObject):
    """6.1.2: a version that they speak, and where its details are."""

    version: str
    url: str


class Endpoint(OcpiObject):
    """6.2.2: where a module is reached, and which of its two interfaces that is."""

    identifier: str
    role: str
    url: str


class VersionDetails(OcpiObject):
    """6.2.1."""

    version: str
    endpoints: tuple[Endpoint, ...]


class Role(OcpiObject):
    """7.4.1: a party, and what it is."""

    role: str
    party_id: CiString
    country_code: CiString


class Credentials(OcpiObject):
    """7.3.1. ``token`` is what we show them from now on: keep it like a password."""

    token: Annotated[str, Field(min_length=1, max_length=64, repr=False)]
    url: str
    roles: Several[Role] = ()


class Business(OcpiObject):
    """8.4.2."""

    name: str


class PlugConnector(OcpiObject):
    """8.3.3."""

    id: CiString


class Evse(OcpiObject):
    """8.3.2. ``status`` is one of 8.4.22, kept as it was sent: a list is of use with a status that nobody knows."""

    uid: CiString
    evse_id: CiString | None = None
    physical_reference: str | None = None
    status: str
    connectors: Several[PlugConnector] = ()


class Location(OcpiObject):
    """8.3.1."""

    country_code: CiString
    party_id: CiString
    id: CiString
    country: str | None = None
    """ISO 3166-1 alpha-3: where it stands; ``country_code`` is its operator's."""
    owner: Business | None = None
    operator: Business | None = None
    evses: Several[Evse] = ()


class Token(OcpiObject):
    """12.3.2. Kept with all its fields: to start a session it is sent whole."""

    model_config = ConfigDict(extra="allow")

    uid: CiString
    contract_id: CiString | None = None
    visual_number: str | None = None
    group_id: CiString | None = None


class AllowedType(StrEnum):
    """12.4.1: whether a token may charge."""

    ALLOWED = "ALLOWED"
    BLOCKED = "BLOCKED"
    EXPIRED = "EXPIRED"
    NO_CREDIT = "NO_CREDIT"
    NOT_ALLOWED = "NOT_ALLOWED"


class AuthorizationInfo(OcpiObject):
    """12.3.1."""

    allowed: AllowedType
    authorization_reference: CiString | None = None


class CdrToken(OcpiObject):
    """10.4.5: the token of a session."""

    uid: CiString
    contract_id: CiString | None = None


class Price(OcpiObject):
    """16.5."""

    excl_vat: Decimal
    incl_vat: Decimal | None = None


class OcpiSession(OcpiObject):
    """9.3.1."""

    id: CiString
    start_date_time: Moment
    kwh: Decimal | None = None
    cdr_token: CdrToken
    location_id: CiString
    evse_uid: CiString
    currency: str
    total_cost: Price | None = None
    status: str


class CommandResponse(OcpiObject):
    """13.3.2. ``timeout``: seconds within which the result comes."""

    result: str
    timeout: float = 0
