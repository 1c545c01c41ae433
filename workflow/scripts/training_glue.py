"""What the scripts that train share: the data set as the package wants it, settings, device."""

from typing import Any

import torch
from glue import read_json

from cartography_al.active_learning.data import LabelledFeatures
from cartography_al.datasets.splits import read_description, read_labels
from cartography_al.errors import ConfigError
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


def training_device(wanted: str) -> str:
    """Return "cuda" or "cpu" for the configuration's device, and keep torch to one thread and full precision.

    The device is read from the configuration and is no parameter of a rule: another one does not call for a rerun.
    """
    torch.set_num_threads(1)
    torch.backends.cuda.matmul.allow_tf32 = False
    available = torch.cuda.is_available()
    if wanted == "cuda" and not available:
        raise ConfigError("device: cuda is wanted, and torch sees no CUDA device here; use auto or cpu")
    return "cuda" if wanted != "cpu" and available else "cpu"
