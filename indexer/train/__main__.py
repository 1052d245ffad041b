"""``python -m indexer.train``: train the embedding model that ships in ``indexer/model``, in two stages."""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from indexer.knowledge import Knowledge, read_knowledge
from indexer.manifest import source_digests
from indexer.train.card import write_card
from indexer.train.corpus import LANGUAGES, Pair, Sources, read_pairs, sampled_english, withheld
from indexer.train.domain import Domain
from indexer.train.sampling import PairSampler
from indexer.train.static import StaticSettings, save, started, train, train_tokenizer
from indexer.train.teacher import TeacherVectors
from indexer.train.tuning import TuningSettings, tune
from indexer.utterances import comparable

ROOT = Path(__file__).parents[2]
GENERAL = Path(__file__).with_name("general")
SHIPPED = ROOT / "indexer" / "model"
FACTS = "training.json"
# Sentences a language that the vocabulary is learnt from, so that no language owns it.
VOCABULARY_SENTENCES = 60_000
# The teacher's vectors cost most of the time; these many of the weightiest English sentences carry the lesson.
# Tuning only has to keep what was learnt and needs fewer.
TAUGHT_SENTENCES, TUNING_SENTENCES, LONGEST_TAUGHT = 160_000, 40_000, 20
SAMPLING_SEED = 7

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Material:
    """The corpora, ready to be drawn from."""

    sources: Sources
    pairs: list[Pair]
    taught: list[Pair]
    rows: dict[str, int]
    vectors: np.ndarray
    facts: dict[str, Any]

    @classmethod
    def read(cls, corpora: Path, cache: Path, sentences: int, device: str, *, all_licences: bool) -> Material:
        """Read the pairs; compute or take from ``cache`` the teacher's vectors of ``sentences`` English sentences."""
        sources = Sources.load(all_licences=all_licences)
        everything = list(read_pairs(corpora, sources))
        english = sampled_english(everything, sources, sentences, LONGEST_TAUGHT, SAMPLING_SEED)
        teacher = TeacherVectors(cache, english)
        vectors = teacher.compute(device)
        # Only now, so that a new evaluation line does not cost the teacher's vectors again.
        held_back = withheld(ROOT / "eval" / "datasets")
        pairs = [pair for pair in everything if not {comparable(pair.english), comparable(pair.text)} & held_back]
        rows = {text: row for row, text in enumerate(teacher.texts)}
        facts = {
            "pairs": len(pairs),
            "english_sentences": len({pair.english for pair in pairs}),
            "taught_sentences": len(rows),
            "corpora": {path.name: _digest(path) for path in sorted(corpora.glob("*.zst"))},
            "sources": sorted(sources.weights),
            "knowledge": _digest_of(source_digests(ROOT / "kb")),
        }
        return cls(sources, pairs, [pair for pair in pairs if pair.english in rows], rows, vectors, facts)

    def taught_sampler(self, seed: int) -> PairSampler:
        """Draws pairs whose English sentence has a teacher's vector."""
        return PairSampler(self.taught, self.rows, self.sources, seed)

    def told_sampler(self, seed: int) -> PairSampler:
        """Draws from all pairs."""
        rows: dict[str, int] = {}
        for pair in self.pairs:
            rows.setdefault(pair.english, len(rows))
        return PairSampler(self.pairs, rows, self.sources, seed)


