"""acquisition.uncertainty: what it promises, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import softmax

from cartography_al.acquisition.uncertainty import (
    entropy,
    entropy_scores,
    least_confidence,
    least_confidence_scores,
    random,
)
from cartography_al.errors import NumericError
from cartography_al.learning.models import Perceptron
from cartography_al.learning.training import predict
from cartography_al.protocol import AS_WRITTEN
from cartography_al.seeding import generator
from tests.unit.acquisition.support import (
    CLASSES,
    INPUTS,
    INSTANCES,
    LABELLED_IDS,
    MAIN,
    POOL_IDS,
    best_first,
    load,
    make_data,
    make_view,
)

bald = load("bald")


def test_features_that_are_no_numbers_name_the_instance():
    features = make_data().train_features.copy()
    features[POOL_IDS[9]] = np.nan
    with pytest.raises(NumericError, match=rf"predicted probability is NaN or infinite .*\(ids {POOL_IDS[9]}\)"):
        least_confidence(make_view(features=features), 3)


def test_random_is_uniform():
    """Each of 60 instances is in a batch of 20 a third of the time, within five standard errors."""
    times = np.zeros(INSTANCES)
    for seed in range(600):
        times[random(make_view(seed=seed), 20)] += 1
    spread = (600 * (1 / 3) * (2 / 3)) ** 0.5
    assert np.abs(times[POOL_IDS] - 200).max() < 5 * spread
    assert times[LABELLED_IDS].sum() == 0


def test_random_draws_for_instances_and_not_for_rows():
    """With the same seed a smaller pool keeps its order, so runs of different strategies stay paired."""
    whole = random(make_view(), len(POOL_IDS))
    part = random(make_view(pool_ids=POOL_IDS[::2]), len(POOL_IDS[::2]))
    assert_array_equal(part, whole[np.isin(whole, POOL_IDS[::2])])


def test_uncertainty_by_hand():
    probabilities = np.array([[1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25], [0.5, 0.5, 0, 0], [0.5, 0.25, 0.125, 0.125]])
    assert least_confidence_scores(probabilities).tolist() == [0, 0.75, 0.5, 0.5]
    assert entropy_scores(probabilities).tolist() == [0, 2, 1, 1.75]  # bits: log2 of four classes is 2


def make_probabilities() -> np.ndarray:
    return softmax(np.random.default_rng(0).normal(0, 2, (200, 4)), axis=1)


def test_uncertainty_is_scikit_activemls():
    """Least confidence and entropy; theirs is in nats, the paper's in bits."""
    pool = pytest.importorskip("skactiveml.pool")
    probabilities = make_probabilities()
    theirs = pool.uncertainty_scores(probabilities, method="least_confident")
    assert_allclose(least_confidence_scores(probabilities), theirs, rtol=1e-14)
    theirs = pool.uncertainty_scores(probabilities, method="entropy") / np.log(2)
    assert_allclose(entropy_scores(probabilities), theirs, rtol=1e-12)


@pytest.mark.parametrize(("select", "score"), [(least_confidence, least_confidence_scores), (entropy, entropy_scores)])
def test_uncertainty_strategies_rank_the_trained_models_probabilities(select, score):
    view = make_view()
    probabilities = predict(view.model, view.features, POOL_IDS)[0]
    assert select(view, 20).tolist() == best_first(score(probabilities), 20)


@pytest.mark.parametrize("mean", ["probabilities", "log_probabilities"])
def test_bald_is_the_entropy_of_the_mean_of_the_passes(mean):
    """D12: of probabilities, or the softmax of the mean of log-probabilities, as the released code has it."""
    protocol = replace(AS_WRITTEN, bald_mean=mean)
    passes = np.array(list(make_view(protocol).monte_carlo_probabilities(10)), dtype=np.float64)
    assert passes.shape == (10, len(POOL_IDS), CLASSES)
    assert len({one.tobytes() for one in passes}) == 10
    averaged = passes.mean(axis=0) if mean == "probabilities" else softmax(np.log(passes).mean(axis=0), axis=1)
    scores = -(averaged * np.log2(averaged)).sum(axis=1)
    assert bald(make_view(protocol), 20).tolist() == best_first(scores, 20)


def test_bald_survives_a_probability_of_zero():
    """Log-probabilities of what a pass rounds to zero: the smallest float stands for it."""
    model = Perceptron(INPUTS, CLASSES, MAIN, generator(0, 0, "weights"))
    model.biases[-1].copy_(torch.tensor([200.0, 0.0, 0.0]))
    view = make_view(replace(AS_WRITTEN, bald_mean="log_probabilities"), model=model)
    assert len(bald(view, 5)) == 5
