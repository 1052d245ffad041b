"""Parallel sentences: reading, licences and weights."""

from __future__ import annotations

import io
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
import zstandard

from indexer.utterances import comparable

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
            lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(raw), encoding="utf-8", newline="\n")
            next(lines)  # the header
            for line in lines:
                english, text, source = line.rstrip("\n").split("\t")
                if source in sources.weights:
                    yield Pair(language, english, text, source)


def withheld(folder: Path) -> set[str]:
    """Every line of the evaluation sets below ``folder``, comparable: none of them may be learnt from.

    The sets have the text after a tab (``*.tsv``) or after the language (``*.txt``). Texts of one or two words such as
    "hello" cannot be kept apart.
    """
    texts = [
        line.split("\t")[-1] if path.suffix == ".tsv" else line.partition(": ")[2]
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".tsv", ".txt")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return {key for text in texts if len((key := comparable(text)).split()) > 2}


def sampled_english(pairs: Iterable[Pair], sources: Sources, count: int, longest: int, seed: int) -> list[str]:
    """``count`` different English sentences of at most ``longest`` words, drawn by the weight of all their pairs.

    Weighted sampling without replacement (Efraimidis and Spirakis 2006): the highest u^(1/weight) win.
    """
    weights: dict[str, float] = defaultdict(float)
    for pair in pairs:
        if len(pair.english.split()) <= longest:
            weights[pair.english] += sources.weight(pair)
    rng = random.Random(seed)
    keys = {english: rng.random() ** (1 / weight) for english, weight in sorted(weights.items()) if weight > 0}
    return sorted(keys, key=keys.__getitem__, reverse=True)[:count]
