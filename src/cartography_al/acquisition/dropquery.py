"""DropQuery, made for frozen features: one of each cluster of what is predicted otherwise under dropout on them."""

import numpy as np

from cartography_al.acquisition.distances import k_means, nearest_of_each
from cartography_al.acquisition.view import PoolView
from cartography_al.learning.training import predict, scratch_array

BLOCK = 4096  # rows whose features are copied at once


def dropquery(view: PoolView, k: int, *, dropout: float, passes: int) -> np.ndarray:
    """Cluster the features of the inconsistent instances into k clusters, and choose the nearest to each centre.

    Inconsistent: another class than the model's in more than half of the passes. If there are no more than k, the most
    inconsistent are chosen. Best first: of the largest cluster first.
    Source: Gupte et al. 2024, section 3.
    """
    view.check_size(k)
    disagreements = count_disagreements(view, dropout, passes)
    candidates = np.flatnonzero(2 * disagreements > passes)  # positions in the pool
    if len(candidates) <= k or not k:
        return view.best(disagreements.astype(np.float64), k)
    features = scratch_array((len(candidates), view.features.shape[1]))
    np.take(view.features, view.pool_ids[candidates], axis=0, out=features, mode="clip")
    distances, cluster = k_means(features, k, view.stream("DropQuery: clusters"))
    nearest = nearest_of_each(distances, cluster)  # positions among the candidates
    sizes = np.bincount(cluster)[cluster[nearest]]
    ids = view.pool_ids[candidates[nearest[np.lexsort((nearest, -sizes))]]]
    others = view.best(disagreements.astype(np.float64), k - len(ids), candidates=~np.isin(view.pool_ids, ids))
    return np.concatenate([ids, others])  # others only where a cluster came out empty, among equal features


def count_disagreements(view: PoolView, dropout: float, passes: int) -> np.ndarray:
    """Return in how many passes with dropout on the features the model predicts another class, int64 [pool].

    dropout: probability with which a feature is 0 in a pass; what is kept is scaled by 1 / (1 - dropout).
    """
    predicted = view.pool_probabilities.argmax(axis=1)
    disagreements = np.zeros(len(predicted), dtype=np.int64)
    stream = view.stream("DropQuery: dropout")
    for _ in range(passes):
        for start in range(0, len(predicted), BLOCK):
            block = slice(start, start + BLOCK)
            features = view.features[view.pool_ids[block]]  # (block, d)
            features *= stream.integers(0, 2**16, features.shape, dtype=np.uint16) >= round(dropout * 2**16)
            features *= np.float32(1 / (1 - dropout))
            disagreements[block] += predict(view.model, features)[0].argmax(axis=1) != predicted[block]
    return disagreements
