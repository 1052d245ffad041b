"""Writes the model card from the facts of the training runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from indexer.train.corpus import SOURCES_FILE

HEAD = """---
library_name: sentence-transformers
license: apache-2.0
language: [en, fr, de, it, nb, nn, nl, es, sv, da, pt, pl]
pipeline_tag: sentence-similarity
---

# Plugdesk static multilingual embedding{title}

One vector of 384 numbers for each of {vocabulary:,} word pieces; a sentence is their mean, scaled to unit length.
Distilled from all-MiniLM-L6-v2 (Apache-2.0): a sentence in any of the twelve languages is pulled to the teacher's
vector of its English translation, and to its translations. {purpose}

```python
from sentence_transformers import SentenceTransformer

model = SentenceTransformer("{folder}")
```

## Training

"""
GENERAL = """* **General.** {pairs:,} sentence pairs, {english_sentences:,} different English sentences, the teacher's
  vectors of {taught_sentences:,} of them. {samples:,} samples in batches of {batch:,}, sparse Adam from {rate} falling
  to zero, seed {seed}. Loss {first} in the first 100 steps, {last} in the last. {minutes} minutes on {hardware}, the
  teacher's vectors not counted where they were cached.
"""
TUNING = """* **Tuning.** {messages:,} example messages in eleven languages, {twins:,} messages and parts of articles
  that are there in several languages, {passages:,} passages. {steps:,} steps, seed {seed}; then the mean of
  {tuned:.0%} tuned and {rest:.0%} general vectors. Loss by lesson {first} in the first 100 steps, {last} in the last.
  {minutes} minutes on {hardware}.
"""
TAIL = """
Samples are drawn with the weights of `indexer/train/sources.yaml` (by language, source and whether it is a question).
Input noise on the student's side: accents dropped or transliterated, punctuation dropped, letters swapped, missing,
doubled (`indexer/noise.py`). Losses: in-batch contrast against the teacher's vectors and against translations at
temperature 0.05, copies of a sentence masked, plus five times the cosine distance to the teacher's vector; for tuning
see `indexer/train/tuning.py`. Weights are stored in half precision. Hashes of the data, and every setting, stand in
`training.json`. How to make it again: `indexer/train/README.md`.

## Data and licences

{scope}: {licences}.
Attribution: Tatoeba (CC-BY 2.0 FR); Microsoft documentation for Dynamics 365 and Power Apps (CC-BY 4.0); the open
source projects named in `indexer/train/sources.yaml`.

## Limits

A mean of word pieces does not see word order: "can I charge without a pass" and "can I pass without a charge" are
the same to it. Negation is weak. What it measures stands in the project's README and is printed by
`python -m eval.models`.
"""


def write_card(folder: Path, runs: Sequence[dict[str, Any]]) -> None:
    """Write ``README.md`` beside the model; ``runs`` are the training runs that made it, oldest first."""
    tuned = runs[-1]["stage"] == "tuning"
    purpose = (
        "Tuned to find help articles for drivers' messages." if tuned else "Where the tuning to drivers' words starts."
    )
    text = HEAD.format(
        title=", tuned to the charging of cars" if tuned else "", vocabulary=runs[0]["settings"]["vocabulary"],
        purpose=purpose, folder="indexer/model" if tuned else "indexer/train/general",
    )  # fmt: skip
    text += "".join(_paragraph(run) for run in runs)
    table = yaml.safe_load(SOURCES_FILE.read_text(encoding="utf-8"))["sources"]
    read = {name for run in runs for name in run["sources"]}
    free = all(table[name]["permissive"] for name in read)
    scope = "Only sources under permissive or attribution licences were read" if free else "Read, copyleft included"
    licences = ", ".join(sorted({table[name]["licence"] for name in read}))
    (folder / "README.md").write_text(text + TAIL.format(scope=scope, licences=licences), encoding="utf-8")


def _paragraph(run: dict[str, Any]) -> str:
    settings, loss = run["settings"], run["loss"]
    common = {"seed": settings["seed"], "minutes": run["minutes"], "hardware": run["hardware"], **loss}
    if run["stage"] == "tuning":
        return TUNING.format(
            **common, messages=run["messages"], twins=run["twins"], passages=run["passages"], steps=settings["steps"],
            tuned=settings["share"], rest=1 - settings["share"],
        )  # fmt: skip
    return GENERAL.format(
        **common, pairs=run["pairs"], english_sentences=run["english_sentences"],
        taught_sentences=run["taught_sentences"], samples=settings["samples"], batch=settings["batch"],
        rate=settings["learning_rate"],
    )  # fmt: skip
