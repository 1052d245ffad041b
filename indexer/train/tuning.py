"""Second stage: what drivers' words mean here.

Four lessons in every step. The label of a message (cross-entropy). That two languages say the same (contrast between
twins; other messages of the same and of neighbouring topics are the hard negatives). That a message lies near the
passages of its article. And a share of the general lesson, so that what was learnt there is not lost.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from indexer.noise import noisy, shortened
from indexer.train.domain import Domain, Line
from indexer.train.sampling import PairSampler
from indexer.train.static import TEMPERATURE, distillation_loss, embedding, twin_loss

log = logging.getLogger(__name__)

SMOOTHING = 0.1
# Unit vectors times this go into the label layer: logits may then differ by as much as a sure answer needs.
VECTOR_SCALE = 10.0
# Root mean square of the entries of the vectors when tuning begins.
SCALE = 0.5
REPORT = 100
# Shares of the messages that lose words or stand beside another sentence; the share of words that is lost.
SHORTENED, ACCOMPANIED, MISSING_WORDS = 0.25, 0.25, 0.3


@dataclass(frozen=True)
class TuningSettings:
    """How many texts of each lesson a step has, and what each lesson counts beside the labels."""

    steps: int = 1_500
    lines: int = 256
    twins: int = 128
    passages: int = 64
    general: int = 128
    twin_weight: float = 0.5
    passage_weight: float = 0.2
    general_weight: float = 0.2
    learning_rate: float = 0.01
    label_rate: float = 0.01
    share: float = 0.3
    max_tokens: int = 96
    seed: int = 7


def tune(
    tokenizer: Tokenizer, bag: torch.nn.EmbeddingBag, domain: Domain, taught: PairSampler, vectors: np.ndarray,
    settings: TuningSettings, device: str,
) -> Iterator[tuple[int, dict[str, float]]]:  # fmt: skip
    """Train ``bag`` in place; yield (step, mean losses since the last report) every 100 steps and at the end.

    At the very end the bag holds ``share`` of what was learnt and the rest of what it was before: on lines unlike the
    examples, the mean of a general and a tuned model is better than either (Wortsman et al. 2022, WiSE-FT).
    ``taught`` draws sentences whose English has a teacher's vector: row n of ``vectors``.
    """
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)
    bag.to(device)
    with torch.no_grad():  # a common scale changes no unit vector, but what a learning rate means
        bag.weight.mul_(SCALE / bag.weight.square().mean().sqrt())
    before = bag.weight.detach().clone()
    labels = torch.nn.Linear(bag.embedding_dim, len(domain.labels)).to(device)
    torch.nn.init.zeros_(labels.weight)
    optimisers: tuple[torch.optim.Optimizer, torch.optim.Optimizer] = (
        torch.optim.SparseAdam(list(bag.parameters()), lr=settings.learning_rate),
        torch.optim.AdamW(labels.parameters(), lr=settings.label_rate, weight_decay=0.3),
    )
    schedules = [torch.optim.lr_scheduler.LambdaLR(each, lambda step: 1 - step / settings.steps) for each in optimisers]
    embed = embedding(tokenizer, bag, settings.max_tokens, device)
    sums: dict[str, float] = {}
    start = time.monotonic()
    for step in range(1, settings.steps + 1):
        losses = _losses(embed, labels, domain, taught, vectors, settings, rng, device)
        loss = (
            losses["labels"]
            + settings.twin_weight * losses["twins"]
            + settings.passage_weight * losses["passages"]
            + settings.general_weight * losses["general"]
        )
        for optimiser in optimisers:
            optimiser.zero_grad()
        loss.backward()
        for optimiser, schedule in zip(optimisers, schedules, strict=True):
            optimiser.step()
            schedule.step()
        for name, value in losses.items():
            sums[name] = sums.get(name, 0.0) + float(value.detach())
        if step % REPORT == 0 or step == settings.steps:
            means = {name: round(value / ((step - 1) % REPORT + 1), 3) for name, value in sums.items()}
            log.info("tuning: step %d of %d, %s, %.0f s", step, settings.steps, means, time.monotonic() - start)
            sums.clear()
            yield step, means
    with torch.no_grad():
        bag.weight.lerp_(before, 1 - settings.share)


def _losses(
    embed: Callable[[list[str]], torch.Tensor], labels: torch.nn.Linear, domain: Domain, taught: PairSampler,
    vectors: np.ndarray, settings: TuningSettings, rng: random.Random, device: str,
) -> dict[str, torch.Tensor]:  # fmt: skip
    pairs = [domain.pair(rng) for _ in range(settings.twins)]
    lines = [rng.choice(domain.lines) for _ in range(settings.lines)]
    found = [rng.choice(domain.passages) for _ in range(settings.passages)]
    first = embed([noisy(line.text, rng) for line, _ in pairs])
    second = embed([noisy(line.text, rng) for _, line in pairs])
    messages = torch.cat([first, second, embed([varied(line, taught, rng) for line in lines])])
    wanted = torch.tensor([line.label for line, _ in pairs] * 2 + [line.label for line in lines], device=device)
    topics = torch.tensor([line.label for line in found], device=device)
    general, rows = taught.batch(settings.general)
    target = functional.normalize(torch.from_numpy(np.asarray(vectors[rows], np.float32)).to(device))
    places = np.arange(len(pairs))  # every pair is drawn with its own number: none is another's copy
    return {
        "labels": functional.cross_entropy(labels(messages * VECTOR_SCALE), wanted, label_smoothing=SMOOTHING),
        "twins": twin_loss(first, second, torch.from_numpy(places).to(device)),
        "passages": near_own(embed([line.text for line in found]), topics, messages, wanted),
        "general": distillation_loss(embed(general), target, torch.from_numpy(rows).to(device)),
    }


def varied(line: Line, sampler: PairSampler, rng: random.Random) -> str:
    """The message misspelt; now and then with words missing, or beside a sentence about anything else.

    So no single word decides, and what has nothing to do with charging counts little.
    """
    text, draw = line.text, rng.random()
    if draw < SHORTENED:
        text = shortened(text, rng, MISSING_WORDS)
    elif draw < SHORTENED + ACCOMPANIED:
        beside = sampler.sentence(line.language, rng)
        text = f"{beside} {text}" if rng.random() < 0.5 else f"{text} {beside}"
    return noisy(text, rng)


def near_own(
    passages: torch.Tensor, topics: torch.Tensor, messages: torch.Tensor, labels: torch.Tensor
) -> torch.Tensor:
    """Each passage against all messages; those of its topic are its own (Khosla et al. 2020, eq. 2)."""
    own = topics[:, None] == labels[None, :]
    known = own.any(1)
    if not known.any():
        return passages.sum() * 0
    logs = functional.log_softmax(passages @ messages.T / TEMPERATURE, dim=1)
    return -((logs * own).sum(1)[known] / own.sum(1)[known]).mean()
