"""Many strategies over many data sets: mean ranks, and how often one is above another. Not for two strategies."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from cartography_al.errors import DataError
from cartography_al.significance.intervals import over_seeds


def mean_ranks(cases: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Mean rank of each strategy's area, 1 being the largest; ties share a rank.

    cases: what paired.seed_areas gives, for each data set and representation; the same strategies in all.
    Returns strategy, runs (cases times seeds), mean_rank, low, high: interval over the runs by Student's t.
    Raises: DataError for no case, or other strategies in one of them.
    """
    found = _same_strategies(cases)
    ranks = np.concatenate([rankdata(-areas.to_numpy(), axis=1) for areas in found])  # (runs, strategies)
    rows = [
        (strategy, len(ranks), *over_seeds(pd.Series(of_one)))
        for strategy, of_one in zip(found[0].columns, ranks.T, strict=True)
    ]
    return pd.DataFrame(rows, columns=["strategy", "runs", "mean_rank", "low", "high"])


def pairwise_wins(cases: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """In how many cases a strategy's area is significantly above another's, as the table of BADGE's authors counts.

    cases: as for `mean_ranks`, with two seeds at least.
    Significantly: the 95% interval of the mean difference within seeds (Student's t) lies above 0; not corrected for
    the number of pairs.
    Returns strategy_a, strategy_b, cases, above: for each ordered pair the number of cases in which a is above b.
    Source: Ash et al. 2020, section 4.   Raises: DataError as `mean_ranks`, and for a single seed.
    """
    found = _same_strategies(cases)
    if min(len(areas) for areas in found) < 2:
        raise DataError("which strategy is above which takes two seeds at least")
    rows = []
    for a in found[0].columns:
        for b in found[0].columns.drop(a):
            above = sum(over_seeds(areas[a] - areas[b]).low > 0 for areas in found)
            rows.append((a, b, len(found), int(above)))
    return pd.DataFrame(rows, columns=["strategy_a", "strategy_b", "cases", "above"])


def _same_strategies(cases: Iterable[pd.DataFrame]) -> list[pd.DataFrame]:
    found = list(cases)
    if not found or any(list(areas.columns) != list(found[0].columns) for areas in found):
        raise DataError("ranks need at least one data set, and the same strategies on all of them")
    return found
