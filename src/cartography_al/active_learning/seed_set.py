"""The labelled set that a run starts from."""

from typing import Literal

import numpy as np

from cartography_al import seeding
from cartography_al.acquisition.distances import BLOCK, k_means, nearest_of_each
from cartography_al.errors import DataError
from cartography_al.learning.training import scratch_array
from cartography_al.protocol import Protocol

Draw = Literal["random", "stratified", "diverse"]

FIXED_SEED_SET = 42  # D13: the released code's random state


def seed_set_ids(
    labels: np.ndarray,
    features: np.ndarray,
    size: int,
    seed: int,
    protocol: Protocol,
    draw: Draw = "stratified",
) -> np.ndarray:
    """Draw the seed set; the same for every strategy with the same seed.

    labels: integers [N], the training split's gold classes. features: float32 [N, d]. Returns int64 [size].
    stratified: each class gets its share of `size`, rounded by largest remainder, and at least one instance.
    random: without a look at the labels, so that a rare class may be missing.
    diverse: as many k-means clusters of the features, at unit length, as instances; the nearest to each centre.
    Under D13's `fixed`, `draw` is not asked.
    Source: Zhang & Plank 2021, section 4.1; D13.   Raises: DataError if `size` does not lie between classes and N.
    """
    classes, class_sizes = np.unique(labels, return_counts=True)
    if not len(classes) <= size <= len(labels):
        raise DataError(
            f"seed_set_size: {size} must be at least the {len(classes)} classes and at most the {len(labels)} texts"
        )
    if protocol.seed_set == "fixed":
        return seeding.generator(FIXED_SEED_SET, 0, "seed set").permutation(len(labels))[:size]
    if draw == "random":
        return np.sort(seeding.generator(seed, 0, "seed set").permutation(len(labels))[:size])
    if draw == "diverse":
        return _diverse_ids(features, size, seeding.generator(seed, 0, "seed set"))
    shares = class_sizes * size / len(labels)
    counts = np.floor(shares).astype(np.int64)
    counts[np.argsort(counts - shares, kind="stable")[: size - counts.sum()]] += 1
    for empty in np.flatnonzero(counts == 0):
        counts[counts.argmax()] -= 1
        counts[empty] = 1
    stream = seeding.generator(seed, 0, "seed set")
    drawn = [
        stream.choice(np.flatnonzero(labels == label), size=count, replace=False)
        for label, count in zip(classes, counts, strict=True)
    ]
    return np.sort(np.concatenate(drawn))


def _diverse_ids(features: np.ndarray, size: int, stream: np.random.Generator) -> np.ndarray:
    rows = scratch_array((len(features), features.shape[1]))
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        norms = np.linalg.norm(features[block], axis=1, keepdims=True)
        rows[block] = features[block] / np.maximum(norms, np.finfo(np.float32).tiny)
    # Ten rounds: as many clusters as instances are small, and hardly move after that.
    chosen = nearest_of_each(*k_means(rows, size, stream, rounds=10))
    others = stream.permutation(np.setdiff1d(np.arange(len(rows)), chosen))  # for clusters that equal texts leave empty
    return np.sort(np.concatenate([chosen, others[: size - len(chosen)]]))
