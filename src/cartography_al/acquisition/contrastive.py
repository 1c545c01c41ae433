"""The other CAL of 2021, contrastive active learning: close to labelled instances, and predicted differently."""

import numpy as np
import torch

from cartography_al.acquisition.distances import aligned, squared_norms
from cartography_al.acquisition.view import PoolView
from cartography_al.learning.training import PREDICTION_BLOCK


def contrastive(view: PoolView, k: int, *, neighbours: int) -> np.ndarray:
    """Choose where the nearest labelled instances' predictions diverge most from the candidate's own.

    Source: Margatina et al. 2021, Algorithm 1, the neighbours by Psi.
    """
    return view.best(contrastive_scores(view, neighbours), k)


def contrastive_scores(view: PoolView, neighbours: int) -> np.ndarray:
    """Return the mean of KL(p(neighbour) || p(candidate)) in nats over the nearest labelled ones, float64 [pool].

    neighbours: how many; all of the labelled set where it is smaller, and more where several are as far as the last.
    Distances are Euclidean, between Psi.
    """
    neighbours = min(neighbours, len(view.labelled_ids))
    labelled = view.labelled_representations
    transposed, norms = aligned(labelled).T, torch.from_numpy(squared_norms(labelled))
    labelled_p = np.asarray(view.labelled_probabilities, dtype=np.float64)  # (labelled, classes)
    negentropy = (labelled_p * safe_log(labelled_p)).sum(axis=1, keepdims=True)
    of_labelled = np.hstack([labelled_p, negentropy, np.ones_like(negentropy)])  # (labelled, classes + 2)
    products = torch.empty(PREDICTION_BLOCK, len(labelled))
    scores = np.empty(len(view.pool_ids))
    for rows, probabilities, psi in view.pool_blocks():
        # Squared distances, less the candidate's own norm, which does not change the order.
        relative = products[: len(psi)]  # (block, labelled)
        torch.addmm(norms, torch.from_numpy(psi), transposed, alpha=-2, out=relative)
        last = np.partition(relative.numpy(), neighbours - 1, axis=1)[:, neighbours - 1 : neighbours]
        sums = (relative.numpy() <= last) @ of_labelled  # (block, classes + 2), over the neighbours
        # The mean of sum p log p - sum p log q.
        cross = (sums[:, :-2] * safe_log(probabilities.astype(np.float64))).sum(axis=1)
        scores[rows] = (sums[:, -2] - cross) / sums[:, -1]
    return scores


def safe_log(p: np.ndarray) -> np.ndarray:
    """Natural logarithm; the smallest float32 stands for a probability that was rounded to 0."""
    return np.log(np.maximum(p, np.finfo(np.float32).tiny))
