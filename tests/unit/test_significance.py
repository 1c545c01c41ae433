"""ASO against deepsig called directly; areas and their paired tests against hand sums and scipy.stats."""

import subprocess
import sys
import warnings
from itertools import permutations, product

import numpy as np
import pandas as pd
import pytest
from deepsig import aso
from deepsig.aso import compute_violation_ratio
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal
from scipy import stats

from cartography_al import significance
from cartography_al.errors import ConfigError, DataError, NumericError
from cartography_al.seeding import generator
from cartography_al.significance import (
    AREA_COLUMN_TYPES,
    COLUMN_TYPES,
    EXACT_PAIRS,
    area_under_curve,
    aso_table,
    curve_table,
    final_scores,
    holm,
    labels_needed,
    paired_area_differences,
    pooled_scores,
    sign_flip_p,
)


def draw_scores() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(7)
    return {"random": rng.normal(0.70, 0.03, 9), "cal": rng.normal(0.72, 0.03, 8), "dal": rng.normal(0.69, 0.05, 7)}


def eps_of(frame: pd.DataFrame, a: str, b: str) -> float:
    return frame.set_index(["strategy_a", "strategy_b"])["eps_min"].loc[(a, b)]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return aso_table(draw_scores(), alpha=0.05, bootstrap_iterations=20, seed=3)


def test_frame(table):
    assert {name: str(kind) for name, kind in table.dtypes.items()} == COLUMN_TYPES
    assert list(zip(table["strategy_a"], table["strategy_b"], strict=True)) == list(
        permutations(["cal", "dal", "random"], 2)
    )
    assert table["eps_min"].between(0, 1).all()
    assert table["scores_a"].tolist() == [8, 8, 7, 7, 9, 9]
    assert table["scores_b"].tolist() == [7, 9, 8, 9, 8, 7]


def test_confidence_level_is_bonferroni_over_ordered_pairs(table):
    assert (table["comparisons"] == 6).all()
    assert_allclose(table["confidence_level"], 1 - 0.05 / 6, rtol=1e-15)


def test_equals_deepsig_called_directly(table):
    scores = draw_scores()
    for row in table.itertuples():
        expected = aso(
            list(scores[row.strategy_a]),
            list(scores[row.strategy_b]),
            confidence_level=1 - 0.05 / 6,
            num_bootstrap_iterations=20,
            show_progress=False,
            seed=int(generator(3, 0, f"ASO: ['{row.strategy_a}', '{row.strategy_b}']").integers(2**31)),
        )
        assert row.eps_min == expected


def test_level_is_not_the_one_of_deepsigs_own_correction():
    scores = draw_scores()
    ours = eps_of(aso_table(scores, 0.05, 20, 3), "cal", "random")
    seed = int(generator(3, 0, "ASO: ['cal', 'random']").integers(2**31))
    theirs = aso(
        scores["cal"],
        scores["random"],
        num_comparisons=6,
        num_bootstrap_iterations=20,
        show_progress=False,
        seed=seed,
    )
    assert theirs < ours  # less confidence claims more


def test_order_of_strategies_and_processes_change_nothing(table):
    scores = draw_scores()
    backwards = {name: scores[name] for name in reversed(scores)}
    assert_frame_equal(aso_table(backwards, 0.05, 20, 3, processes=2), table)


def test_seed_moves_the_bootstrap_only(table):
    other = aso_table(draw_scores(), 0.05, 20, seed=4)
    assert not other["eps_min"].equals(table["eps_min"])
    assert (other["eps_min"] - table["eps_min"]).abs().max() < 0.5


@pytest.mark.parametrize(("better", "worse"), [("alpha", "omega"), ("omega", "alpha")])
def test_dominance_does_not_depend_on_the_names(better, worse):
    low = np.random.default_rng(0).normal(0.6, 0.02, 10)
    frame = aso_table({better: low + 0.2, worse: low}, 0.05, 30, 1)
    assert eps_of(frame, better, worse) == 0
    assert eps_of(frame, worse, better) > 0.9


