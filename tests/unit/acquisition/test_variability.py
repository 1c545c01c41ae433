"""acquisition.variability: against scikit-learn's ridge regression."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from cartography_al.acquisition.variability import cal_variability, variability_scores
from cartography_al.learning.dynamics import TrainingRecord, variability
from tests.unit.acquisition.support import random_pool


def test_scores_are_those_of_ridge_regression():
    linear_model = pytest.importorskip("sklearn.linear_model")
    view = random_pool()
    gold = np.random.default_rng(5).random((6, 40)).astype(np.float32)
    view.record = TrainingRecord(gold, gold > 0.5)
    psi = view.labelled_representations.astype(np.float64)
    ridge = linear_model.Ridge(alpha=0.1 * psi.var(axis=0).mean() * len(psi)).fit(psi, variability(gold))
    assert_allclose(variability_scores(view, 0.1), ridge.predict(view.pool_representations), rtol=1e-5)


def test_the_most_ambiguous_are_chosen():
    """Variability that is the first unit's: the pool's highest of it come first."""
    view = random_pool()
    first = view.labelled_representations[:, 0] / 10
    gold = np.stack([0.5 - first, 0.5 + first])  # standard deviation: first
    view.record = TrainingRecord(gold.astype(np.float32), gold > 0.5)
    chosen = cal_variability(view, 5, penalty=1e-6)
    assert_array_equal(chosen, view.pool_ids[np.argsort(-view.pool_representations[:, 0])[:5]])
