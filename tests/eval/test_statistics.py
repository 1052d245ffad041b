"""Intervals and comparisons against values that can be worked out otherwise."""

from __future__ import annotations

import math

import pytest

from eval.statistics import calibration_error, change, reliability, share


def test_the_interval_is_that_of_the_binomial_and_always_the_same() -> None:
    marks = [True] * 80 + [False] * 20
    found = share(marks)
    # Normal approximation: 0.8 ± 1.96 · √(0.8 · 0.2 / 100)
    assert (found.low, found.high) == (pytest.approx(0.72, abs=0.02), pytest.approx(0.88, abs=0.02))
    assert share(list(reversed(marks))) == found


def test_more_lines_make_it_narrower() -> None:
    few, many = share([True, True, True, False] * 10), share([True, True, True, False] * 100)
    assert many.high - many.low < few.high - few.low


def test_without_a_single_miss_the_true_share_may_still_be_lower() -> None:
    """The rule of three: about 3 / n."""
    found = share([True] * 100)
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.97, abs=0.001)
    assert share([False] * 100).high == pytest.approx(0.03, abs=0.001)


def test_a_share_of_nothing_is_not_a_number() -> None:
    assert math.isnan(share([]).value)


@pytest.mark.parametrize(
    ("worse", "better", "chance", "significant"),
    [(4, 0, 0.0625, False), (5, 0, 0.03125, True), (9, 6, 0.3036, False), (0, 5, 1.0, False), (0, 0, 1.0, False)],
)
def test_only_lines_that_differ_count(worse: int, better: int, chance: float, significant: bool) -> None:
    same = [True] * 30 + [False] * 10
    before = same + [True] * worse + [False] * better
    after = same + [False] * worse + [True] * better
    found = change(before, after)
    assert (found.worse, found.better, found.significant) == (worse, better, significant)
    assert found.chance == pytest.approx(chance, abs=1e-4)


def test_a_bot_that_is_as_sure_as_it_is_right_has_no_calibration_error() -> None:
    bins = reliability([0.75] * 4 + [0.25] * 4, [True, True, True, False, True, False, False, False])
    assert [(each.lines, each.confidence, each.right) for each in bins] == [(4, 0.25, 0.25), (4, 0.75, 0.75)]
    assert calibration_error(bins) == 0.0


def test_the_error_is_weighted_by_lines_and_full_confidence_has_a_place() -> None:
    bins = reliability([1.0, 1.0, 1.0, 0.5], [True, True, False, True])
    assert calibration_error(bins) == pytest.approx((3 * (1 / 3) + 1 * 0.5) / 4)
