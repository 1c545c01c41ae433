"""significance.ranks: against hand-made areas and scipy."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t, ttest_rel

from cartography_al.errors import DataError
from cartography_al.significance.paired import seed_areas
from cartography_al.significance.ranks import mean_ranks, pairwise_wins

AREAS = pd.DataFrame({"random": [0.5, 0.6, 0.5], "cal": [0.7, 0.8, 0.4], "badge": [0.7, 0.9, 0.6]})


def test_areas_are_the_curves_mean_heights() -> None:
    runs = pd.DataFrame(
        [(s, seed, i) for s in ("cal", "random") for seed in (1, 2) for i in range(3)],
        columns=["strategy", "seed", "iteration"],
    )
    runs["labelled"] = 10 + 5 * runs["iteration"]
    runs["test_accuracy"] = [0.1, 0.2, 0.3, 0.2, 0.4, 0.4, 0.5, 0.5, 0.5, 0.0, 0.5, 1.0]
    areas = seed_areas(runs)
    assert list(areas.columns) == ["random", "cal"]
    np.testing.assert_allclose(areas, [[0.5, 0.2], [0.5, 0.35]])


def test_ranks_by_hand() -> None:
    """Ties share: seeds give 3, 3, 2 / 1.5, 2, 3 / 1.5, 1, 1."""
    ranks = mean_ranks([AREAS]).set_index("strategy")
    np.testing.assert_allclose(ranks["mean_rank"], [8 / 3, 6.5 / 3, 3.5 / 3])
    low, high = t.interval(0.95, 2, 8 / 3, np.std([3, 3, 2], ddof=1) / np.sqrt(3))
    assert tuple(ranks.loc["random", ["low", "high"]]) == pytest.approx((low, high))
    assert (ranks["runs"] == 3).all()
    assert mean_ranks([AREAS, 1 - AREAS])["mean_rank"].tolist() == pytest.approx([2, 2, 2])


def test_wins_are_those_of_the_paired_t_test() -> None:
    rng = np.random.default_rng(0)
    cases = [pd.DataFrame(rng.normal([0.5, 0.52, 0.56], 0.02, (5, 3)), columns=AREAS.columns) for _ in range(6)]
    wins = pairwise_wins(cases).set_index(["strategy_a", "strategy_b"])
    assert (wins["cases"] == 6).all()
    for (a, b), above in wins["above"].items():
        tests = [ttest_rel(areas[a], areas[b]) for areas in cases]
        assert above == sum(test.pvalue < 0.05 and test.statistic > 0 for test in tests)
    assert wins.loc[("badge", "random"), "above"] > wins.loc[("cal", "random"), "above"]


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(DataError, match="the same strategies on all of them"):
        mean_ranks([AREAS, AREAS.drop(columns="cal")])
    with pytest.raises(DataError, match="at least one data set"):
        pairwise_wins([])
    with pytest.raises(DataError, match="takes two seeds"):
        pairwise_wins([AREAS[:1]])
