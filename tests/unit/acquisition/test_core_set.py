"""acquisition.core_set: against scikit-activeml, and on clusters."""

import numpy as np
import pytest

from cartography_al.acquisition.core_set import core_set
from tests.unit.acquisition.support import HIDDEN, random_pool


def test_the_same_instances_as_scikit_activeml():
    pool = pytest.importorskip("skactiveml.pool")
    view = random_pool()
    everything = np.concatenate([view.labelled_representations, view.pool_representations])
    labels = np.where(np.arange(len(everything)) < len(view.labelled_ids), 0, -1)
    theirs = pool.CoreSet(missing_label=-1, random_state=0).query(everything, labels, batch_size=30)
    assert core_set(view, 30).tolist() == theirs.tolist()


def test_two_far_clusters_are_covered_before_a_second_of_either():
    view = random_pool(pool=60)
    view.pool_representations[20:40] += np.float32(100)
    view.pool_representations[40:] -= np.float32(300)
    first, second = core_set(view, 2) - view.pool_ids[0]
    assert first >= 40
    assert 20 <= second < 40


def test_what_is_labelled_is_covered():
    """The one pool instance that lies on no labelled one is first; the others follow by the lower id."""
    view = random_pool(pool=40, labelled=40)
    view.pool_representations[:] = view.labelled_representations
    view.pool_representations[25] = np.full(HIDDEN, 9)
    assert (core_set(view, 4) - view.pool_ids[0]).tolist() == [25, 0, 1, 2]
