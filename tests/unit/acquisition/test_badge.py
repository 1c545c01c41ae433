"""acquisition.badge: the factored distances, the draws, and scikit-activeml's."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.spatial.distance import cdist

from cartography_al.acquisition.badge import GradientEmbeddings, badge
from tests.unit.acquisition.support import PlantedView, random_pool


def made(view: PlantedView) -> np.ndarray:
    """The gradient embeddings [pool, classes x hidden] themselves."""
    p = view.pool_probabilities.astype(np.float64)
    residual = p - np.eye(p.shape[1])[p.argmax(axis=1)]
    return (residual[:, :, None] * view.pool_representations[:, None, :]).reshape(len(p), -1)


def test_distances_are_those_of_the_embeddings_that_are_never_made():
    view = random_pool()
    embeddings = made(view)
    gradients = GradientEmbeddings(view.pool_probabilities, view.pool_representations)
    assert_allclose(gradients.norms, (embeddings**2).sum(axis=1), rtol=1e-4)
    for position in (0, 57, 199):
        expected = cdist(embeddings, embeddings[[position]], "sqeuclidean")[:, 0]
        assert_allclose(gradients.distances_to(position), expected, rtol=1e-4, atol=2e-5)


def test_the_longest_gradient_comes_first():
    view = random_pool()
    assert badge(view, 1) == view.pool_ids[(made(view) ** 2).sum(axis=1).argmax()]


def test_what_is_far_from_the_chosen_is_drawn_more_often():
    """The second of a batch: its probability is its squared distance from the first, within five standard errors."""
    view = random_pool(pool=6)
    embeddings, drawn = made(view), np.zeros(6)
    first = (embeddings**2).sum(axis=1).argmax()
    for seed in range(2000):
        view.seed = seed
        drawn[badge(view, 2)[1] - view.pool_ids[0]] += 1
    distances = ((embeddings - embeddings[first]) ** 2).sum(axis=1)
    expected = distances / distances.sum()
    assert np.all(np.abs(drawn / 2000 - expected) <= 5 * np.sqrt(expected * (1 - expected) / 2000))


def test_copies_of_one_text_are_chosen_once():
    """Until nothing else is left: then by the lower id."""
    view = random_pool(pool=40)
    view.pool_probabilities[10:] = view.pool_probabilities[3]
    view.pool_representations[10:] = view.pool_representations[3]
    copies = set(view.pool_ids[[3, *range(10, 40)]].tolist())
    chosen = badge(view, 12).tolist()
    assert len(copies & set(chosen[:10])) == 1
    assert chosen[10:] == sorted(copies - set(chosen[:10]))[:2]


def test_the_first_and_the_distances_are_scikit_activemls():
    """It takes the origin for a centre beside the first one, which neither Ash et al.'s text nor their code does."""
    pool = pytest.importorskip("skactiveml.pool")
    from tests.unit.acquisition.given_classifier import given

    view = random_pool()
    classifier, rows, labels = given(view)
    strategy = pool.Badge(missing_label=-1, random_state=0)
    chosen, utilities = strategy.query(rows, labels, classifier, fit_clf=False, batch_size=2, return_utilities=True)
    assert_array_equal(chosen[:1], badge(view, 1))
    gradients = GradientEmbeddings(view.pool_probabilities, view.pool_representations)
    ours = np.minimum(gradients.norms, gradients.distances_to(chosen[0] - len(view.labelled_ids)))
    theirs = utilities[1, view.pool_ids]
    assert_allclose((ours / ours.sum())[~np.isnan(theirs)], theirs[~np.isnan(theirs)], rtol=1e-4, atol=1e-7)
