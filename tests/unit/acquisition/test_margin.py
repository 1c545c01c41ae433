"""acquisition.margin: against hand-made numbers and scikit-activeml."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import softmax

from cartography_al.acquisition.margin import margin, margin_scores
from tests.unit.acquisition.support import random_pool


def test_by_hand():
    probabilities = np.array([[1, 0, 0], [0.5, 0.5, 0], [0.25, 0.5, 0.25], [0.3, 0.3, 0.4]])
    assert_allclose(margin_scores(probabilities), [-1, 0, -0.25, -0.1], atol=1e-15)


def test_the_closest_is_chosen_first():
    view = random_pool()
    view.pool_probabilities[17] = [0.5, 0.5, 0]
    assert margin(view, 3)[0] == view.pool_ids[17]


def test_scores_are_scikit_activemls():
    pool = pytest.importorskip("skactiveml.pool")
    probabilities = softmax(np.random.default_rng(0).normal(0, 2, (200, 4)), axis=1)
    theirs = pool.uncertainty_scores(probabilities, method="margin_sampling")  # one minus the margin
    assert_allclose(margin_scores(probabilities), theirs - 1, rtol=1e-9)
