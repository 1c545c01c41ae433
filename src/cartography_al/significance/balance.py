"""Which classes a strategy acquires: one that asks for a few of them alone leaves the others unlearned."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.stats import entropy

from cartography_al.significance.intervals import over_seeds


def class_balance(acquisitions: pd.DataFrame, ends: Iterable[int]) -> pd.DataFrame:
    """Distinct classes, and their effective number, among what each strategy acquired up to each of `ends`.

    acquisitions: strategy, seed, iteration, label.   ends: iterations; later acquisitions than the last are left out.
    The effective number is exp of the entropy of the classes' shares: as many classes with equal shares would be as
    diverse (Hill 1973).
    Returns strategy, until, seeds, acquired, classes, effective (means over the seeds), low, high: 95% interval of
    effective by Student's t, NaN for one seed.
    """
    rows = []
    for strategy, own in acquisitions.groupby("strategy", sort=False):
        for until in ends:
            chains = own[own["iteration"] <= until].groupby("seed")["label"]
            effective = chains.agg(lambda labels: np.exp(entropy(labels.value_counts())))
            rows.append(
                (strategy, until, len(effective), chains.size().mean(), chains.nunique().mean(), *over_seeds(effective))
            )
    columns = ["strategy", "until", "seeds", "acquired", "classes", "effective", "low", "high"]
    return pd.DataFrame(rows, columns=columns)
