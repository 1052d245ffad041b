"""Who may do what at which charger: a YAML file beside the database, with the same name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import SettingsError

IdTag = Annotated[str, StringConstraints(max_length=36), AfterValidator(str.casefold)]
"""OCPP 1.6, 7.28 and 2.0.1, 2.33: tokens do not tell capitals from small letters."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    users: dict[str, str] = {}
    """Role by user id."""
    tags: dict[IdTag, str] = Field(default={}, repr=False)
    """User id by idTag."""


class People(BaseModel):
    """The users and charge cards of all chargers. What is not listed may do nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    chargers: dict[str, _Entry] = {}

    def role(self, charger: str, user: str) -> str | None:
        """The user's role for that charger."""
        return self.chargers.get(charger, _Entry()).users.get(user)

    def user_of(self, charger: str, tag: str) -> str | None:
        """Whose card that is; None: nobody's who may charge there."""
        return self.chargers.get(charger, _Entry()).tags.get(tag.casefold())


def people_file(database: Path) -> Path:
    """Where the people of that database's chargers stand."""
    return database.with_suffix(".yaml")


def read_people(path: Path) -> People:
    """Read the file; where there is none, nobody may do anything.

    Raises:
        SettingsError: naming the file, the field and what is wrong; never what a card's tag is.
    """
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
        return People.model_validate(given or {})
    except FileNotFoundError:
        return People()
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise SettingsError(f"{path} is no YAML.") from None
    except ValidationError as error:
        places = sorted(
            {".".join(str(part) for part in each["loc"][:3]) + f": {each['msg']}" for each in error.errors()}
        )
        raise SettingsError(f"{path}: {'; '.join(places)}. Write every id, user and tag in quotes.") from None
