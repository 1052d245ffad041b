"""The languages of kb/languages.yaml: their names and which articles their speakers can read."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter


class Language(BaseModel):
    """``read``: article languages, best first; ``kin``: the article language with the most alike words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    read: tuple[str, ...]
    kin: str


def read_languages(folder: Path) -> dict[str, Language]:
    """The table of ``folder/languages.yaml``."""
    data = yaml.safe_load((folder / "languages.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Language]).validate_python(data)
