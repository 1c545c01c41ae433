"""The random baseline and the strategies that look at the trained model's probabilities alone."""

import numpy as np

from cartography_al.acquisition.view import PoolView


def random(view: PoolView, k: int, *, replicate: int = 1) -> np.ndarray:
    """Choose uniformly. One number is drawn for each training instance, so the choice does not depend on row order.

    replicate: another one makes other choices with the same seed, from the same seed set and weights; two of them
    differ by nothing else.
    """
    purpose = "random" if replicate == 1 else f"random, replicate {replicate}"
    return view.best(view.stream(purpose).random(len(view.features))[view.pool_ids], k)


def least_confidence(view: PoolView, k: int) -> np.ndarray:
    """Choose where the most probable class is least probable (Culotta & McCallum 2005)."""
    return view.best(least_confidence_scores(view.pool_probabilities), k)


def entropy(view: PoolView, k: int) -> np.ndarray:
    """Choose where the entropy over the classes is highest (Dagan & Engelson 1995)."""
    return view.best(entropy_scores(view.pool_probabilities), k)


def bald(view: PoolView, k: int, *, passes: int) -> np.ndarray:
    """Choose where the entropy of the mean of `passes` Monte Carlo dropout passes is highest.

    This is predictive entropy, which the paper describes under the name BALD; it is not the mutual information of
    Houlsby et al. (2011). D12: the released code averages log-probabilities.
    """
    drawn = view.monte_carlo_probabilities(passes)  # (pool, classes) each, of which only the sum is kept, in float64
    if view.protocol.bald_mean == "probabilities":
        mean = sum(drawn, np.zeros(())) / passes
    else:
        logs = (np.log(np.maximum(p, np.finfo(p.dtype).tiny), dtype=np.float64) for p in drawn)
        mean = np.exp(sum(logs, np.zeros(())) / passes)
        mean /= mean.sum(axis=1, keepdims=True)
    return view.best(entropy_scores(mean), k)


def least_confidence_scores(probabilities: np.ndarray) -> np.ndarray:
    """Return 1 - max_y p(y), float [n]. probabilities: [n, classes]. Source: Zhang & Plank 2021, section 4.2."""
    return 1 - probabilities.max(axis=1)


def entropy_scores(probabilities: np.ndarray) -> np.ndarray:
    """Return -sum_y p log2 p in bits, float64 [n], with 0 log 0 = 0. probabilities: [n, classes].

    Source: Zhang & Plank 2021, section 4.2.
    """
    p = probabilities.astype(np.float64)
    return -(p * np.log2(p, where=p > 0, out=np.zeros_like(p))).sum(axis=1)
