"""acquisition.dropquery: what counts as inconsistent, and which of each cluster is chosen."""

from dataclasses import replace

import numpy as np
import pytest

from cartography_al.acquisition import dropquery as room
from cartography_al.acquisition.dropquery import count_disagreements, dropquery
from cartography_al.learning.models import Perceptron
from cartography_al.seeding import generator
from tests.unit.acquisition.support import CLASSES, INPUTS, MAIN, POOL_IDS, make_view


def clustered_view(monkeypatch, inconsistent):
    """A view whose pool has features around 0, 100 and 1,000 (20 instances each), of which some are inconsistent."""
    features = np.zeros((90, 2), dtype=np.float32)
    noise = np.random.default_rng(0).normal(0, 1, (60, 2))
    features[POOL_IDS] = noise + np.repeat([0, 100, 1000], 20)[:, None]
    counts = np.zeros(60, dtype=np.int64)
    counts[inconsistent] = 2
    monkeypatch.setattr(room, "count_disagreements", lambda view, dropout, passes: counts)
    return make_view(features=features)


def test_only_the_inconsistent_are_chosen_and_one_of_each_cluster(monkeypatch):
    inconsistent = [*range(10), *range(20, 26), *range(40, 48)]
    view = clustered_view(monkeypatch, inconsistent)
    chosen = np.searchsorted(POOL_IDS, dropquery(view, 3, dropout=0.75, passes=3))
    assert (chosen // 20).tolist() == [0, 2, 1]  # the largest cluster first
    assert set(chosen) <= set(inconsistent)
    for position in chosen:
        cluster = [other for other in inconsistent if other // 20 == position // 20]
        rows = view.features[POOL_IDS[cluster]]
        assert cluster[((rows - rows.mean(axis=0)) ** 2).sum(axis=1).argmin()] == position


def test_with_too_few_the_most_inconsistent_are_chosen(monkeypatch):
    view = clustered_view(monkeypatch, [7, 50])
    assert np.searchsorted(POOL_IDS, dropquery(view, 4, dropout=0.75, passes=3)).tolist() == [7, 50, 0, 1]


def test_equal_features_leave_clusters_empty_and_the_batch_full(monkeypatch):
    view = clustered_view(monkeypatch, list(range(40)))
    view.features[:] = 1
    chosen = np.searchsorted(POOL_IDS, dropquery(view, 5, dropout=0.75, passes=3))
    assert chosen.tolist() == [0, 1, 2, 3, 4]


def test_more_dropout_more_disagreement():
    model = Perceptron(INPUTS, CLASSES, MAIN, generator(0, 0, "weights"))
    model.parameters.mul_(3)
    counts = [count_disagreements(make_view(model=model), dropout, 20) for dropout in (1e-4, 0.3, 0.75)]
    assert counts[0].sum() < counts[1].sum() < counts[2].sum()
    assert 0 <= counts[2].min() <= counts[2].max() <= 20


@pytest.mark.parametrize(("value", "share"), [(2, 0.75), (1, 0.25)])
def test_what_is_kept_is_scaled(value, share):
    """Class 1 where the one feature is above 1.5: 2 is lost where it is dropped, and 1 gets there where it is kept."""
    model = Perceptron(1, 2, replace(MAIN, hidden_layers=0), generator(0, 0, "weights"))
    model.parameters.zero_()
    model.weights[0][1] = 1.0
    model.biases[0][0] = 1.5
    view = make_view(model=model, features=np.full((90, 1), value, dtype=np.float32))
    disagreements = count_disagreements(view, 0.75, 200)
    assert disagreements.sum() / (200 * 60) == pytest.approx(share, abs=5 * (0.75 * 0.25 / 12_000) ** 0.5)
