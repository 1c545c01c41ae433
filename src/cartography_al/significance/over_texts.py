"""Intervals of differences of areas that hold for other test texts as well, not for other seeds alone."""

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from cartography_al.significance.intervals import Estimate, over_seeds
from cartography_al.significance.paired import AGAINST_RANDOM, OF_CAL_EARLY


def with_texts(areas: pd.DataFrame, predictions: pd.DataFrame, test_labels: np.ndarray, early: int) -> pd.DataFrame:
    """The comparisons of areas with low_texts and high_texts, the 95% interval over seeds and test texts.

    areas: from paired.area_comparisons, and `early` as there.   predictions: strategy, seed, iteration, predictions
    (the class of each test text).   test_labels: integers [T].   Both ends are NaN for one seed.
    """
    whole = _areas_by_text(predictions, test_labels)
    first = _areas_by_text(predictions[predictions["iteration"] <= early], test_labels) if early else whole
    ends = []
    for row in areas.itertuples():
        by_text = first if row.comparison == OF_CAL_EARLY else whole
        difference = by_text[row.strategy] - by_text[row.baseline]
        estimate = over_seeds_and_texts(difference if row.comparison == AGAINST_RANDOM else -difference)
        ends.append((estimate.low, estimate.high))
    return areas.assign(**dict(zip(("low_texts", "high_texts"), np.reshape(ends, (-1, 2)).T, strict=True)))


def over_seeds_and_texts(values: np.ndarray, level: float = 0.95) -> Estimate:
    """The mean of values [seeds, texts], and its interval for other seeds and other texts.

    Both are random effects, crossed, with one value in each cell: the variance of the mean is (seeds' mean square +
    texts' - the rest's) / cells, and its degrees of freedom are Satterthwaite's (1946). Where the texts add nothing,
    the interval is that over the seeds; so it is never narrower, but for its degrees of freedom.
    """
    seeds, texts = values.shape
    of_seeds, of_texts, mean = values.mean(axis=1), values.mean(axis=0), float(values.mean())
    if seeds < 2 or texts < 2:
        return Estimate(mean, np.nan, np.nan)
    rest = values - of_seeds[:, None] - of_texts + mean
    freedom = np.array([seeds - 1, texts - 1, (seeds - 1) * (texts - 1)])
    squares = [texts * ((of_seeds - mean) ** 2).sum(), seeds * ((of_texts - mean) ** 2).sum(), (rest**2).sum()]
    seed_part, text_part, rest_part = mean_squares = np.array(squares) / freedom
    if text_part <= rest_part:
        return over_seeds(pd.Series(of_seeds), level)
    total = seed_part + text_part - rest_part
    margin = stdtrit(total**2 / (mean_squares**2 / freedom).sum(), (1 + level) / 2) * np.sqrt(total / values.size)
    return Estimate(mean, mean - margin, mean + margin)


def _areas_by_text(predictions: pd.DataFrame, test_labels: np.ndarray) -> dict[str, np.ndarray]:
    """Of each strategy the area under the curve of each test text (right or wrong), float32 [seeds, T], by seed."""
    areas: dict[str, list[np.ndarray]] = {}
    for (strategy, _), chain in predictions.groupby(["strategy", "seed"], sort=True):
        right = np.stack(list(chain.sort_values("iteration")["predictions"])) == test_labels  # [iterations + 1, T]
        areas.setdefault(strategy, []).append(np.trapezoid(right.astype(np.float32), axis=0) / (len(right) - 1))
    return {strategy: np.stack(rows) for strategy, rows in areas.items()}
