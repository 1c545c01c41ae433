"""significance.paired: what it promises, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose
from scipy import stats

from cartography_al.errors import DataError
from cartography_al.significance.paired import (
    AGAINST_RANDOM,
    AREA_COLUMN_TYPES,
    EXACT_PAIRS,
    OF_CAL,
    OF_CAL_EARLY,
    area_comparisons,
    holm,
    paired_area_differences,
    sign_flip_p,
)
from tests.unit.significance.support import all_runs


def test_paired_differences_by_hand():
    runs = all_runs(
        {
            "random": [[0.5, 0.6], [0.6, 0.7], [0.4, 0.5]],
            "cal": [[0.6, 0.7], [0.8, 0.9], [0.7, 0.8]],  # areas 0.1, 0.2, 0.3 above random's
            "dal": [[0.5, 0.6], [0.5, 0.6], [0.5, 0.6]],  # areas 0, -0.1, +0.1
        }
    )
    frame = paired_area_differences(runs)
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == AREA_COLUMN_TYPES
    assert frame["strategy"].tolist() == ["dal", "cal"]  # as readers see them
    dal, cal = frame.to_dict("records")
    assert (cal["baseline"], cal["seeds"], cal["confidence"], cal["smallest_p"]) == ("random", 3, 0.95, 0.25)
    assert_allclose([cal["area"], cal["baseline_area"], cal["difference"]], [0.75, 0.55, 0.2])
    # Student's t with 2 degrees of freedom: 4.30265 at 97.5%; standard error 0.1 / sqrt(3).
    assert_allclose([cal["low"], cal["high"]], [0.2 - 4.30265 * 0.1 / 3**0.5, 0.2 + 4.30265 * 0.1 / 3**0.5], rtol=1e-5)
    # All three signs equal: 2 of 8 patterns. Holm doubles the smaller of two p values.
    assert (cal["p"], cal["p_wilcoxon"], cal["p_holm"]) == (0.25, 0.25, 0.5)
    assert (dal["p"], dal["p_wilcoxon"], dal["p_holm"]) == (1, 1, 1)


def test_paired_differences_are_paired():
    """What the seeds share is no evidence against a small, constant gain."""
    rng = np.random.default_rng(5)
    seeds = rng.normal(0.7, 0.1, 10)
    random = [[level, level] for level in seeds]
    better = [[level + gain, level + gain] for level, gain in zip(seeds, rng.normal(0.01, 0.004, 10), strict=True)]
    row = paired_area_differences(all_runs({"random": random, "cal": better})).iloc[0]
    assert row["p"] < 0.02
    assert row["low"] > 0
    interval = stats.ttest_rel([curve[0] for curve in better], seeds).confidence_interval(0.95)
    assert_allclose([row["low"], row["high"]], interval)


def test_comparisons_of_areas():
    """CAL is ahead at first and behind later."""
    curves = {"random": [[0.5, 0.5, 0.5]] * 3, "cal": [[0.6, 0.6, 0.1]] * 3, "dal": [[0.4, 0.4, 0.4]] * 3}
    frame = area_comparisons(all_runs(curves), early=1)
    assert frame["comparison"].tolist() == [AGAINST_RANDOM] * 2 + [OF_CAL] * 2 + [OF_CAL_EARLY] * 2
    assert frame["strategy"].tolist() == ["dal", "cal", "random", "dal", "random", "dal"]
    assert_allclose(frame["difference"], [-0.1, -0.025, -0.025, 0.075, 0.1, 0.2])
    assert set(area_comparisons(all_runs({"cal": curves["cal"], "dal": curves["dal"]}), 2)["comparison"]) == {OF_CAL}
    with pytest.raises(DataError, match="no runs of random or cal"):
        area_comparisons(all_runs({"dal": curves["dal"]}), 1)


def test_another_baseline_and_one_seed():
    runs = all_runs({"random": [[0.5, 0.6]], "cal": [[0.6, 0.7]]})
    row = paired_area_differences(runs, baseline="cal").iloc[0]
    assert (row["strategy"], row["difference"], row["p"], row["smallest_p"]) == ("random", pytest.approx(-0.1), 1, 1)
    assert np.isnan(row["low"])
    assert np.isnan(row["high"])
    alone = paired_area_differences(runs.loc[runs["strategy"] == "cal"], baseline="cal")
    assert len(alone) == 0
    assert {name: str(kind) for name, kind in alone.dtypes.items()} == AREA_COLUMN_TYPES
    with pytest.raises(DataError, match="no runs of bald, the baseline"):
        paired_area_differences(runs, baseline="bald")


def scipy_sign_flip_p(differences) -> float:
    test = stats.permutation_test((differences,), np.mean, permutation_type="samples", n_resamples=np.inf)
    return float(test.pvalue)


# Multiples of 1/1024 and their sums are exact, so that equal sums are equal for scipy too.
DYADIC = hnp.arrays(np.float64, st.integers(2, 10), elements=st.integers(-9, 9).map(lambda count: count / 1024))


@settings(max_examples=60)
@given(DYADIC)
def test_sign_flips_are_scipys(differences):
    assert sign_flip_p(differences) == pytest.approx(scipy_sign_flip_p(differences), rel=1e-12)


def test_sign_flips_of_13_pairs_are_scipys():
    differences = np.random.default_rng(2).normal(0.5, 1, 13)
    p = sign_flip_p(differences)
    assert p == pytest.approx(scipy_sign_flip_p(differences), rel=1e-12)
    assert 0.001 < p < 0.5


def test_sign_flips_by_hand():
    assert sign_flip_p([0.1, 0.2, 0.3]) == 2 / 8
    assert sign_flip_p([1, 2, -3]) == 1  # the sum is 0
    assert sign_flip_p([0.0, 0.0]) == 1
    # |sum| = 4; of the 8 sums +-1 +-2 +-5, all but +-2 and those of sign patterns (1, 2) against 5: 8, 6, 4, 2.
    assert sign_flip_p([1, -2, 5]) == 6 / 8
    # 0.1 + 0.2 - 0.3 and 0.3 - 0.2 - 0.1 differ from 0 by rounding, and must not count as another sum.
    assert sign_flip_p([0.1, 0.2, -0.3]) == 1
    assert sign_flip_p(np.full(20, 0.01)) == 2 / 2**20
    assert sign_flip_p(np.full(EXACT_PAIRS, 0.01)) == 2 / 2.0**EXACT_PAIRS


def test_sign_flips_of_many_pairs_are_estimated_and_repeat():
    differences = np.random.default_rng(4).normal(0.3, 1, EXACT_PAIRS + 1)
    p = sign_flip_p(differences)
    assert p == sign_flip_p(differences)
    # The exact p of all but one pair is near, and a t test says about the same.
    assert p == pytest.approx(stats.ttest_1samp(differences, 0).pvalue, abs=0.01)


def test_wilcoxon_is_scipys():
    random = np.random.default_rng(8).normal(0.7, 0.02, 9)
    cal = random + np.random.default_rng(9).normal(0.01, 0.02, 9)
    row = paired_area_differences(all_runs({"random": [[v, v] for v in random], "cal": [[v, v] for v in cal]})).iloc[0]
    assert row["p_wilcoxon"] == pytest.approx(stats.wilcoxon(cal, random, method="exact").pvalue, rel=1e-12)


def test_sign_flip_test_keeps_its_level():
    """Of 2,000 tables without a difference, 8 pairs each: 12 of 256 values of p are under 0.05."""
    rng = np.random.default_rng(6)
    p = np.array([sign_flip_p(rng.normal(0, 1, 8)) for _ in range(2000)])
    expected = 12 / 256
    assert abs((p < 0.05).mean() - expected) < 4 * (expected * (1 - expected) / 2000) ** 0.5  # four standard errors


def test_holm_by_hand():
    # Ascending: 0.01 * 4, 0.02 * 3, 0.03 * 2 = 0.06, 0.5 * 1.
    assert_allclose(holm([0.5, 0.01, 0.03, 0.02]), [0.5, 0.04, 0.06, 0.06])
    assert_allclose(holm([0.9, 0.8]), [1, 1])
    assert holm([0.2]) == [0.2]
    assert len(holm([])) == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0.001, 0.5))
def test_holm_rejects_what_the_step_down_rule_rejects(p, alpha):
    rejected = 0
    for rank, value in enumerate(sorted(p)):
        if value * (len(p) - rank) >= alpha:
            break
        rejected += 1
    assert (holm(p) < alpha).sum() == rejected
