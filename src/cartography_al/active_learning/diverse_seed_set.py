"""A seed set that covers the features: one instance of each cluster."""

import numpy as np

from cartography_al.acquisition.distances import BLOCK, k_means, nearest_of_each
from cartography_al.learning.training import scratch_array


def diverse_ids(features: np.ndarray, size: int, stream: np.random.Generator) -> np.ndarray:
    """Return the nearest instance to each of `size` k-means centres of the features at unit length, int64, ascending.

    features: float32 [N, d].   Clusters that equal texts leave empty are made up for at random.
    """
    rows = scratch_array((len(features), features.shape[1]))
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        norms = np.linalg.norm(features[block], axis=1, keepdims=True)
        rows[block] = features[block] / np.maximum(norms, np.finfo(np.float32).tiny)
    # Ten rounds: as many clusters as instances are small, and hardly move after that.
    chosen = nearest_of_each(*k_means(rows, size, stream, rounds=10))
    others = stream.permutation(np.setdiff1d(np.arange(len(rows)), chosen))  # for clusters that equal texts leave empty
    return np.sort(np.concatenate([chosen, others[: size - len(chosen)]]))
