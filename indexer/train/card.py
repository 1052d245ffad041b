"""Writes the model card from the facts of the training run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from indexer.train.corpus import SOURCES_FILE

CARD = """---
library_name: sentence-transformers
license: apache-2.0
language: [en, fr, de, it, nb, nn, nl, es, sv, da, pt, pl]
pipeline_tag: sentence-similarity
---

# Plugdesk static multilingual embedding

One vector of {dimension} numbers for each of {vocabulary:,} word pieces; a sentence is their mean, scaled to unit
length.
Distilled from all-MiniLM-L6-v2 (Apache-2.0): a sentence in any of the twelve languages is pulled to the
teacher's vector of its English translation. Made to find help articles for drivers' messages; see the project's
README for what it measures there.

```python
from sentence_transformers import SentenceTransformer
model = SentenceTransformer("indexer/model")
```

## Training

* {pairs:,} sentence pairs, {english:,} different English sentences; {samples:,} drawn with the weights of
  `indexer/train/sources.yaml` (by language, source and whether it is a question), a share of them English itself.
* Input noise on the student's side: accents dropped or transliterated, punctuation dropped, letters swapped,
  missing, doubled (`indexer/noise.py`).
* Loss: in-batch contrast against the teacher's vectors at temperature 0.05, copies of a sentence masked, plus five
  times the cosine distance. Sparse Adam from {rate} falling to zero, batch {batch:,}, seed {seed}.
* Loss {first} in the first 100 steps, {last} in the last. {minutes} minutes on {hardware}, the teacher's vectors not
  counted where they were cached.
* Weights are stored in half precision.
* Hashes of the data, and every setting, stand in `training.json`.

Made again by: `python -m indexer.train --corpora FOLDER` (needs the extra `train`).

## Data and licences

Only sources under permissive or attribution licences were read: {licences}.
Attribution: Tatoeba (CC-BY 2.0 FR); Microsoft documentation for Dynamics 365 and Power Apps (CC-BY 4.0); the open
source projects named in `indexer/train/sources.yaml`.

## Limits

A mean of word pieces does not see word order: "can I charge without a pass" and "can I pass without a charge" are
the same to it. Negation is weak. Nothing below the field of customer support and everyday language was measured.
"""


def write_card(folder: Path, facts: dict[str, Any]) -> None:
    """Write ``README.md`` beside the model."""
    table = yaml.safe_load(SOURCES_FILE.read_text(encoding="utf-8"))["sources"]
    licences = sorted({table[name]["licence"] for name in facts["sources"]})
    settings = facts["settings"]
    (folder / "README.md").write_text(
        CARD.format(
            dimension=384, vocabulary=settings["vocabulary"], pairs=facts["pairs"], english=facts["english_sentences"],
            samples=settings["samples"], rate=settings["learning_rate"], batch=settings["batch"], seed=settings["seed"],
            first=facts["loss"]["first"], last=facts["loss"]["last"], minutes=facts["minutes"],
            hardware=facts["hardware"], licences=", ".join(licences),
        ),
        encoding="utf-8",
    )  # fmt: skip
