"""Tuning to drivers' words: passages near their messages, the mean of before and after, varied messages."""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from indexer.train.domain import Domain, Line
from indexer.train.static import started, train_tokenizer
from indexer.train.tuning import TuningSettings, near_own, tune, varied
from tests.indexer.train.toy import SENTENCES, text, toy_pairs, toy_sampler

DIMENSION = 8
AXES = torch.eye(3)

# Again words of under four letters, which no noise changes.
CABLE = tuple(Line(0, language, f"{language} cab tug {end}") for language in ("fr", "de") for end in ("a", "o", "u"))
CARD = tuple(Line(1, language, f"{language} rfi tag {end}") for language in ("fr", "de") for end in ("a", "o", "u"))
DOMAIN = Domain(
    labels=("cable", "card"),
    lines=CABLE + CARD,
    twins=tuple(zip(CABLE[:3] + CARD[:3], CABLE[3:] + CARD[3:], strict=True)),
    passages=(Line(0, "fr", "le cab et sa fin"), Line(1, "fr", "la rfi et son tag")),
)
MESSAGE = Line(0, "de", "wie geh das ab un wo is es")


class FirstDraw(random.Random):
    """Says a given number first, then numbers by its seed."""

    def __init__(self, first: float, seed: int) -> None:
        super().__init__(seed)
        self._first: float | None = first

    def random(self) -> float:
        said, self._first = self._first, None
        return super().random() if said is None else said


def test_a_passage_near_the_messages_of_its_topic_costs_less_than_one_far_from_them() -> None:
    messages, labels = AXES[:2], torch.tensor([0, 1])
    near, far = (near_own(AXES[:1], torch.tensor([topic]), messages, labels) for topic in (0, 1))
    assert near < far


def test_all_messages_of_a_topic_are_its_own() -> None:
    messages, labels = AXES[[0, 0, 1]], torch.tensor([0, 0, 1])
    # Two messages share the chance, so that each has half of it at best.
    assert near_own(AXES[:1], torch.tensor([0]), messages, labels).item() == pytest.approx(np.log(2), abs=1e-4)


def test_passages_of_topics_without_a_message_cost_nothing() -> None:
    passages = AXES[:2].clone().requires_grad_()
    loss = near_own(passages, torch.tensor([5, 6]), AXES[:2], torch.tensor([0, 1]))
    loss.backward()
    assert loss.item() == 0.0
    assert passages.grad is not None
    assert not passages.grad.any()


def test_a_passage_of_a_topic_without_a_message_does_not_change_what_the_others_cost() -> None:
    messages, labels = functional.normalize(AXES[:2] + 0.5), torch.tensor([0, 1])
    alone = near_own(AXES[:1], torch.tensor([0]), messages, labels)
    torch.testing.assert_close(near_own(AXES[:2], torch.tensor([0, 7]), messages, labels), alone)


@pytest.mark.parametrize("draw", [0.5, 0.99])
@pytest.mark.parametrize("seed", range(5))
def test_most_messages_are_only_misspelt(draw: float, seed: int) -> None:
    assert varied(MESSAGE, toy_sampler(), FirstDraw(draw, seed)) == MESSAGE.text


@pytest.mark.parametrize("draw", [0.25, 0.49])
@pytest.mark.parametrize("seed", range(5))
def test_a_message_beside_another_sentence_keeps_all_its_words(draw: float, seed: int) -> None:
    assert MESSAGE.text in varied(MESSAGE, toy_sampler(), FirstDraw(draw, seed))


@pytest.mark.parametrize("seed", range(5))
def test_the_other_sentence_is_of_the_message_s_language(seed: int) -> None:
    beside = varied(MESSAGE, toy_sampler(), FirstDraw(0.3, seed)).replace(MESSAGE.text, "").strip()
    assert beside in {text("de", number) for number in range(SENTENCES)}


def test_the_other_sentence_stands_before_or_after() -> None:
    found = [varied(MESSAGE, toy_sampler(), FirstDraw(0.3, seed)) for seed in range(20)]
    assert {each.startswith(MESSAGE.text) for each in found} == {True, False}


@pytest.mark.parametrize("draw", [0.0, 0.24])
@pytest.mark.parametrize("seed", range(5))
def test_a_message_that_loses_words_gains_none(draw: float, seed: int) -> None:
    words = varied(MESSAGE, toy_sampler(), FirstDraw(draw, seed)).split()
    assert words
    assert set(words) <= set(MESSAGE.text.split())


@cache
def tokenizer() -> Tokenizer:
    own = [line.text for line in (*DOMAIN.lines, *DOMAIN.passages)]
    return train_tokenizer([*own, *(each for pair in toy_pairs() for each in (pair.english, pair.text))], 60)


def tuned(share: float, steps: int) -> tuple[torch.Tensor, dict[int, dict[str, float]]]:
    """The vectors after tuning, and what was reported."""
    bag = started(tokenizer(), DIMENSION, seed=1)
    vectors = np.random.default_rng(1).standard_normal((SENTENCES, DIMENSION)).astype(np.float16)
    settings = TuningSettings(steps=steps, lines=8, twins=4, passages=2, general=4, share=share)
    reports = dict(tune(tokenizer(), bag, DOMAIN, toy_sampler(), vectors, settings, "cpu"))
    return bag.weight.detach(), reports


def test_with_no_share_of_the_tuning_the_vectors_keep_their_directions() -> None:
    before = started(tokenizer(), DIMENSION, seed=1).weight.detach()
    after, _ = tuned(share=0.0, steps=3)
    torch.testing.assert_close(functional.normalize(after), functional.normalize(before))


def test_with_the_whole_share_the_vectors_move() -> None:
    before = started(tokenizer(), DIMENSION, seed=1).weight.detach()
    after, _ = tuned(share=1.0, steps=3)
    assert not torch.allclose(functional.normalize(after), functional.normalize(before), atol=1e-3)


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_the_vectors_end_at_the_stated_mean_of_before_and_after(share: float) -> None:
    before, after = tuned(share=0.0, steps=3)[0], tuned(share=1.0, steps=3)[0]
    torch.testing.assert_close(tuned(share, steps=3)[0], share * after + (1 - share) * before)


def test_a_seed_tunes_to_the_same_vectors_again() -> None:
    torch.testing.assert_close(tuned(share=0.5, steps=3)[0], tuned(share=0.5, steps=3)[0])


def test_tuning_lowers_the_losses_of_its_own_lessons() -> None:
    _, reports = tuned(share=0.5, steps=110)
    assert list(reports) == [100, 110]
    assert {name: reports[110][name] < reports[100][name] for name in ("labels", "twins", "passages")} == {
        "labels": True, "twins": True, "passages": True
    }  # fmt: skip
