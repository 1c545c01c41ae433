"""Core-set: batches that cover the pool."""

import numpy as np

from cartography_al.acquisition.distances import from_one, squared_norms, to_nearest
from cartography_al.acquisition.view import PoolView


def core_set(view: PoolView, k: int) -> np.ndarray:
    """Choose, again and again, what is farthest from everything labelled or chosen, by Psi: greedy k-center.

    Ties go to the lower id. Source: Sener & Savarese 2018, Algorithm 1.
    """
    view.check_size(k)
    psi = view.pool_representations  # (pool, hidden)
    norms = squared_norms(psi)
    nearest, _ = to_nearest(psi, view.labelled_representations)  # (pool), to labelled and chosen
    chosen: list[int] = []
    for _ in range(k):
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, from_one(psi, norms, chosen[-1]))
        nearest[chosen] = -1  # never again, even where all else lies on a centre
    return view.pool_ids[chosen]
