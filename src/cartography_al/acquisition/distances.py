"""Squared Euclidean distances from many rows to few, and the clustering that is built on them. No strategy.

Rows are float32 [n, d] and may lie in a file: beside them, only vectors [n] are kept. Products are torch's, over blocks
of rows that stay in the processor's cache.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

BLOCK = 512  # rows
RESOLUTION = 1e-6
"""A squared distance under this share of both squared norms is rounding: float32 knows seven digits of each product."""


def squared_norms(rows: np.ndarray) -> np.ndarray:
    """Return |row|^2, float32 [n]."""
    return np.einsum("ij,ij->i", rows, rows)


def from_one(rows: np.ndarray, norms: np.ndarray, position: int) -> np.ndarray:
    """Return the squared distance of every row to the one at `position`, float32 [n]; equal rows have exactly 0.

    norms: what `squared_norms` gives for the rows.
    """
    return from_products(torch.mv(torch.from_numpy(rows), aligned(rows[position])).numpy(), norms, position)


def from_products(products: np.ndarray, norms: np.ndarray, position: int) -> np.ndarray:
    """Return |a|^2 + |b|^2 - 2ab, float32 [n], for the products ab of every row a with the row b at `position`."""
    both = norms + norms[position]
    distances = both - 2 * products
    distances[distances < RESOLUTION * both] = 0
    return distances


def to_nearest(rows: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's squared distance to its nearest centre, float32 [n], and which centre that is, int64 [n].

    centres: float32 [m, d], at least one. Of centres that are equally near, the first counts.
    """
    distances, nearest = np.empty(len(rows), dtype=np.float32), np.empty(len(rows), dtype=np.int64)
    transposed = aligned(centres).T
    centre_norms = torch.from_numpy(squared_norms(centres))
    products = torch.empty(BLOCK, len(centres))
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        relative = products[: len(distances[block])]  # (block, m)
        torch.addmm(centre_norms, torch.from_numpy(rows[block]), transposed, alpha=-2, out=relative)
        least, which = relative.min(1)
        both = squared_norms(rows[block])
        distances[block] = least.numpy() + both
        nearest[block] = which.numpy()
        both += centre_norms[which].numpy()
        distances[block][distances[block] < RESOLUTION * both] = 0
    return distances, nearest


def k_means_plus_plus(
    distances_to: Callable[[int], np.ndarray], first: int, count: int, stream: np.random.Generator
) -> list[int]:
    """Draw `count` different positions, each with a probability in proportion to its squared distance to those drawn.

    distances_to(position): the squared distance of every row to that one, float32 [n].
    Where all that is left has distance 0, the lowest positions are taken.
    Source: Arthur & Vassilvitskii 2007, section 2.2.
    """
    chosen = [first]
    nearest = distances_to(first)
    for _ in range(count - 1):
        cumulative = np.cumsum(nearest, dtype=np.float64)
        drawn = stream.random() * cumulative[-1]  # also where it is not needed: a later draw must not depend on it
        if cumulative[-1] > 0:
            last = np.searchsorted(cumulative, cumulative[-1])  # that adds anything: the product may be rounded up
            position = min(np.searchsorted(cumulative, drawn, side="right"), last)
        else:
            position = np.setdiff1d(np.arange(len(chosen) + 1), chosen)[0]
        chosen.append(int(position))
        nearest = np.minimum(nearest, distances_to(chosen[-1]))
        nearest[chosen] = 0
    return chosen


def k_means(
    rows: np.ndarray, clusters: int, stream: np.random.Generator, rounds: int = 100
) -> tuple[np.ndarray, np.ndarray]:
    """Cluster rows; return each row's squared distance to its centre, float32 [n], and its cluster, int64 [n].

    rows: float32 [n, d], writable, n >= clusters. Starts from `k_means_plus_plus`; ends, as scikit-learn does, when the
    centres' squared moves add up to no more than 1e-4 of the features' mean variance, or after `rounds`.
    A cluster that loses all its rows keeps its centre.
    Source: Lloyd 1982.
    """
    norms = squared_norms(rows)
    first = int(stream.integers(len(rows)))
    centres = rows[k_means_plus_plus(lambda position: from_one(rows, norms, position), first, clusters, stream)]
    mean = rows.mean(axis=0, dtype=np.float64)
    variance = max((norms.sum(dtype=np.float64) / len(rows) - (mean**2).sum()) / rows.shape[1], 0.0)
    for _ in range(rounds):
        _, cluster = to_nearest(rows, centres)
        moved = _means(rows, cluster, centres)
        shift = float(((moved - centres) ** 2).sum(dtype=np.float64))
        centres = moved
        if shift <= 1e-4 * variance:
            break
    _, cluster = to_nearest(rows, centres)
    distances = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), BLOCK):  # from differences, which tell the nearest of a small, far cluster
        block = slice(start, start + BLOCK)
        distances[block] = squared_norms(rows[block] - centres[cluster[block]])
    return distances, cluster


def nearest_of_each(distances: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Return for each cluster that has rows, in their order, the position of the nearest to its centre, int64.

    distances, cluster: what `k_means` returns. Ties go to the lower position.
    """
    order = np.lexsort((distances, cluster))
    return order[np.unique(cluster[order], return_index=True)[1]]


def _means(rows: np.ndarray, cluster: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return the mean of each cluster's rows, float32 [clusters, d], or its centre where there are none."""
    sums = torch.zeros(centres.shape)
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        sums.index_add_(0, torch.from_numpy(cluster[block]), torch.from_numpy(rows[block]))
    counts = np.bincount(cluster, minlength=len(centres))[:, None]
    return np.where(counts > 0, sums.numpy() / np.maximum(counts, 1), centres).astype(np.float32)


def aligned(values: np.ndarray) -> Tensor:
    """Return a copy in torch's own memory, whose alignment, and so the last bits of a product, is always the same."""
    return torch.from_numpy(np.ascontiguousarray(values)).clone()
