"""The labelled set that a run starts from."""

import pkgutil
from typing import Literal

import numpy as np

from cartography_al import seeding
from cartography_al.errors import DataError
from cartography_al.protocol import Protocol

Draw = Literal["random", "stratified", "diverse"]

# By its name, as strategies are: only runs that draw so depend on its room.
DIVERSE = "cartography_al.active_learning.diverse_seed_set:diverse_ids"
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
        return pkgutil.resolve_name(DIVERSE)(features, size, seeding.generator(seed, 0, "seed set"))
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
