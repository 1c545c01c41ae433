"""analysis.curves: what it promises, and what it refuses."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

from cartography_al.analysis.curves import learning_curves, threshold_accuracies
from cartography_al.analysis.runs import final_accuracies
from cartography_al.errors import DataError
from tests.unit.analysis.support import make_runs


def test_learning_curves_by_hand(runs):
    curves = learning_curves(runs, train_rows=200)
    assert list(curves) == [
        "strategy",
        "iteration",
        "labelled",
        "fraction",
        "mean",
        "std",
        "min",
        "max",
        "seeds",
    ]
    assert curves["strategy"].tolist() == ["random"] * 3 + ["cal"] * 3 + ["zeta"] * 3  # the readers' order
    assert curves["iteration"].tolist() == [0, 1, 2] * 3
    assert curves["labelled"].tolist() == [10, 15, 20] * 3
    assert_allclose(curves["fraction"], [0.05, 0.075, 0.1] * 3)
    assert_allclose(curves["mean"], [0.5, 0, 0.1, 0.4, 0.6, 0.75, 0.2, 0.2, 0.4])
    half = np.sqrt(0.5)  # standard deviation, ddof 1, of two values at distance 1
    assert_allclose(curves["std"], np.array([1, 0, 0, 0, 0.2, 0.3, 0.2, 0, 0.2]) * half, atol=1e-15)
    assert_allclose(curves["min"], [0, 0, 0.1, 0.4, 0.5, 0.6, 0.1, 0.2, 0.3])
    assert_allclose(curves["max"], [1, 0, 0.1, 0.4, 0.7, 0.9, 0.3, 0.2, 0.5])
    assert (curves["seeds"] == 2).all()


def test_row_order_changes_nothing(runs):
    shuffled = runs.sample(frac=1, random_state=1)
    assert_frame_equal(learning_curves(shuffled, 200), learning_curves(runs, 200))
    assert_frame_equal(final_accuracies(shuffled), final_accuracies(runs))


def test_one_seed_has_no_spread():
    curves = learning_curves(make_runs({("cal", 1): [0.4, 0.5]}), 100)
    assert curves["std"].isna().all()
    assert curves["seeds"].tolist() == [1, 1]
    assert_allclose(curves["mean"], [0.4, 0.5])


def test_labelled_sets_must_agree(runs):
    runs.loc[4, "labelled"] = 16
    with pytest.raises(DataError, match="zeta, iteration 1"):
        learning_curves(runs, 200)


def test_threshold_accuracies_by_hand():
    runs = make_runs(
        {
            ("cal-threshold-0.8", 1): [0.1, 0.2, 0.3],
            ("cal-threshold-0.8", 2): [0.1, 0.2, 0.4],
            ("cal", 1): [0.4, 0.5, 0.6],
            ("cal", 2): [0.4, 0.7, 0.8],
            ("random", 1): [0.0, 0.0, 0.1],
        }
    )
    cal = runs["strategy"].str.startswith("cal") & (runs["iteration"] < 2)  # nothing is acquired after the last one
    runs.loc[cal, "binary_cal_accuracy"] = 0.9
    single = (runs["strategy"] == "cal-threshold-0.8") & (runs["seed"] == 2) & (runs["iteration"] < 2)
    runs.loc[single, "binary_cal_accuracy"] = None  # no classifier was trained, so there may be no accuracy
    runs.loc[single, "single_class"] = True
    table = threshold_accuracies(runs, [0.8, 0.2], configured_threshold=0.2)
    assert table["threshold"].tolist() == [0.2, 0.8]
    assert table["strategy"].tolist() == ["cal", "cal-threshold-0.8"]
    assert table["configured"].tolist() == [True, False]
    assert_allclose(table["mean"], [0.7, 0.35])
    assert_allclose(table["std"], np.array([0.2, 0.1]) / np.sqrt(2))
    assert_allclose(table["min"], [0.6, 0.3])
    assert_allclose(table["max"], [0.8, 0.4])
    assert table["seeds"].tolist() == [2, 2]
    assert table["classifiers"].tolist() == [4, 4]
    assert table["single_class"].tolist() == [0, 2]
    assert table["single_class_seeds"].tolist() == [0, 1]
    with pytest.raises(DataError, match=r"no runs of cal-threshold-0.6: run cal at the threshold 0.6"):
        threshold_accuracies(runs, [0.2, 0.6], configured_threshold=0.2)
