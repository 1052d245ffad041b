"""The static student: its vocabulary, its two losses, a short training run, and the folder that is written."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from indexer.embedders.static import StaticEmbedder, is_static
from indexer.train.static import (
    StaticSettings,
    distillation_loss,
    flattened,
    save,
    started,
    train,
    train_tokenizer,
    twin_loss,
)
from tests.indexer.train.toy import SENTENCES, toy_pairs, toy_sampler

DIMENSION = 8
TEXTS = ("fr xfr 1", "de xde 2", "nb xnb", "42")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_tokenizer([each for pair in toy_pairs() for each in (pair.english, pair.text)], vocabulary=40)


def unit(*degrees: float) -> torch.Tensor:
    """Vectors of two numbers in these directions."""
    angles = torch.tensor(degrees) * math.pi / 180
    return torch.stack([angles.cos(), angles.sin()], dim=1)


@pytest.mark.parametrize(("one", "other"), [("xFR", "xfr"), ("ñb", "nb"), ("Nø", "no"), ("l’x", "l'x")])
def test_case_accents_and_kinds_of_apostrophes_make_no_difference(tokenizer: Tokenizer, one: str, other: str) -> None:
    assert tokenizer.encode(one).ids == tokenizer.encode(other).ids


def test_every_digit_stands_alone(tokenizer: Tokenizer) -> None:
    assert [token.strip("▁") for token in tokenizer.encode("543").tokens if token.strip("▁")] == ["5", "4", "3"]


def test_texts_in_one_row_give_the_same_means_as_one_by_one(tokenizer: Tokenizer) -> None:
    bag = started(tokenizer, DIMENSION, seed=1)
    together = bag(*flattened(tokenizer, list(TEXTS), 64))
    alone = torch.cat([bag(*flattened(tokenizer, [text], 64)) for text in TEXTS])
    torch.testing.assert_close(together, alone)


def test_a_long_text_is_cut_at_the_most_tokens(tokenizer: Tokenizer) -> None:
    ids, starts = flattened(tokenizer, ["1 2 3 4 5 1 2 3 4 5", "1"], 3)
    assert starts.tolist() == [0, 3]
    assert len(ids) == 3 + len(tokenizer.encode("1").ids)


def test_a_text_without_tokens_counts_as_unknown(tokenizer: Tokenizer) -> None:
    assert flattened(tokenizer, [""], 64)[0].tolist() == [tokenizer.token_to_id("[UNK]")]


def test_a_seed_starts_with_the_same_vectors(tokenizer: Tokenizer) -> None:
    one, other = started(tokenizer, DIMENSION, seed=1), started(tokenizer, DIMENSION, seed=1)
    assert torch.equal(one.weight, other.weight)


def test_the_twin_loss_falls_when_translations_move_together() -> None:
    first, rows = unit(0, 30, 60), torch.arange(3)
    apart, nearer, there = (twin_loss(first, unit(0 + off, 30 + off, 60 + off), rows) for off in (14, 7, 0))
    assert apart > nearer > there


def test_the_twin_loss_is_the_same_both_ways() -> None:
    first, second, rows = unit(0, 90, 200), unit(10, 60, 250), torch.arange(3)
    torch.testing.assert_close(twin_loss(first, second, rows), twin_loss(second, first, rows))


def test_copies_of_a_sentence_are_no_negatives_of_its_twins() -> None:
    same = unit(0, 0)
    assert twin_loss(same, same, torch.tensor([4, 4])).item() == 0.0
    assert twin_loss(same, same, torch.tensor([4, 5])).item() == pytest.approx(math.log(2))


def test_the_distillation_loss_falls_when_students_move_to_their_teacher() -> None:
    teacher, rows = unit(0, 30, 60), torch.arange(3)
    apart, nearer, there = (distillation_loss(unit(off, 30 + off, 60 + off), teacher, rows) for off in (14, 7, 0))
    assert apart > nearer > there


def test_the_distillation_loss_counts_the_distance_to_the_teacher_beside_the_contrast() -> None:
    alone = torch.tensor([0])
    assert distillation_loss(unit(90), unit(0), alone).item() == pytest.approx(5.0)


def test_texts_of_the_same_english_sentence_are_no_negatives_of_each_other() -> None:
    same = unit(0, 0)
    assert distillation_loss(same, same, torch.tensor([4, 4])).item() == pytest.approx(0.0, abs=1e-5)
    assert distillation_loss(same, same, torch.tensor([4, 5])).item() == pytest.approx(math.log(2), abs=1e-5)


def trained(tokenizer: Tokenizer, bag: torch.nn.EmbeddingBag, steps: int, batch: int = 8) -> dict[int, float]:
    vectors = np.random.default_rng(1).standard_normal((SENTENCES, DIMENSION)).astype(np.float16)
    settings = StaticSettings(samples=steps * batch, batch=batch)
    return dict(train(tokenizer, bag, toy_sampler(1), toy_sampler(2), vectors, settings, "cpu"))


def test_training_lowers_the_loss(tokenizer: Tokenizer) -> None:
    losses = trained(tokenizer, started(tokenizer, DIMENSION, seed=1), steps=110)
    assert losses[110] < 0.8 * losses[100]


def test_training_brings_translations_nearer(tokenizer: Tokenizer) -> None:
    bag = started(tokenizer, DIMENSION, seed=1)

    def nearness() -> float:
        first, second = bag(*flattened(tokenizer, [toy_pairs()[0].text, toy_pairs()[0].english], 64))
        return torch.nn.functional.cosine_similarity(first, second, dim=0).item()

    before = nearness()
    trained(tokenizer, bag, steps=60)
    assert nearness() > before


def test_a_run_reports_every_hundred_steps_and_at_its_end(tokenizer: Tokenizer) -> None:
    bag = started(tokenizer, DIMENSION, seed=1)
    assert list(trained(tokenizer, bag, steps=101, batch=2)) == [100, 101]


@pytest.fixture(scope="module")
def saved(tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static") / "model"
    save(tokenizer, started(tokenizer, DIMENSION, seed=1), folder)
    return folder


def test_what_is_saved_is_a_static_model(saved: Path) -> None:
    assert is_static(saved)


def test_what_is_saved_gives_the_same_vectors_with_and_without_torch(saved: Path) -> None:
    reference = SentenceTransformer(str(saved), device="cpu").encode(list(TEXTS), show_progress_bar=False)
    np.testing.assert_allclose(StaticEmbedder(saved).passages(TEXTS), reference, atol=1e-3)


def test_what_is_saved_gives_the_vectors_that_were_trained(saved: Path, tokenizer: Tokenizer) -> None:
    bag = started(tokenizer, DIMENSION, seed=1)
    wanted = torch.nn.functional.normalize(bag(*flattened(tokenizer, list(TEXTS), 64))).detach().numpy()
    np.testing.assert_allclose(StaticEmbedder(saved).passages(TEXTS), wanted, atol=2e-3)
