"""BALD as its authors define it: mutual information. What the paper calls BALD is `uncertainty.bald`."""

from collections.abc import Iterable

import numpy as np

from cartography_al.acquisition.uncertainty import entropy_scores
from cartography_al.acquisition.view import PoolView


def mutual_information(view: PoolView, k: int, *, passes: int) -> np.ndarray:
    """Choose where `passes` Monte Carlo dropout passes are each sure and disagree (Houlsby et al. 2011)."""
    return view.best(mutual_information_scores(view.monte_carlo_probabilities(passes)), k)


def mutual_information_scores(passes: Iterable[np.ndarray]) -> np.ndarray:
    """Return H(mean of the passes) - mean of H(pass) in bits, float64 [n].

    passes: probabilities [n, classes] of one pass after another, at least one. Only sums of them are kept.
    Source: Houlsby et al. 2011, eq. 2, the expectations over Monte Carlo dropout (Gal et al. 2017).
    """
    count = 0
    total, entropy = np.zeros(()), np.zeros(())
    for probabilities in passes:
        total = total + probabilities  # (pool, classes), float64
        entropy = entropy + entropy_scores(probabilities)  # (pool)
        count += 1
    return entropy_scores(total / count) - entropy / count
