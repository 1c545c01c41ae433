"""The other CAL of 2021, contrastive active learning: close to labelled instances, and predicted differently."""

import numpy as np
import torch

from cartography_al.acquisition.distances import aligned, squared_norms
from cartography_al.acquisition.view import PoolView


def contrastive(view: PoolView, k: int, *, neighbours: int) -> np.ndarray:
    """Choose where the nearest labelled instances' predictions diverge most from the candidate's own.

    Source: Margatina et al. 2021, Algorithm 1, the neighbours by Psi.
    """
    return view.best(contrastive_scores(view, neighbours), k)


def contrastive_scores(view: PoolView, neighbours: int) -> np.ndarray:
    """Return the mean of KL(p(neighbour) || p(candidate)) in nats over the nearest labelled ones, float64 [pool].

    neighbours: how many; all of the labelled set where it is smaller. Distances are Euclidean, between Psi.
    """
    neighbours = min(neighbours, len(view.labelled_ids))
    labelled = view.labelled_representations
    transposed, norms = aligned(labelled).T, torch.from_numpy(squared_norms(labelled))
    labelled_p = np.asarray(view.labelled_probabilities, dtype=np.float64)  # (labelled, classes)
    negentropy = (labelled_p * safe_log(labelled_p)).sum(axis=1)  # (labelled)
    scores = np.empty(len(view.pool_ids))
    for rows, probabilities, psi in view.pool_blocks():
        # Squared distances, less the candidate's own norm, which does not change the order.
        relative = torch.addmm(norms, torch.from_numpy(psi), transposed, alpha=-2)  # (block, labelled)
        nearest = torch.topk(relative, neighbours, largest=False, sorted=False).indices.numpy()
        # The mean over neighbours of sum p log p - sum p log q.
        cross = (labelled_p[nearest].mean(axis=1) * safe_log(probabilities.astype(np.float64))).sum(axis=1)
        scores[rows] = negentropy[nearest].mean(axis=1) - cross
    return scores


def safe_log(p: np.ndarray) -> np.ndarray:
    """Natural logarithm; the smallest float32 stands for a probability that was rounded to 0."""
    return np.log(np.maximum(p, np.finfo(np.float32).tiny))
