"""acquisition.contrastive: against hand-made numbers and scikit-activeml."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from cartography_al.acquisition.contrastive import contrastive, contrastive_scores
from tests.unit.acquisition.support import planted_pool, random_pool


def test_by_hand():
    """Two neighbours on a line, KL in nats, and its direction: the neighbour's p first."""
    labelled_p, labelled_psi = np.array([[0.5, 0.5], [0.9, 0.1], [0.1, 0.9]]), np.array([[0.0], [1.0], [50.0]])
    view = planted_pool(np.array([[0.9, 0.1]]), np.array([[0.6]]), labelled_p, labelled_psi)
    divergence = 0.5 * np.log(0.5 / 0.9) + 0.5 * np.log(0.5 / 0.1)
    assert_allclose(contrastive_scores(view, 2), [(divergence + 0) / 2], rtol=1e-6)
    assert_allclose(contrastive_scores(view, 1), [0], atol=1e-7)


def test_zero_where_the_neighbours_agree_and_positive_elsewhere():
    view = random_pool()
    view.pool_probabilities[:] = [0.2, 0.5, 0.3]
    view.labelled_probabilities[:] = [0.2, 0.5, 0.3]
    assert_allclose(contrastive_scores(view, 10), 0, atol=1e-12)
    view.pool_probabilities[31] = [0.5, 0.2, 0.3]
    assert contrastive_scores(view, 10)[31] > 0.2
    assert contrastive(view, 1, neighbours=10) == view.pool_ids[31]


def test_a_probability_of_zero_is_a_number():
    view = random_pool()
    view.pool_probabilities[3] = [1, 0, 0]
    assert np.isfinite(contrastive_scores(view, 10)).all()


@pytest.mark.parametrize(("neighbours", "used"), [(1, 1), (5, 5), (10, 10), (100, 40)])
def test_scores_are_scikit_activemls(neighbours, used):
    """With fewer labelled instances than neighbours, with all of them."""
    pool = pytest.importorskip("skactiveml.pool")
    from tests.unit.acquisition.given_classifier import given

    view = random_pool()
    classifier, rows, labels = given(view)
    strategy = pool.ContrastiveAL({"n_neighbors": used}, missing_label=-1, random_state=0)
    _, utilities = strategy.query(rows, labels, classifier, fit_clf=False, return_utilities=True)
    assert_allclose(contrastive_scores(view, neighbours), utilities[0, view.pool_ids], rtol=1e-4, atol=1e-6)
