"""Margin sampling."""

import numpy as np

from cartography_al.acquisition.view import PoolView


def margin(view: PoolView, k: int) -> np.ndarray:
    """Choose where the two most probable classes are closest (Scheffer et al. 2001)."""
    return view.best(margin_scores(view.pool_probabilities), k)


def margin_scores(probabilities: np.ndarray) -> np.ndarray:
    """Return p(second class) - p(first class), float [n], at most 0. probabilities: [n, classes], two classes or more.

    Source: Scheffer et al. 2001, the negated margin, so that higher is picked.
    """
    in_order = np.sort(probabilities, axis=1)
    return in_order[:, -2] - in_order[:, -1]
