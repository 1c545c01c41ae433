"""acquisition.mutual_information: against hand-made numbers and scikit-activeml."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import softmax

from cartography_al.acquisition.mutual_information import mutual_information, mutual_information_scores
from tests.unit.acquisition.support import random_pool


def test_by_hand():
    """Sure and opposed: one bit. Unsure and agreed: none."""
    passes = np.array([[[1, 0], [0.5, 0.5], [1, 0]], [[0, 1], [0.5, 0.5], [1, 0]]])
    assert mutual_information_scores(iter(passes)).tolist() == [1, 0, 0]


def test_zero_where_all_passes_agree_and_positive_elsewhere():
    passes = softmax(np.random.default_rng(0).normal(0, 2, (10, 50, 4)), axis=2)
    assert mutual_information_scores(passes).min() > 0.01
    assert_allclose(mutual_information_scores(np.repeat(passes[:1], 10, axis=0)), 0, atol=1e-12)


def test_disagreement_is_chosen_before_uncertainty():
    view = random_pool()
    view.passes = np.full((4, len(view.pool_ids), 3), 1 / 3)
    view.passes[:2, 11] = [1, 0, 0]
    view.passes[2:, 11] = [0, 1, 0]
    assert mutual_information(view, 1, passes=4) == view.pool_ids[11]


def test_scores_are_scikit_activemls():
    pool = pytest.importorskip("skactiveml.pool")
    passes = softmax(np.random.default_rng(1).normal(0, 2, (10, 200, 4)), axis=2)
    theirs = pool.batch_bald(passes.copy(), batch_size=1)[0] / np.log(2)  # in nats
    assert_allclose(mutual_information_scores(passes), theirs, rtol=1e-9)
