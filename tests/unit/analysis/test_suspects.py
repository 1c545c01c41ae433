"""Suspects: their order, the regions of a data map, and how many planted label errors they find."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_classification
from sklearn.metrics import roc_auc_score

from cartography_al.active_learning.data import LabelledFeatures
from cartography_al.active_learning.main_classifier import data_map, train_main_classifier
from cartography_al.analysis.suspects import found_errors, regions, suspects
from cartography_al.datasets.label_noise import plant_errors
from cartography_al.learning.models import ClassifierSettings
from cartography_al.protocol import Protocol


def test_suspects_stand_by_correctness_then_confidence_then_instance() -> None:
    frame = pd.DataFrame(
        {
            "instance_id": [4, 3, 2, 1, 0],
            "correctness": [0.5, 0.0, 0.0, 0.0, 1.0],
            "confidence": [0.1, 0.3, 0.2, 0.2, 0.0],
        }
    )
    assert suspects(frame)["instance_id"].tolist() == [1, 2, 3, 4, 0]


def test_regions_are_thirds_and_keep_the_index() -> None:
    frame = pd.DataFrame(
        {"confidence": [0.1, 0.9, 0.5, 0.2, 0.8, 0.6], "variability": [0.4, 0.0, 0.1, 0.0, 0.0, 0.3]},
        index=list("abcdef"),
    )
    found = regions(frame)
    assert found.index[found["hard"]].tolist() == ["a", "d"]
    assert found.index[found["easy"]].tolist() == ["b", "e"]
    assert found.index[found["ambiguous"]].tolist() == ["a", "f"]


def test_the_share_and_area_of_found_errors_agree_with_sklearn() -> None:
    ordered = np.random.default_rng(0).permutation(200)
    wrong_ids = np.flatnonzero(np.arange(200) % 7 == 0)
    found = found_errors(ordered, wrong_ids)
    is_wrong = np.isin(ordered, wrong_ids)
    assert found.roc_area == pytest.approx(roc_auc_score(is_wrong, -np.arange(200)))
    assert found.first_share == is_wrong[: len(wrong_ids)].mean()
    assert found_errors(np.argsort(~np.isin(np.arange(200), wrong_ids), kind="stable"), wrong_ids).roc_area == 1.0


@pytest.mark.parametrize("wrong_ids", [[], [0, 1, 2]])
def test_no_errors_and_errors_alone_cannot_be_told_apart(wrong_ids: list[int]) -> None:
    with pytest.raises(ValueError, match="some, and not all"):
        found_errors(np.arange(3), np.array(wrong_ids, dtype=np.int64))


def test_planted_label_errors_stand_first_among_the_suspects() -> None:
    features, labels = make_classification(
        1000, 20, n_informative=12, n_classes=3, class_sep=1.5, flip_y=0, random_state=0
    )
    features = features.astype(np.float32)
    planted, wrong_ids = plant_errors(labels.astype(np.int16), 3, 0.05, seed=1)
    data = LabelledFeatures("made up", ("a", "b", "c"), features, planted, features[:9], planted[:9], {})
    settings = ClassifierSettings(
        hidden_layers=3,
        hidden_size=50,
        dropout=0.3,
        learning_rate=0.001,
        betas=(0.9, 0.999),
        epsilon=1e-8,
        weight_decay=0.01,
        epochs=8,
        batch_size=16,
    )
    ids = np.arange(1000)
    trained = train_main_classifier(data, ids, 1, 0, settings, Protocol())
    found = found_errors(suspects(data_map(data, ids, trained.record))["instance_id"].to_numpy(), wrong_ids)
    assert found.first_share > 0.5, "chance: 0.05"
    assert found.roc_area > 0.9, "chance: 0.5"
