"""A data set that is ready to learn from: features and labels, row = instance id."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cartography_al.errors import DataError


@dataclass(frozen=True)
class LabelledFeatures:
    """One data set, ready to learn from. Row i of a split's arrays is its instance i."""

    name: str
    classes: tuple[str, ...]
    train_features: np.ndarray  # float32 [N, d], memory-mapped
    train_labels: np.ndarray  # int16 [N]
    test_features: np.ndarray  # float32 [M, d]
    test_labels: np.ndarray  # int16 [M]
    fingerprint: Mapping[str, str]  # hashes of the texts and features

    def __post_init__(self) -> None:
        """Refuse files that are not of one run, before a wrong row is learned from."""
        for split, features, labels in (
            ("train", self.train_features, self.train_labels),
            ("test", self.test_features, self.test_labels),
        ):
            if len(features) != len(labels) or features.shape[1] != self.train_features.shape[1]:
                raise DataError(
                    f"{self.name}: {split} has {len(labels)} texts and features of the shape {list(features.shape)}; "
                    "delete the features, so that the pipeline writes them again"
                )
            if labels.max(initial=0) >= len(self.classes):
                raise DataError(
                    f"{self.name}: {split} has the label {labels.max()} and the data set {len(self.classes)} classes; "
                    "delete its folder under data, so that the pipeline writes it again"
                )
