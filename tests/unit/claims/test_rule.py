"""claims.rule: conditions on both sides of their bounds, and two verdicts of one finding."""

import numpy as np
import pandas as pd
import pytest

from cartography_al.claims.rule import (
    Condition,
    Finding,
    above,
    beats,
    below,
    intervals_of,
    not_better,
    not_worse,
    paper_verdict_of,
    verdict_of,
)
from cartography_al.significance.intervals import Estimate


def around(mean: float, half_width: float = 0.001) -> Estimate:
    return Estimate(mean, mean - half_width, mean + half_width)


def by_seed(mean: float, spread: float = 0.001, seeds: int = 5) -> "pd.Series[float]":
    return pd.Series(mean + spread * np.linspace(-1, 1, seeds))


MARGIN = 0.01


@pytest.mark.parametrize(
    ("condition", "true_from", "false_below"),
    [
        (beats, 0.0, MARGIN),
        (not_worse, -MARGIN, -MARGIN),
    ],
)
def test_a_difference_is_decided_by_its_whole_interval(condition, true_from, false_below):
    def verdict(difference: "pd.Series[float]") -> bool | None:
        return verdict_of(Finding("", [condition("A - B", difference, MARGIN)]))

    assert verdict(by_seed(true_from + 0.02)) is True
    assert verdict(by_seed(true_from + 0.002)) is True  # by however little
    assert verdict(by_seed(min(true_from, false_below) - 0.01)) is False
    assert verdict(by_seed(true_from, spread=0.05)) is None
    assert verdict(pd.Series([0.5])) is None  # one seed has no interval


def test_not_better_is_the_opposite_of_beats():
    for mean in (-0.02, 0.0, 0.005, 0.02):
        for spread in (0.001, 0.02):
            difference = by_seed(mean, spread)
            beaten = verdict_of(Finding("", [beats("", difference, MARGIN)]))
            assert verdict_of(Finding("", [not_better("", difference, MARGIN)])) is (
                None if beaten is None else not beaten
            )


def test_bounds():
    assert verdict_of(Finding("", [above("", around(0.5), 0.4)])) is True
    assert verdict_of(Finding("", [above("", around(0.3), 0.4)])) is False
    assert verdict_of(Finding("", [above("", around(0.4), 0.4)])) is None
    assert verdict_of(Finding("", [below("", by_seed(0.3), 0.4)])) is True
    assert verdict_of(Finding("", [below("", by_seed(0.5), 0.4)])) is False


def test_all_conditions_must_hold_and_one_refutes():
    good, bad, wide = above("", around(0.1)), above("", around(-0.1)), above("", around(0, 0.1))
    assert verdict_of(Finding("", [good, good])) is True
    assert verdict_of(Finding("", [good, wide])) is None
    assert verdict_of(Finding("", [wide, bad])) is False


def test_a_refutation_is_corrected_for_the_number_of_conditions():
    # Of five seeds with this spread the 95% interval of -0.001 is 0.00098 wide on each side; for two conditions wider.
    one = above("", by_seed(-0.001, spread=0.001))
    assert verdict_of(Finding("", [one])) is False
    assert verdict_of(Finding("", [one, above("", by_seed(0.5))])) is None


def test_what_was_not_run_leaves_a_claim_open_but_not_its_refutation():
    assert verdict_of(Finding("", [above("", around(0.1))], missing="0.8")) is None
    assert verdict_of(Finding("", [above("", around(-0.1))], missing="0.8")) is False


def test_the_papers_verdict_is_its_own_or_that_of_the_means():
    wide = above("", around(0.1, 1.0))
    assert verdict_of(Finding("", [wide])) is None
    assert paper_verdict_of(Finding("", [wide])) is True
    assert paper_verdict_of(Finding("", [above("", around(-0.1, 1.0))])) is False
    assert paper_verdict_of(Finding("", [wide], False, "eps 1.00")) is False
    assert paper_verdict_of(Finding("", [not_worse("", by_seed(-0.005), MARGIN)])) is True
    assert paper_verdict_of(Finding("", [not_better("", by_seed(0.005), MARGIN)])) is False
    assert paper_verdict_of(Finding("", [wide], missing="0.8")) is None
    assert (verdict_of(Finding("", [], decided=True)), paper_verdict_of(Finding("", [], True))) == (True, True)


def test_intervals_in_words():
    mirrored = below("LC - CAL", pd.Series([-0.1, -0.2, -0.3]), 0.0)
    # t(0.975, 2) = 4.30265; 4.30265 * 0.1 / sqrt(3) = 0.2484
    assert intervals_of(Finding("", [mirrored])) == "95% over 3 seeds: -0.4484 to +0.0484 (LC - CAL)"
    assert intervals_of(Finding("", [above("", pd.Series([0.1]))])) == "one seed: no interval"
    assert intervals_of(Finding("", [])) == "-"
    assert isinstance(mirrored, Condition)
