"""significance.labels: what it promises, and what it refuses."""

import pandas as pd
import pytest
from numpy.testing import assert_allclose

from cartography_al.errors import DataError
from cartography_al.significance.labels import labels_needed
from tests.unit.significance.support import all_runs


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