def test_identical_scores_have_no_order():
    constant = aso_table({"a": [0.5, 0.5, 0.5], "b": [0.5, 0.5, 0.5]}, 0.05, 20, 1)
    assert constant["eps_min"].tolist() == [0.5, 0.5]
    varying = aso_table({"a": [0.1, 0.5, 0.9], "b": [0.1, 0.5, 0.9]}, 0.05, 20, 1)
    assert (varying["eps_min"] > 0.5).all()  # the upper bound on a ratio of 0.5


def test_violation_ratio_by_hand():
    # Quantiles differ on (0, 1/2] by +1 against the order, on (1/2, 1) by -2: 1 / (1 + 4), up to the grid.
    ratio = compute_violation_ratio(np.array([0.0, 3.0]), np.array([1.0, 1.0]), dt=0.001)
    assert ratio == pytest.approx(0.2, abs=2e-3)


def test_a_large_alpha_does_not_warn():
    frame = aso_table({"a": [0.1, 0.2], "b": [0.1, 0.3]}, alpha=0.4, bootstrap_iterations=2, seed=1)
    assert_allclose(frame["confidence_level"], 0.8)


def test_one_strategy_has_nothing_to_compare():
    frame = aso_table({"cal": [0.1, 0.2]}, 0.05, 10, 1)
    assert len(frame) == 0
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == COLUMN_TYPES


@pytest.mark.parametrize(
    ("scores", "error", "message"),
    [
        ({}, DataError, "no strategy"),
        ({"a": [0.1], "b": [0.1, 0.2]}, DataError, r"a: at least 2 scores"),
        ({"a": [], "b": [0.1, 0.2]}, DataError, r"a: at least 2 scores"),
        ({"a": [[0.1, 0.2]], "b": [0.1, 0.2]}, DataError, r"shape \(1, 2\)"),
        ({"a": [0.1, 0.2], "b": [0.1, np.nan]}, NumericError, "b: score 2 of 2 is nan"),
        ({"a": [np.inf, 0.2], "b": [0.1, 0.2]}, NumericError, "a: score 1 of 2 is inf"),
    ],
)
def test_bad_scores(scores, error, message):
    with pytest.raises(error, match=message):
        aso_table(scores, 0.05, 10, 1)


@pytest.mark.parametrize(
    ("alpha", "iterations", "processes", "message"),
    [(0, 10, 1, "level"), (1, 10, 1, "level"), (0.05, 1, 1, "bootstrap"), (0.05, 10, 0, "process")],
)
def test_bad_options(alpha, iterations, processes, message):
    with pytest.raises(ConfigError, match=message):
        aso_table({"a": [0.1, 0.2], "b": [0.1, 0.2]}, alpha, iterations, 1, processes)


def test_pooled_scores():
    runs = pd.DataFrame(
        {
            "strategy": ["cal", "cal", "dal", "cal", "cal", "dal"],
            "seed": [2, 1, 1, 1, 2, 1],
            "iteration": [1, 1, 0, 0, 0, 1],
            "test_accuracy": [0.22, 0.12, 0.5, 0.10, 0.20, 0.6],
        }
    )
    pooled = pooled_scores(runs, ["dal", "cal"])
    assert list(pooled) == ["dal", "cal"]
    assert pooled["cal"].tolist() == [0.10, 0.12, 0.20, 0.22]
    assert pooled["dal"].tolist() == [0.5, 0.6]
    with pytest.raises(DataError, match="no runs of the strategy bald"):
        pooled_scores(runs, ["bald"])


def test_area_by_hand():
    assert area_under_curve([0.5, 0.7]) == pytest.approx(0.6)
    assert area_under_curve([0.0, 1.0, 0.0]) == pytest.approx(0.5)
    assert area_under_curve([0.4, 0.6, 0.7, 0.9]) == pytest.approx((0.5 + 0.65 + 0.8) / 3)


@given(hnp.arrays(np.float64, st.integers(2, 40), elements=st.floats(0, 1)))
def test_area_is_a_mean_height(accuracy):
    area = area_under_curve(accuracy)
    assert accuracy.min() - 1e-12 <= area <= accuracy.max() + 1e-12
    assert area == pytest.approx(area_under_curve(accuracy[::-1]))
    x = np.linspace(0, 1, len(accuracy))
    assert area == pytest.approx(np.interp((x[1:] + x[:-1]) / 2, x, accuracy).mean())


