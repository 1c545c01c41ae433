"""Whether features tell texts apart."""

import numpy as np
import pytest

from cartography_al.features.quality import complaints, mean_cosine


def test_mean_cosine_is_that_of_all_pairs() -> None:
    features = np.random.default_rng(0).normal(1, 2, (40, 5)).astype(np.float32)
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    pairs = (unit @ unit.T)[~np.eye(40, dtype=bool)]
    assert mean_cosine(features) == pytest.approx(pairs.mean(), abs=6e-5)
    with_zeros = np.vstack([features, np.zeros((9, 5), np.float32)])
    assert mean_cosine(with_zeros) == mean_cosine(features)


def test_a_sample_stands_for_many_texts() -> None:
    features = np.random.default_rng(0).normal(1, 1, (5000, 20)).astype(np.float32)
    assert mean_cosine(features) == mean_cosine(features.copy()) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("features", [np.zeros((9, 3)), np.ones((9, 3)), np.ones((1, 3))])
def test_what_cannot_tell_texts_apart_is_1(features: np.ndarray) -> None:
    assert mean_cosine(features.astype(np.float32)) == 1


def test_complaints_name_the_key() -> None:
    assert complaints({"rows": 10, "mean_cosine": 0.6, "texts_without_known_words": 2}, "key") == []
    assert complaints({"rows": 10, "mean_cosine": 0.9}, "key") == []  # an encoder counts no words
    alike, unknown = complaints({"rows": 10, "mean_cosine": 0.99, "texts_without_known_words": 3}, "key")
    assert "nearly equal (mean cosine 0.990)" in alike
    assert alike.endswith("turn key")
    assert unknown == "3 of 10 training texts hold no word that the vectors know: turn key"
