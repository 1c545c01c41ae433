"""Wrong labels on purpose, to see what becomes of them."""

from dataclasses import replace

import numpy as np

from cartography_al.datasets.dataset import Dataset
from cartography_al.seeding import generator


def with_label_noise(dataset: Dataset, share: float, seed: int) -> Dataset:
    """The data set with a share of its training labels wrong, and `wrong_ids` that says which. The test set stays."""
    labels, wrong_ids = plant_errors(dataset.train["label"].to_numpy(), len(dataset.classes), share, seed)
    return replace(dataset, train=dataset.train.assign(label=labels), wrong_ids=tuple(wrong_ids.tolist()))


def plant_errors(labels: np.ndarray, classes: int, share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Give a share of the instances another label, drawn uniformly.

    labels: integers [N], below `classes`, at least 2.
    Returns the labels with errors, of the same type, and int64 instance ids of the errors, ascending.
    """
    stream = generator(seed, 0, "planted label errors")
    wrong_ids = np.sort(stream.choice(len(labels), size=round(share * len(labels)), replace=False))
    changed = labels.copy()
    shifts = stream.integers(1, classes, size=len(wrong_ids))
    changed[wrong_ids] = (labels[wrong_ids] + shifts) % classes
    return changed, wrong_ids
