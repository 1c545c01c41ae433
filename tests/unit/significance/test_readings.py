"""significance.readings: the paper's call against numbers of the library of its time, and what each reading tests."""

from collections.abc import Sequence

import deepsig
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

from cartography_al.errors import ConfigError, DataError
from cartography_al.significance.aso import aso_table
from cartography_al.significance.readings import (
    BONFERRONI,
    COLUMN_TYPES,
    DEEPSIG,
    DRAWN_SCORES,
    PAPER_CALL,
    READINGS,
    deepsig_call,
    paper_call,
    paper_epsilon,
    read_three_ways,
)


def draw_scores(names: Sequence[str] = ("random", "dal", "cal"), count: int = 12) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(7)
    return {name: rng.normal(0.70 + place / 50, 0.03, count) for place, name in enumerate(names)}


def matrix(frame: pd.DataFrame) -> "pd.Series[float]":
    return frame.set_index(["strategy_a", "strategy_b"])["eps_min"]


# deepsig 1.2.0's aso(a, b, confidence_level=0.05 / 15, num_bootstrap_iterations=6, seed=11) of the samples below.
@pytest.mark.parametrize(
    ("count_a", "count_b", "shift", "expected"),
    [
        (5, 5, 0.02, 1.0),
        (31, 155, 0.012, 0.11092047122663583),
        (155, 155, 0.02, 0.041924425486006),
        (9, 7, 0.03, 0.516447808524005),
    ],
)
def test_an_epsilon_is_that_of_the_library_of_the_time(count_a, count_b, shift, expected):
    rng = np.random.default_rng(count_a)
    a = np.sort(np.round(rng.normal(0.8 + shift, 0.03, count_a), 3))
    b = np.sort(np.round(rng.normal(0.8, 0.03, count_b), 3))
    random, drawn = np.random.RandomState(), []
    for iteration in range(6):
        random.seed(12 + iteration)
        draws = [random.uniform(0, 1, DRAWN_SCORES) for _ in range(2)]
        drawn.append([np.sort(s[np.ceil(len(s) * u).astype(int) - 1]) for s, u in zip((a, b), draws, strict=True)])
    drawn_a, drawn_b = (np.array(samples) for samples in zip(*drawn, strict=True))
    assert_allclose(paper_epsilon(a, b, drawn_a, drawn_b, 1 - 0.05 / 15), expected, rtol=1e-12)


def test_the_papers_call_fills_in_what_lies_below_the_diagonal():
    frame = paper_call(draw_scores(), 0.05, 50, 3)
    eps = matrix(frame)
    assert frame.loc[frame["tested"], ["strategy_a", "strategy_b"]].to_numpy().tolist() == [
        ["random", "dal"],
        ["random", "cal"],
        ["dal", "cal"],
    ]
    for a, b in frame.loc[frame["tested"], ["strategy_a", "strategy_b"]].itertuples(index=False):
        assert eps[b, a] == 1 - eps[a, b]
    assert_allclose(frame["confidence_level"], 1 - 0.05 / 3)
    # Runs that do not differ: nobody earlier in the order is shown to be better, so everybody later "dominates".
    same = matrix(paper_call({"a": np.arange(9) / 10, "b": np.arange(9) / 10 + 1e-4}, 0.05, 50, 3))
    assert same["a", "b"] == 1
    assert same["b", "a"] == 0


def test_the_order_of_the_strategies_decides_what_the_papers_call_tests():
    scores = draw_scores(count=30)
    backwards = {name: scores[name] for name in reversed(scores)}
    assert not np.allclose(
        matrix(paper_call(scores, 0.05, 50, 3)),
        matrix(paper_call(backwards, 0.05, 50, 3)).loc[matrix(paper_call(scores, 0.05, 50, 3)).index],
    )


def test_deepsig_of_today_is_multi_aso():
    scores = draw_scores(count=40)
    theirs = deepsig.multi_aso(
        {name: list(values) for name, values in scores.items()},
        confidence_level=0.95,
        return_df=True,
        num_bootstrap_iterations=200,
        show_progress=False,
        seed=1,
    )
    frame = deepsig_call(scores, 0.05, 200, 3)
    assert_allclose(frame["confidence_level"], 0.95 + 0.05 / 3)
    assert frame["tested"].all()
    expected = [theirs.loc[a, b] for a, b in matrix(frame).index]
    assert_allclose(frame["eps_min"], expected, atol=0.1)  # two bootstraps of 200
    assert 0.01 < min(expected) < 0.5  # numbers that say something, not bounds


def test_three_readings_side_by_side():
    scores = draw_scores()
    frame = read_three_ways(scores, 0.05, 20, 3)
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == COLUMN_TYPES
    assert list(dict.fromkeys(frame["reading"])) == list(READINGS)
    pairs = [(a, b) for a in scores for b in scores if a != b]
    for _, own in frame.groupby("reading"):
        assert list(own[["strategy_a", "strategy_b"]].itertuples(index=False, name=None)) == pairs
    by_reading = {name: matrix(own) for name, own in frame.groupby("reading")}
    assert by_reading[BONFERRONI].sort_index().equals(matrix(aso_table(scores, 0.05, 20, 3)).sort_index())
    assert by_reading[PAPER_CALL].equals(matrix(paper_call(scores, 0.05, 20, 3)))
    assert by_reading[DEEPSIG].equals(matrix(deepsig_call(scores, 0.05, 20, 3)))
    assert_frame_equal(read_three_ways(scores, 0.05, 20, 3), frame)


def test_one_strategy_has_nothing_to_compare():
    frame = read_three_ways({"cal": [0.1, 0.2]}, 0.05, 10, 1)
    assert frame.empty
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == COLUMN_TYPES


def test_refusals():
    with pytest.raises(DataError, match="no strategy"):
        paper_call({}, 0.05, 10, 1)
    with pytest.raises(ConfigError, match="level"):
        paper_call(draw_scores(), 1, 10, 1)
    with pytest.raises(ConfigError, match="bootstrap"):
        deepsig_call(draw_scores(), 0.05, 1, 1)
