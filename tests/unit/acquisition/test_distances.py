"""acquisition.distances: against scipy and scikit-learn."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.spatial.distance import cdist

from cartography_al.acquisition.distances import (
    from_one,
    k_means,
    k_means_plus_plus,
    squared_norms,
    to_nearest,
)
from cartography_al.seeding import generator


def rows(n: int = 1200, d: int = 30, seed: int = 0) -> np.ndarray:
    """More than one block of them."""
    return np.random.default_rng(seed).normal(3, 1, (n, d)).astype(np.float32)


def test_distances_are_scipys():
    points, centres = rows(), rows(40, seed=1)
    expected = cdist(points, centres, "sqeuclidean")
    distances, nearest = to_nearest(points, centres)
    assert_allclose(distances, expected.min(axis=1), rtol=1e-3)
    assert_array_equal(nearest, expected.argmin(axis=1))
    expected = cdist(points, points[[7]], "sqeuclidean")[:, 0]
    assert_allclose(from_one(points, squared_norms(points), 7), expected, rtol=1e-3)


def test_equal_rows_have_a_distance_of_exactly_zero():
    """Whichever block they lie in."""
    points = rows()
    points[[100, 555, 1199]] = points[3]
    distances = from_one(points, squared_norms(points), 555)
    assert_array_equal(np.flatnonzero(distances == 0), [3, 100, 555, 1199])
    assert_array_equal(np.flatnonzero(to_nearest(points, points[[3]])[0] == 0), [3, 100, 555, 1199])


def test_centres_are_drawn_by_their_squared_distance():
    """Of 0, 1, and 3 on a line, 3 follows 0 nine times in ten."""
    line = np.array([[0.0], [1.0], [3.0]], dtype=np.float32)
    norms = squared_norms(line)
    drawn = [
        k_means_plus_plus(lambda position: from_one(line, norms, position), 0, 2, generator(seed, 0, "test"))[1]
        for seed in range(2000)
    ]
    assert abs(drawn.count(2) / 2000 - 0.9) < 5 * (0.9 * 0.1 / 2000) ** 0.5
    assert 0 not in drawn


def test_every_row_can_be_drawn_and_none_twice():
    points = rows(30)
    points[10:] = points[0]
    norms = squared_norms(points)
    drawn = k_means_plus_plus(lambda position: from_one(points, norms, position), 4, 30, generator(0, 0, "test"))
    assert sorted(drawn) == list(range(30))
    assert sorted(drawn[10:]) == drawn[10:]  # copies, by the lower position


def test_k_means_finds_what_scikit_learn_finds():
    cluster = pytest.importorskip("sklearn.cluster")
    points = rows(900, 5) + 40 * np.eye(5, dtype=np.float32)[np.arange(900) % 3]
    distances, found = k_means(points, 3, generator(0, 0, "test"))
    theirs = cluster.KMeans(3, n_init=5, random_state=0).fit(points)
    assert_allclose(distances.sum(), theirs.inertia_, rtol=1e-4)
    assert len({*zip(found.tolist(), theirs.labels_.tolist(), strict=True)}) == 3


def test_k_means_is_as_good_as_scikit_learns_where_nothing_is_separate():
    cluster = pytest.importorskip("sklearn.cluster")
    points = rows(900, 5)
    inertia = min(k_means(points, 8, generator(seed, 0, "test"))[0].sum() for seed in range(5))
    assert inertia < 1.02 * cluster.KMeans(8, n_init=5, random_state=0).fit(points).inertia_


def test_k_means_of_copies_leaves_clusters_empty():
    points = np.ones((20, 3), dtype=np.float32)
    distances, found = k_means(points, 4, generator(0, 0, "test"))
    assert not distances.any()
    assert len(set(found.tolist())) == 1