@click.group()
def main() -> None:
    """Train the embedding model."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _shared(command: Any) -> Any:
    for option in (
        click.option("--corpora", type=click.Path(exists=True, path_type=Path), required=True,
                     help="Folder of <language>.tsv.zst."),
        click.option("--cache", type=click.Path(path_type=Path), default=ROOT / "var" / "train",
                     help="The teacher's vectors are kept here."),
        click.option("--device", default="cpu", help="cpu or cuda."),
        click.option("--all-licences", is_flag=True,
                     help="Read copyleft and share-alike sources too. Off: the model may be adopted freely."),
    ):  # fmt: skip
        command = option(command)
    return command


@main.command()
@_shared
@click.option("--sentences", default=TAUGHT_SENTENCES, help="English sentences that the teacher reads.")
@click.option("--out", type=click.Path(path_type=Path), default=GENERAL)
@click.option("--start", type=click.Path(exists=True, path_type=Path), help="Go on from this model, vocabulary too.")
@click.option("--samples", default=StaticSettings.samples, help="Sentences to learn from, repeats counted.")
@click.option("--vocabulary", default=StaticSettings.vocabulary, help="Word pieces of a new model.")
@click.option("--batch", default=StaticSettings.batch, help="Sentences that are contrasted with each other.")
@click.option("--rate", default=StaticSettings.learning_rate, help="Learning rate at the start; it falls to zero.")
@click.option("--seed", default=StaticSettings.seed)
def general(
    corpora: Path, cache: Path, sentences: int, device: str, all_licences: bool, out: Path, start: Path | None,
    samples: int, vocabulary: int, batch: int, rate: float, seed: int,
) -> None:  # fmt: skip
    """First stage: distil all-MiniLM-L6-v2 into a static multilingual model."""
    begun = time.monotonic()
    settings = StaticSettings(vocabulary=vocabulary, samples=samples, batch=batch, learning_rate=rate, seed=seed)
    material = Material.read(corpora, cache, sentences, device, all_licences=all_licences)
    tokenizer, bag = _opened(start) if start else _begun(material, settings)
    settings = replace(settings, vocabulary=tokenizer.get_vocab_size())
    samplers = material.taught_sampler(seed), material.told_sampler(seed + 1)
    losses = dict(train(tokenizer, bag, *samplers, material.vectors, settings, device))
    save(tokenizer, bag, out)
    run = {
        "stage": "general", **material.facts, "settings": asdict(settings), "minutes": _minutes(begun),
        "hardware": f"{device}, {platform.machine()}",
        "loss": {"first": round(losses[min(losses)], 4), "last": round(losses[max(losses)], 4)},
    }  # fmt: skip
    _note(out, _runs(start) if start else [], run)


@main.command("tune")
@_shared
@click.option("--sentences", default=TUNING_SENTENCES, help="English sentences that the teacher reads.")
@click.option("--general", "start", type=click.Path(exists=True, path_type=Path), default=GENERAL)
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED)
@click.option("--steps", default=TuningSettings.steps)
@click.option("--share", default=TuningSettings.share, help="Of the tuned vectors in the mean with the general ones.")
@click.option("--seed", default=TuningSettings.seed)
def tune_command(
    corpora: Path, cache: Path, sentences: int, device: str, all_licences: bool, start: Path, out: Path, steps: int,
    share: float, seed: int,
) -> None:  # fmt: skip
    """Second stage: teach the general model what drivers' words mean here."""
    begun = time.monotonic()
    settings = TuningSettings(steps=steps, share=share, seed=seed)
    material = Material.read(corpora, cache, sentences, device, all_licences=all_licences)
    knowledge = read_knowledge(ROOT / "kb")
    domain = Domain.of(knowledge, ROOT / "kb" / "utterances")
    tokenizer, bag = _opened(start)
    losses = dict(tune(tokenizer, bag, domain, material.taught_sampler(seed), material.vectors, settings, device))
    save(tokenizer, bag, out)
    run = {
        "stage": "tuning", **material.facts, "messages": len(domain.lines), "twins": len(domain.twins),
        "passages": len(domain.passages),
        "settings": asdict(settings), "minutes": _minutes(begun), "hardware": f"{device}, {platform.machine()}",
        "loss": {"first": losses[min(losses)], "last": losses[max(losses)]},
    }  # fmt: skip
    _note(out, _runs(start), run)


def _begun(material: Material, settings: StaticSettings) -> tuple[Tokenizer, torch.nn.EmbeddingBag]:
    """A new vocabulary and random vectors."""
    tokenizer = train_tokenizer(_vocabulary_texts(material, read_knowledge(ROOT / "kb")), settings.vocabulary)
    return tokenizer, started(tokenizer, material.vectors.shape[1], settings.seed)


def _vocabulary_texts(material: Material, knowledge: Knowledge) -> list[str]:
    texts = [
        text
        for language in LANGUAGES
        for text in [pair.text for pair in material.pairs if pair.language == language][:VOCABULARY_SENTENCES]
    ]
    english = sorted({pair.english for pair in material.pairs})
    texts += english[:: max(1, len(english) // (2 * VOCABULARY_SENTENCES))]
    # The project's own words are few beside the corpora; repeated, they get pieces of their own.
    return texts + [each.text for each in knowledge.utterances] * 3


def _opened(folder: Path) -> tuple[Tokenizer, torch.nn.EmbeddingBag]:
    """Vocabulary and vectors of a static model."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    weights = torch.from_numpy(load_file(folder / "model.safetensors")["embedding.weight"].astype(np.float32))
    return tokenizer, torch.nn.EmbeddingBag.from_pretrained(weights, freeze=False, mode="mean", sparse=True)


def _runs(folder: Path) -> list[dict[str, Any]]:
    """What went before, oldest first."""
    found: list[dict[str, Any]] = json.loads((folder / FACTS).read_text(encoding="utf-8"))["runs"]
    return found


def _note(folder: Path, before: Sequence[dict[str, Any]], run: dict[str, Any]) -> None:
    runs = [*before, run]
    (folder / FACTS).write_text(json.dumps({"runs": runs}, indent=1) + "\n", encoding="utf-8")
    write_card(folder, runs)


def _minutes(begun: float) -> float:
    return round((time.monotonic() - begun) / 60, 1)


def _digest_of(values: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


if __name__ == "__main__":
    main()
