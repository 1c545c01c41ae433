"""Means over seeds and shares with a 95% interval; areas under the ROC curve."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

Z = 1.959963984540054
"""The 0.975 quantile of the normal distribution."""


class Estimate(NamedTuple):
    """A number with the ends of its 95% interval, which are NaN where there is none."""

    value: float
    low: float
    high: float


def over_seeds(values: pd.Series, level: float = 0.95) -> Estimate:
    """The mean over the seeds and its interval by Student's t; no interval for one seed."""
    mean = float(values.mean())
    if len(values) < 2:
        return Estimate(mean, np.nan, np.nan)
    quantile = stdtrit(len(values) - 1, (1 + level) / 2)
    margin = float(quantile * values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(mean, mean - margin, mean + margin)


def wilson_interval(share: float, count: float) -> tuple[float, float]:
    """95% confidence interval of a probability, from its share among `count` independent trials (Wilson 1927)."""
    center = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    margin = Z / (1 + Z**2 / count) * np.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    # At a share of 0 or 1 the bound is that share, but for rounding.
    return (0.0 if share == 0 else float(center - margin)), (1.0 if share == 1 else float(center + margin))


def roc_area(low: pd.Series, rest: pd.Series) -> float:
    """Area under the ROC curve: the chance that an instance of `low` has a smaller value than one of `rest`.

    low, rest: at least one value each; ties count half.
    """
    ranks = pd.concat([low, rest]).rank().to_numpy()
    below = (ranks[len(low) :] - rest.rank().to_numpy()) / len(low)  # float [rest], the share of `low` that is below
    return float(below.mean())
