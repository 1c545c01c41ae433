"""significance.aso: what it promises, and what it refuses."""

import subprocess
import sys
import warnings
from itertools import permutations

import deepsig
import numpy as np
import pandas as pd
import pytest
from deepsig.aso import compute_violation_ratio
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

from cartography_al.errors import ConfigError, DataError, NumericError
from cartography_al.seeding import generator
from cartography_al.significance.aso import (
    COLUMN_TYPES,
    aso,
    aso_table,
    check_by_deepsig,
    final_scores,
    least_epsilon,
    pooled_scores,
)
from cartography_al.significance.calibration import _ratios
from tests.unit.significance.support import all_runs


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
        seed = int(generator(3, 0, f"ASO: ['{row.strategy_a}', '{row.strategy_b}']").integers(2**31))
        assert row.eps_min == deepsig_aso(scores[row.strategy_a], scores[row.strategy_b], 1 - 0.05 / 6, 20, seed)


def test_the_check_by_deepsig(table):
    check_by_deepsig(table, draw_scores(), 20, 3)
    check_by_deepsig(table.iloc[:0], {}, 20, 3)
    with pytest.raises(NumericError, match=r"random over dal is .* and .* by deepsig"):
        check_by_deepsig(table.assign(eps_min=np.nextafter(table["eps_min"], 2)), draw_scores(), 20, 3)


def test_level_is_not_the_one_of_deepsigs_own_correction():
    scores = draw_scores()
    ours = eps_of(aso_table(scores, 0.05, 20, 3), "cal", "random")
    seed = int(generator(3, 0, "ASO: ['cal', 'random']").integers(2**31))
    theirs = deepsig.aso(
        scores["cal"],
        scores["random"],
        num_comparisons=6,
        num_bootstrap_iterations=20,
        show_progress=False,
        seed=seed,
    )
    assert theirs < ours  # less confidence claims more


def test_order_of_strategies_changes_nothing(table):
    scores = draw_scores()
    backwards = {name: scores[name] for name in reversed(scores)}
    assert_frame_equal(aso_table(backwards, 0.05, 20, 3), table)


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
    ("alpha", "iterations", "message"), [(0, 10, "level"), (1, 10, "level"), (0.05, 1, "bootstrap")]
)
def test_bad_options(alpha, iterations, message):
    with pytest.raises(ConfigError, match=message):
        aso_table({"a": [0.1, 0.2], "b": [0.1, 0.2]}, alpha, iterations, 1)


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


def test_importing_the_module_does_not_import_torch():
    code = "import sys, cartography_al.significance; sys.exit('torch' in sys.modules or 'deepsig' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def deepsig_aso(a, b, level: float, iterations: int, seed: int) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # equal quantiles, or a level under 0.95
        options = {"num_bootstrap_iterations": iterations, "show_progress": False, "seed": seed}
        return deepsig.aso(list(a), list(b), confidence_level=level, **options)


FEW = hnp.arrays(np.float64, st.integers(2, 12), elements=st.floats(0, 1))


TIED = hnp.arrays(np.float64, st.integers(2, 12), elements=st.integers(0, 4).map(lambda count: count / 500))


@settings(max_examples=40)
@given(FEW | TIED, FEW | TIED, st.sampled_from([0.9, 0.95, 1 - 0.05 / 30]), st.integers(0, 2**31))
def test_aso_is_deepsigs_to_the_last_digit(a, b, level, seed):
    assert aso(a, b, level, 4, seed) == deepsig_aso(a, b, level, 4, seed)


@pytest.mark.parametrize(("count_a", "count_b"), [(5, 5), (31, 155), (199, 200), (620, 155)])
@pytest.mark.parametrize("step", [1e-9, 0.02])
def test_aso_is_deepsigs_for_the_sizes_in_use(count_a, count_b, step):
    rng = np.random.default_rng(count_a)
    a = np.round(rng.normal(0.80, 0.03, count_a) / step) * step
    b = np.round(rng.normal(0.77, 0.05, count_b) / step) * step
    eps = [aso(first, second, 0.99, 10, 3) for first, second in ((a, b), (b, a))]
    assert eps == [deepsig_aso(first, second, 0.99, 10, 3) for first, second in ((a, b), (b, a))]
    assert 0 < min(eps) < 1  # a number that says something, not a bound


def test_aso_without_a_difference():
    assert aso([0.5, 0.5], [0.5, 0.5, 0.5], 0.95, 20, 1) == 0.5
    same = [0.1, 0.5, 0.9]
    assert aso(same, same, 0.95, 20, 1) == deepsig_aso(same, same, 0.95, 20, 1) > 0.5
    assert aso([0.8, 0.9], [0.1, 0.2], 0.95, 20, 1) == 0


def test_aso_errors():
    with pytest.raises(DataError, match="scores_b: at least 2"):
        aso([0.1, 0.2], [0.1], 0.95, 10, 1)
    with pytest.raises(NumericError, match="scores_a: score 1 of 2 is nan"):
        aso([np.nan, 0.2], [0.1, 0.2], 0.95, 10, 1)


def test_final_scores():
    runs = all_runs({"random": [[0.5, 0.6], [0.6, 0.7]], "cal": [[0.7, 0.8], [0.4, 0.9]]})
    scores = final_scores(runs, ["cal", "random"])
    assert list(scores) == ["cal", "random"]
    assert scores["cal"].tolist() == [0.8, 0.9]
    assert scores["random"].tolist() == [0.6, 0.7]
    assert len(aso_table(scores, 0.05, 10, 1)) == 2
    with pytest.raises(DataError, match="no runs of the strategy bald"):
        final_scores(runs, ["bald"])


def test_ratios_are_deepsigs_and_eps_agrees():
    rng = np.random.default_rng(3)
    scores = np.sort(rng.normal([[0.80], [0.81], [0.83]], 0.02, (3, 155)), axis=1)
    ratios, bootstrapped = _ratios(scores, 2000, rng)
    pairs = [(a, b) for a in range(3) for b in range(3) if a != b]
    assert ratios.tolist() == [compute_violation_ratio(scores[a], scores[b], dt=0.005) for a, b in pairs]
    eps = least_epsilon(ratios, bootstrapped, 155, 155, 0.99)
    expected = [aso(scores[a], scores[b], 0.99, 2000, 5) for a, b in pairs]
    # The bootstrap's standard deviation, at most 0.5, is known to 1 / sqrt(2 * 2000) = 1.6%; times the quantile 2.33.
    assert_allclose(eps, expected, atol=5 * 2**0.5 * 0.016 * 0.5 * 2.33 * 0.5)
