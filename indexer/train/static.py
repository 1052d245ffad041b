"""The static student: one vector a word piece, averaged; distilled from the English teacher."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch.nn import functional

from indexer.train.sampling import PairSampler

log = logging.getLogger(__name__)

TEMPERATURE = 0.05


@dataclass(frozen=True)
class StaticSettings:
    """What a training run is made of; all of it stands in the model card."""

    vocabulary: int = 48_000
    samples: int = 4_000_000
    batch: int = 1_024
    learning_rate: float = 0.01
    max_tokens: int = 64
    twins: float = 1.0
    seed: int = 7


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """Learn a unigram vocabulary over lower-cased text without accents; digits stand alone."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKD(),
            normalizers.StripAccents(),
            normalizers.Lowercase(),
            normalizers.Replace("ø", "o"),
            normalizers.Replace("æ", "ae"),
            normalizers.Replace("ß", "ss"),
            normalizers.Replace("ł", "l"),
            normalizers.Replace(Regex(r"[’`´]"), "'"),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Punctuation(),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.Metaspace(),
        ]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=vocabulary,
        special_tokens=["[PAD]", "[UNK]"],
        unk_token="[UNK]",
        max_piece_length=20,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def flattened(tokenizer: Tokenizer, texts: list[str], most: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids of all texts in one row, and where each text starts (``EmbeddingBag``'s form)."""
    encoded = [encoding.ids[:most] or [1] for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]
    starts = np.cumsum([0] + [len(ids) for ids in encoded[:-1]])
    return torch.tensor([token for ids in encoded for token in ids]), torch.from_numpy(starts)


def embedding(
    tokenizer: Tokenizer, bag: torch.nn.EmbeddingBag, most: int, device: str
) -> Callable[[list[str]], torch.Tensor]:
    """How texts become unit vectors, shape (n, d), while ``bag`` is trained."""

    def embed(texts: list[str]) -> torch.Tensor:
        ids, starts = flattened(tokenizer, texts, most)
        return functional.normalize(bag(ids.to(device), starts.to(device)))

    return embed


def distillation_loss(student: torch.Tensor, teacher: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """In-batch contrast against the teacher's vectors, plus cosine distance. Both inputs (n, d), unit length.

    Two texts of the same English sentence are no negatives of each other.
    """
    scores = student @ teacher.T / TEMPERATURE
    same = rows[:, None] == rows[None, :]
    same.fill_diagonal_(False)
    scores = scores.masked_fill(same, float("-inf"))
    contrast = functional.cross_entropy(scores, torch.arange(len(rows), device=scores.device))
    return contrast + (1 - (student * teacher).sum(1)).mean() * 5


def twin_loss(first: torch.Tensor, second: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """In-batch contrast between translations, both ways. Both inputs (n, d), unit length; copies are no negatives."""
    scores = first @ second.T / TEMPERATURE
    same = rows[:, None] == rows[None, :]
    same.fill_diagonal_(False)
    scores = scores.masked_fill(same, float("-inf"))
    wanted = torch.arange(len(rows), device=scores.device)
    return (functional.cross_entropy(scores, wanted) + functional.cross_entropy(scores.T, wanted)) / 2


def started(tokenizer: Tokenizer, dimension: int, seed: int) -> torch.nn.EmbeddingBag:
    """Random vectors to begin with."""
    torch.manual_seed(seed)
    bag = torch.nn.EmbeddingBag(tokenizer.get_vocab_size(), dimension, mode="mean", sparse=True)
    torch.nn.init.normal_(bag.weight, std=0.05)
    return bag


def train(
    tokenizer: Tokenizer, bag: torch.nn.EmbeddingBag, taught: PairSampler, told: PairSampler, vectors: np.ndarray,
    settings: StaticSettings, device: str,
) -> Iterator[tuple[int, float]]:  # fmt: skip
    """Train ``bag`` in place; yield (step, mean loss since the last report) every 100 steps and at the end.

    ``taught`` draws sentences whose English has a teacher's vector, ``told`` any pairs: these only learn to lie near
    each other.
    """
    bag.to(device)
    steps = settings.samples // settings.batch
    optimiser = torch.optim.SparseAdam(list(bag.parameters()), lr=settings.learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / steps)
    losses: list[float] = []
    embed = embedding(tokenizer, bag, settings.max_tokens, device)
    start = time.monotonic()
    for step in range(1, steps + 1):
        texts, rows = taught.batch(settings.batch)
        target = functional.normalize(torch.from_numpy(np.asarray(vectors[rows], np.float32)).to(device))
        loss = distillation_loss(embed(texts), target, torch.from_numpy(rows).to(device))
        first, second, rows = told.twins(settings.batch)
        loss = loss + settings.twins * twin_loss(embed(first), embed(second), torch.from_numpy(rows).to(device))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if step % 100 == 0 or step == steps:
            mean = sum(losses) / len(losses)
            rate = step * settings.batch / (time.monotonic() - start)
            log.info("static: step %d of %d, loss %.3f, %.0f sentences a second", step, steps, mean, rate)
            losses.clear()
            yield step, mean


def save(tokenizer: Tokenizer, bag: torch.nn.EmbeddingBag, path: Path) -> None:
    """Write a folder that ``SentenceTransformer(path)`` loads; half precision, unit vectors."""
    weights = bag.weight.detach().cpu().half().float().numpy()
    module = StaticEmbedding(tokenizer, embedding_weights=weights)
    model = SentenceTransformer(modules=[module, Normalize()], device="cpu")
    model.half().save(str(path))
