"""significance.balance: classes and their effective number."""

import pandas as pd
import pytest

from cartography_al.significance.balance import class_balance

ACQUIRED = pd.DataFrame(
    [
        (strategy, seed, iteration, label)
        for strategy, batches in (("cal", ([0, 0], [0, 0])), ("random", ([0, 1], [2, 3])))
        for seed in (1, 2)
        for iteration, labels in enumerate(batches, 1)
        for label in labels
    ],
    columns=["strategy", "seed", "iteration", "label"],
)


def test_equal_shares_count_whole_and_one_class_is_one() -> None:
    found = class_balance(ACQUIRED, [1, 2]).set_index(["strategy", "until"])
    assert found["seeds"].tolist() == [2] * 4
    assert found["acquired"].tolist() == [2, 4, 2, 4]
    assert found["classes"].tolist() == [1, 1, 2, 4]
    assert found["effective"].tolist() == pytest.approx([1, 1, 2, 4])
    assert found["low"].tolist() == pytest.approx(found["effective"].tolist())


def test_unequal_shares_are_exp_of_their_entropy_and_one_seed_has_no_interval() -> None:
    one = pd.DataFrame({"strategy": "cal", "seed": 1, "iteration": 1, "label": [0, 0, 0, 1]})
    (row,) = class_balance(one, [1]).itertuples()
    assert row.effective == pytest.approx(4 / 27**0.25)  # 4 / 3^(3/4), by hand
    assert pd.isna(row.low)
    assert pd.isna(row.high)


def test_the_interval_is_over_the_seeds() -> None:
    two = pd.DataFrame({"strategy": "cal", "seed": [1, 1, 2, 2], "iteration": 1, "label": [0, 1, 0, 0]})
    (row,) = class_balance(two, [1]).itertuples()
    assert row.effective == pytest.approx(1.5)
    assert (row.low, row.high) == pytest.approx((1.5 - 12.7062 * 0.5, 1.5 + 12.7062 * 0.5), abs=1e-3)