def test_area_errors():
    with pytest.raises(DataError, match="at least 2"):
        area_under_curve([0.5])
    with pytest.raises(NumericError, match="score 2 of 3 is nan"):
        area_under_curve([0.5, np.nan, 0.5])


def test_importing_the_module_does_not_import_torch():
    code = "import sys, cartography_al.significance; sys.exit('torch' in sys.modules or 'deepsig' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def deepsig_aso(a, b, level: float, iterations: int, seed: int) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # equal quantiles, or a level under 0.95
        options = {"num_bootstrap_iterations": iterations, "show_progress": False, "seed": seed}
        return aso(list(a), list(b), confidence_level=level, **options)


FEW = hnp.arrays(np.float64, st.integers(2, 12), elements=st.floats(0, 1))
TIED = hnp.arrays(np.float64, st.integers(2, 12), elements=st.integers(0, 4).map(lambda count: count / 500))


@settings(max_examples=40)
@given(FEW | TIED, FEW | TIED, st.sampled_from([0.9, 0.95, 1 - 0.05 / 30]), st.integers(0, 2**31))
def test_aso_is_deepsigs_to_the_last_digit(a, b, level, seed):
    assert significance.aso(a, b, level, 4, seed) == deepsig_aso(a, b, level, 4, seed)


@pytest.mark.parametrize(("count_a", "count_b"), [(5, 5), (31, 155), (199, 200), (620, 155)])
@pytest.mark.parametrize("step", [1e-9, 0.02])
def test_aso_is_deepsigs_for_the_sizes_in_use(count_a, count_b, step):
    rng = np.random.default_rng(count_a)
    a = np.round(rng.normal(0.80, 0.03, count_a) / step) * step
    b = np.round(rng.normal(0.77, 0.05, count_b) / step) * step
    eps = [significance.aso(first, second, 0.99, 10, 3) for first, second in ((a, b), (b, a))]
    assert eps == [deepsig_aso(first, second, 0.99, 10, 3) for first, second in ((a, b), (b, a))]
    assert 0 < min(eps) < 1  # a number that says something, not a bound


def test_aso_without_a_difference():
    assert significance.aso([0.5, 0.5], [0.5, 0.5, 0.5], 0.95, 20, 1) == 0.5
    same = [0.1, 0.5, 0.9]
    assert significance.aso(same, same, 0.95, 20, 1) == deepsig_aso(same, same, 0.95, 20, 1) > 0.5
    assert significance.aso([0.8, 0.9], [0.1, 0.2], 0.95, 20, 1) == 0


def test_aso_errors():
    with pytest.raises(DataError, match="scores_b: at least 2"):
        significance.aso([0.1, 0.2], [0.1], 0.95, 10, 1)
    with pytest.raises(NumericError, match="scores_a: score 1 of 2 is nan"):
        significance.aso([np.nan, 0.2], [0.1, 0.2], 0.95, 10, 1)


def all_runs(curves: dict[str, list[list[float]]]) -> pd.DataFrame:
    """Runs from the curves of each strategy, one for each of the seeds 11, 12, ...; rows in a scrambled order."""
    rows = [
        (strategy, 11 + position, iteration, 100 + 50 * iteration, accuracy)
        for strategy, of_strategy in curves.items()
        for position, curve in enumerate(of_strategy)
        for iteration, accuracy in enumerate(curve)
    ]
    frame = pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "labelled", "test_accuracy"])
    return frame.sample(frac=1, random_state=0, ignore_index=True)


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


def test_final_scores():
    runs = all_runs({"random": [[0.5, 0.6], [0.6, 0.7]], "cal": [[0.7, 0.8], [0.4, 0.9]]})
    scores = final_scores(runs, ["cal", "random"])
    assert list(scores) == ["cal", "random"]
    assert scores["cal"].tolist() == [0.8, 0.9]
    assert scores["random"].tolist() == [0.6, 0.7]
    assert len(aso_table(scores, 0.05, 10, 1)) == 2
    with pytest.raises(DataError, match="no runs of the strategy bald"):
        final_scores(runs, ["bald"])


