"""Where an article came from, kept in its front matter."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class Origin(BaseModel):
    """The page or file that an article was imported from.

    ``source``: a URL or a file, ``fetched``: when it was read, ``hash``: SHA-256 of the text as it was imported (not of
    the article as it was edited), ``importer``: what read it, ``language`` and ``confidence``: what the text looked
    like, with a probability of 0 to 1.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(min_length=1)
    fetched: datetime
    hash: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    importer: str = Field(min_length=1)
    language: str = Field(pattern=r"^[a-z]{2,3}$")
    confidence: float = Field(ge=0, le=1)
