"""``python -m indexer.train``: train the embedding model that ships in ``indexer/model``."""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import time
from pathlib import Path

import click
import numpy as np

from indexer.knowledge import read_knowledge
from indexer.train.card import write_card
from indexer.train.corpus import LANGUAGES, Sources, read_pairs
from indexer.train.domain import article_pairs
from indexer.train.static import PairSampler, StaticSettings, save, train, train_tokenizer
from indexer.train.teacher import TeacherVectors

ROOT = Path(__file__).parents[2]
# Sentences a language that the vocabulary is learnt from, so that no language owns it.
VOCABULARY_SENTENCES = 60_000


@click.command()
@click.option(
    "--corpora", type=click.Path(exists=True, path_type=Path), required=True, help="Folder of <language>.tsv.zst."
)
@click.option(
    "--cache", type=click.Path(path_type=Path), default=ROOT / "var" / "train", help="Teacher vectors are kept here."
)
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "indexer" / "model")
@click.option("--samples", default=StaticSettings.samples, help="Sentence pairs to learn from, repeats counted.")
@click.option("--vocabulary", default=StaticSettings.vocabulary, help="Word pieces.")
@click.option("--batch", default=StaticSettings.batch, help="Sentences that are contrasted with each other.")
@click.option("--device", default="cpu", help="cpu or cuda.")
@click.option("--seed", default=StaticSettings.seed)
@click.option(
    "--all-licences",
    is_flag=True,
    help="Read copyleft and share-alike sources too. Off: the model may be adopted freely.",
)
def main(
    corpora: Path,
    cache: Path,
    out: Path,
    samples: int,
    vocabulary: int,
    batch: int,
    device: str,
    seed: int,
    all_licences: bool,
) -> None:
    """Distil all-MiniLM-L6-v2 into a static multilingual model."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    start = time.monotonic()
    settings = StaticSettings(vocabulary=vocabulary, samples=samples, batch=batch, seed=seed)
    sources = Sources.load(all_licences=all_licences)
    corpus = list(read_pairs(corpora, sources))
    own = list(article_pairs(read_knowledge(ROOT / "kb").articles))
    # Two sets of vectors, so that an edited article does not cost the corpora's again.
    teachers = [TeacherVectors(cache, [pair.english for pair in part]) for part in (corpus, own)]
    vectors = np.concatenate([teacher.compute(device) for teacher in teachers])
    english = [text for teacher in teachers for text in teacher.texts]
    rows = {text: row for row, text in enumerate(english)}
    pairs = corpus + own
    texts = [
        text
        for language in LANGUAGES
        for text in [p.text for p in pairs if p.language == language][:VOCABULARY_SENTENCES]
    ]
    texts += english[:: max(1, len(english) // (2 * VOCABULARY_SENTENCES))]
    # The project's own words are few beside the corpora; repeated, they get pieces of their own.
    utterances = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "kb" / "utterances").glob("*/*.txt"))]
    texts += [line for text in utterances for line in text.splitlines()] * 3
    tokenizer = train_tokenizer(texts, vocabulary)
    sampler = PairSampler(pairs, rows, sources, seed)
    losses: dict[int, float] = {}
    for step, loss, embedding in train(tokenizer, sampler, vectors, settings, device):
        losses[step] = round(loss, 4)
        last = embedding
    save(tokenizer, last, out)
    facts = {
        "settings": {**settings.__dict__},
        "pairs": len(pairs),
        "english_sentences": len(english),
        "english_digests": [teacher.digest for teacher in teachers],
        "corpora": {path.name: _digest(path) for path in sorted(corpora.glob("*.zst"))},
        "sources": sorted(sources.weights),
        "minutes": round((time.monotonic() - start) / 60, 1),
        "hardware": f"{device}, {platform.machine()}",
        "loss": {"first": losses[min(losses)], "last": losses[max(losses)]},
    }
    (out / "training.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    write_card(out, facts)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


if __name__ == "__main__":
    main()