def test_labels_needed_by_hand():
    runs = all_runs(
        {
            "random": [[0.50, 0.70, 0.90], [0.50, 0.60, 0.80]],
            "cal": [[0.50, 0.95, 0.90], [0.60, 0.70, 0.80]],
        }
    )
    frame = labels_needed(runs, 0.9, shares=(0.5, 0.9, 1.0))  # targets 0.45, 0.81, 0.9
    assert frame["strategy"].tolist() == ["random"] * 3 + ["cal"] * 3
    assert_allclose(frame["target"], [0.45, 0.81, 0.9] * 2)
    # Means over the seeds: random 0.5, 0.65, 0.85; cal 0.55, 0.825, 0.85.
    assert frame["labelled"].to_list() == [100, 200, pd.NA, 100, 150, pd.NA]
    # One seed of two does not reach 0.81, so the middle of the two is beyond all numbers.
    assert frame["median_labelled"].to_list() == [100, pd.NA, pd.NA, 100, pd.NA, pd.NA]
    assert frame["seeds_reaching"].tolist() == [2, 1, 1, 2, 1, 1]
    assert frame["seeds"].tolist() == [2] * 6
    assert labels_needed(runs, 0.9)["share"].tolist() == [0.95, 0.99] * 2


def test_median_of_labels():
    curves = [[0.1, 0.9, 0.9], [0.9, 0.9, 0.9], [0.1, 0.1, 0.1], [0.1, 0.1, 0.9], [0.1, 0.1, 0.9]]
    row = labels_needed(all_runs({"cal": curves}), 0.9, shares=(1.0,)).iloc[0]
    assert row["median_labelled"] == 200  # of 100, 150, 200, 200, never
    assert row["seeds_reaching"] == 4


def test_labels_of_different_size():
    runs = all_runs({"cal": [[0.1, 0.2], [0.1, 0.2]]})
    runs.loc[(runs["seed"] == 12) & (runs["iteration"] == 1), "labelled"] = 7
    with pytest.raises(DataError, match=r"cal, iteration 1: the seeds' labelled sets differ"):
        labels_needed(runs, 0.9)


def test_curve_table():
    curves = curve_table(all_runs({"random": [[0.5, 0.6], [0.7, 0.8]], "cal": [[0.1, 0.2], [0.3, 0.4]]}))
    assert list(curves.index) == list(product(["cal", "random"], [11, 12]))
    assert curves.to_numpy().tolist() == [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.7, 0.8]]


@pytest.mark.parametrize("analysis", [curve_table, paired_area_differences, lambda runs: labels_needed(runs, 0.9)])
def test_incomplete_runs(analysis):
    runs = all_runs({"random": [[0.5, 0.6], [0.7, 0.8]], "cal": [[0.1, 0.2], [0.3, 0.4]]})
    runs = runs.sort_values(["strategy", "seed", "iteration"], ignore_index=True)
    with pytest.raises(DataError, match="cal, seed 12, iteration 1 is missing"):
        analysis(runs.drop(index=3))
    with pytest.raises(DataError, match="random, seed 11, iteration 0 is missing"):
        analysis(runs.loc[(runs["strategy"] == "cal") | (runs["seed"] == 12)])
    with pytest.raises(DataError, match="cal, seed 11, iteration 1 occurs twice"):
        analysis(pd.concat([runs, runs.iloc[[1]]]))
    with pytest.raises(NumericError, match="cal, seed 11, iteration 0 has a test accuracy that is not finite"):
        analysis(runs.replace({"test_accuracy": {0.1: np.nan}}))
    with pytest.raises(DataError, match="no runs"):
        analysis(runs.iloc[:0])


def test_the_table_is_the_same_without_deepsig(table):
    assert_frame_equal(aso_table(draw_scores(), 0.05, 20, seed=3, deepsig=False), table, check_exact=True)
