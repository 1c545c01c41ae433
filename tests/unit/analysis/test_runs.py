"""analysis.runs: what it promises, and what it refuses."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose

from cartography_al.analysis.curves import learning_curves
from cartography_al.analysis.runs import area_under_curve, curve_table, exhausted_at, final_accuracies
from cartography_al.errors import DataError, NumericError
from cartography_al.significance.labels import labels_needed
from cartography_al.significance.paired import paired_area_differences
from tests.unit.analysis.support import make_runs
from tests.unit.significance.support import all_runs


def test_exhausted_at():
    runs = make_runs({("random", 1): [0.5, 0.5, 0.5], ("cal", 1): [0.5, 0.5, 0.5]})
    assert exhausted_at(runs, train_rows=21) is None
    assert exhausted_at(runs, train_rows=20) == 2
    assert exhausted_at(runs, train_rows=15) == 1


def test_final_accuracies(runs):
    final = final_accuracies(runs)
    assert list(final) == ["strategy", "seed", "iteration", "labelled", "test_accuracy", "macro_f1"]
    assert final["strategy"].tolist() == ["random", "random", "cal", "cal", "zeta", "zeta"]
    assert final["seed"].tolist() == [1, 2] * 3
    assert (final["iteration"] == 2).all()
    assert (final["labelled"] == 20).all()
    assert_allclose(final["test_accuracy"], [0.1, 0.1, 0.6, 0.9, 0.3, 0.5])
    assert_allclose(final["macro_f1"], final["test_accuracy"] - 0.1)


def test_incomplete_runs_are_refused(runs):
    with pytest.raises(DataError, match="cal, seed 2, iteration 2 is missing"):
        learning_curves(runs.drop(index=11), 200)
    with pytest.raises(DataError, match="cal, seed 2, iteration 2 occurs twice"):
        final_accuracies(pd.concat([runs, runs.iloc[[11]]]))
    with pytest.raises(DataError, match="no runs"):
        final_accuracies(runs.iloc[:0])
    runs.loc[11, "test_accuracy"] = np.nan
    with pytest.raises(NumericError, match="cal, seed 2, iteration 2: test accuracy is not finite"):
        final_accuracies(runs)


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
    with pytest.raises(NumericError, match="cal, seed 11, iteration 0: test accuracy is not finite"):
        analysis(runs.replace({"test_accuracy": {0.1: np.nan}}))
    with pytest.raises(DataError, match="no runs"):
        analysis(runs.iloc[:0])
