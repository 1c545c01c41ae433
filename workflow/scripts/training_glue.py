"""What the scripts that train share: the data set as the package wants it, settings."""

from typing import Any

from glue import read_json

from cartography_al.active_learning.data import LabelledFeatures
from cartography_al.datasets.splits import read_description, read_labels
from cartography_al.features.arrays import read_features
from cartography_al.learning.models import ClassifierSettings


def labelled_features(name: str, files: Any) -> LabelledFeatures:
    """Load a data set from the inputs that common.smk's `learning_inputs` names."""
    description, features = read_description(files.description), read_json(files.features)
    return LabelledFeatures(
        name=name,
        classes=tuple(description["classes"]),
        train_features=read_features(files.train_features),
        train_labels=read_labels(files.train),
        test_features=read_features(files.test_features),
        test_labels=read_labels(files.test),
        fingerprint={
            f"{split} {what}": source[split]["sha256"]
            for split in ("train", "test")
            for what, source in (("texts", description["splits"]), ("features", features["splits"]))
        },
    )


def classifier_settings(values: dict[str, Any]) -> ClassifierSettings:
    """Return the settings that common.smk put together."""
    return ClassifierSettings(**{**values, "betas": tuple(values["betas"])})
