"""Parallel sentences: reading, licences and weights."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
import zstandard

LANGUAGES = ("fr", "de", "it", "nb", "nn", "nl", "es", "sv", "da", "pt", "pl")
SOURCES_FILE = Path(__file__).with_name("sources.yaml")


@dataclass(frozen=True)
class Pair:
    """One English sentence and its translation; ``language`` is that of ``text``."""

    language: str
    english: str
    text: str
    source: str


@dataclass(frozen=True)
class Sources:
    """Which sources may be read, and what a pair of each counts (1.0 is everyday language)."""

    weights: dict[str, float]
    question_weight: float

    @classmethod
    def load(cls, path: Path = SOURCES_FILE, *, all_licences: bool = False) -> Sources:
        """Read sources.yaml; copyleft and share-alike sources only with ``all_licences``."""
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        weights = {
            name: float(data["kinds"][entry["kind"]])
            for name, entry in data["sources"].items()
            if entry["permissive"] or all_licences
        }
        return cls(weights, float(data["question_weight"]))

    def weight(self, pair: Pair) -> float:
        """Sampling weight of a pair; 0 where its source may not be used."""
        weight = self.weights.get(pair.source, 0.0)
        return weight * self.question_weight if pair.english.endswith("?") else weight


def read_pairs(folder: Path, sources: Sources, languages: Sequence[str] = LANGUAGES) -> Iterator[Pair]:
    """Yield the usable pairs of ``<folder>/<language>.tsv.zst`` in file order."""
    for language in languages:
        with (folder / f"{language}.tsv.zst").open("rb") as raw:
            lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(raw), encoding="utf-8")
            next(lines)  # the header
            for line in lines:
                english, text, source = line.rstrip("\n").split("\t")
                if source in sources.weights:
                    yield Pair(language, english, text, source)
