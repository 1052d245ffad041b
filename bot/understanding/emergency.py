"""Whom to call: emergency.yaml. Product.md 3.4: what to do now comes first, with the number of the driver's country."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

EMERGENCY_FILE = Path(__file__).with_name("emergency.yaml")

Number = Annotated[str, Field(pattern=r"^\d{2,4}$")]
"""As it is dialled, without a country code."""
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""


class EmergencyNumbers(BaseModel):
    """``general`` answers every emergency; ``fire`` and ``medical`` where they have numbers of their own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    general: Number
    fire: Number | None = None
    medical: Number | None = None


class EmergencyDirectory(BaseModel):
    """The file: ``elsewhere`` holds where a country is not listed; ``aliases``: other codes of listed countries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    elsewhere: EmergencyNumbers
    aliases: dict[Country, Country]
    countries: dict[Country, EmergencyNumbers]

    @classmethod
    def load(cls, path: Path = EMERGENCY_FILE) -> EmergencyDirectory:
        """Read the file.

        Raises:
            pydantic.ValidationError: when it is not as it must be.
        """
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    def of(self, country: str | None) -> EmergencyNumbers:
        """The numbers of a country, in upper or lower case; unknown or none: those that hold elsewhere."""
        code = (country or "").strip().upper()
        return self.countries.get(self.aliases.get(code, code), self.elsewhere)


@cache
def _shipped() -> EmergencyDirectory:
    return EmergencyDirectory.load()


def emergency_numbers(country: str | None) -> EmergencyNumbers:
    """Whom a driver in this country calls (ISO 3166-1 alpha-2). Raises nothing: without a country it is 112."""
    return _shipped().of(country)
