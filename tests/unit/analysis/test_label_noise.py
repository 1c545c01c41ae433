"""What becomes of wrong labels, on frames whose answer is known."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from cartography_al.analysis.label_noise import wrong_labels_acquired, wrong_labels_ranked


def test_the_acquired_wrong_labels_add_up_from_iteration_to_iteration() -> None:
    """Two a batch; 1, 4 and 9 are wrong, of which 9 lies in the seed set of seed 7."""
    acquisitions = pd.DataFrame(
        [
            *(("cal", 7, iteration, instance) for iteration, instance in [(1, 1), (1, 2), (2, 4), (2, 0)]),
            *(("random", 7, iteration, instance) for iteration, instance in [(1, 2), (1, 3), (2, 4), (2, 5)]),
        ],
        columns=["strategy", "seed", "iteration", "instance_id"],
    )
    seed_sets = pd.DataFrame({"seed": [7, 7], "instance_id": [8, 9]})
    found = wrong_labels_acquired(acquisitions, seed_sets, [1, 4, 9], train_rows=10)
    expected = pd.DataFrame(
        {
            "strategy": ["cal", "cal", "random", "random"],
            "seed": 7,
            "iteration": [1, 2, 1, 2],
            "acquired": [2, 4, 2, 4],
            "wrong": [1, 2, 0, 1],
            "share": [0.5, 0.5, 0.0, 0.25],
            "chance": (3 - 1) / (10 - 2),
        }
    )
    assert_frame_equal(found, expected)


def test_a_map_in_which_the_wrong_are_the_hardest_ranks_them_first() -> None:
    maps = pd.DataFrame(
        {
            "seed": [1] * 4 + [2] * 4,
            "instance_id": [0, 1, 2, 3] * 2,
            "confidence": [0.1, 0.9, 0.2, 0.8, 0.9, 0.1, 0.8, 0.2],
            "correctness": 0.5,
        }
    )
    ranked = wrong_labels_ranked(maps, [0, 2])
    assert ranked["seed"].tolist() == [1, 2]
    assert ranked["first_share"].tolist() == [1.0, 0.0]
    assert ranked["roc_area"].tolist() == pytest.approx([1.0, 0.0])
    assert ranked["chance"].tolist() == [0.5, 0.5]
