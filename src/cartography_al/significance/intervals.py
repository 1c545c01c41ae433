"""Numbers with a 95% interval: means over seeds, shares and their differences, areas under the ROC curve."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit


class Estimate(NamedTuple):
    """A number with the ends of its 95% interval, which are NaN where there is none."""

    value: float
    low: float
    high: float

    def above(self, bound: float, or_equal: bool = False) -> bool | None:
        """Whether the number is above the bound; None where the interval has values for and against."""
        if np.isnan(self.low) or np.isnan(self.high):
            return None
        low, high = (bool(end > bound or (or_equal and end == bound)) for end in (self.low, self.high))
        return low if low == high else None

    def below(self, bound: float, or_equal: bool = False) -> bool | None:
        """Whether the number is below the bound; None as in `above`."""
        return Estimate(-self.value, -self.high, -self.low).above(-bound, or_equal)


Z = 1.959963984540054
"""The 0.975 quantile of the normal distribution."""


def over_seeds(values: pd.Series) -> Estimate:
    """The mean over the seeds and its interval by Student's t; no interval for one seed."""
    mean = float(values.mean())
    if len(values) < 2:
        return Estimate(mean, np.nan, np.nan)
    margin = float(stdtrit(len(values) - 1, 0.975) * values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(mean, mean - margin, mean + margin)


def wilson_interval(share: float, count: float) -> tuple[float, float]:
    """95% confidence interval of a probability, from its share among `count` independent trials (Wilson 1927)."""
    center = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    margin = Z / (1 + Z**2 / count) * np.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    # At a share of 0 or 1 the bound is that share, but for rounding.
    return (0.0 if share == 0 else float(center - margin)), (1.0 if share == 1 else float(center + margin))


def share_of(count: int, total: int) -> Estimate:
    """A share of instances, with Wilson's interval."""
    return Estimate(count / total, *wilson_interval(count / total, total))


def difference_of_shares(a: float, b: float, total: int) -> Estimate:
    """Share a less share b of two kinds of the same `total` instances, no instance being of both; normal interval."""
    margin = float(Z * np.sqrt((a + b - (a - b) ** 2) / total))
    return Estimate(a - b, a - b - margin, a - b + margin)


def roc_area(low: pd.Series, rest: pd.Series) -> Estimate:
    """Area under the ROC curve: the chance that an instance of `low` has a smaller value than one of `rest`.

    low, rest: at least two values each; ties count half. The interval is DeLong's (1988), cut off at 0 and 1.
    """
    ranks = pd.concat([low, rest]).rank().to_numpy()
    m, n = len(low), len(rest)
    of_low = 1 - (ranks[:m] - low.rank().to_numpy()) / n  # float [m], the share of the rest that is above
    of_rest = (ranks[m:] - rest.rank().to_numpy()) / m  # float [n], the share of `low` that is below
    area = float(of_rest.mean())
    margin = float(Z * np.sqrt(of_low.var(ddof=1) / m + of_rest.var(ddof=1) / n))
    return Estimate(area, max(area - margin, 0.0), min(area + margin, 1.0))
