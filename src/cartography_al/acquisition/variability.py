"""CAL without a class boundary, ours: variability is predicted, and the most ambiguous are chosen."""

import numpy as np
import torch

from cartography_al.acquisition.view import PoolView
from cartography_al.learning.dynamics import variability


def cal_variability(view: PoolView, k: int, *, penalty: float) -> np.ndarray:
    """Choose where the predicted variability is highest. Ours, not the paper's."""
    return view.best(variability_scores(view, penalty), k)


def variability_scores(view: PoolView, penalty: float) -> np.ndarray:
    """Return the variability that ridge regression from Psi predicts over the pool, float64 [pool].

    It learns from the labelled set, whose variability (Zhang & Plank 2021, eq. 2) its training has shown.
    penalty: of the squared weights, in units of Psi's mean squared deviation, summed over the labelled set.
    """
    psi = torch.from_numpy(view.labelled_representations).double()  # (labelled, hidden)
    target = torch.from_numpy(variability(view.record.gold_probability))
    centre = psi.mean(0)
    psi -= centre
    covariance = psi.T @ psi  # (hidden, hidden)
    covariance.diagonal().add_(penalty * covariance.diagonal().mean())
    products = psi.T @ (target - target.mean())
    # The least squares of the normal equations: Psi of dead units is 0 everywhere, and a penalty of 0 is allowed.
    weights = torch.linalg.lstsq(covariance, products[:, None], driver="gelsd").solution[:, 0]
    scores = np.empty(len(view.pool_ids))
    for rows, _, block in view.pool_blocks():
        scores[rows] = ((torch.from_numpy(block) - centre) @ weights + target.mean()).numpy()
    return scores
