"""active_learning.seed_set: what it promises, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from cartography_al.active_learning.seed_set import Draw, seed_set_ids
from cartography_al.errors import DataError
from cartography_al.protocol import AS_WRITTEN, RELEASED
from tests.unit.active_learning.support import INSTANCES, make_split

NONE = np.empty((0, 3), dtype=np.float32)  # features that nobody looks at


def class_counts(labels: np.ndarray, ids: np.ndarray) -> np.ndarray:
    return np.bincount(labels[ids], minlength=int(labels.max()) + 1)


LABELS = st.lists(st.integers(0, 4), min_size=2, max_size=120).filter(lambda labels: len(set(labels)) > 1)


@settings(max_examples=100)
@given(LABELS, st.floats(0, 1), st.integers(0, 2**32))
def test_stratified_seed_set(values, share, seed):
    labels = np.unique(np.array(values), return_inverse=True)[1].astype(np.int16)
    classes = int(labels.max()) + 1
    size = round(classes + share * (len(labels) - classes))
    ids = seed_set_ids(labels, NONE, size, seed, AS_WRITTEN)
    assert ids.dtype == np.int64
    assert len(ids) == len(set(ids.tolist())) == size
    assert set(ids.tolist()) <= set(range(len(labels)))
    counts, shares = class_counts(labels, ids), np.bincount(labels) * size / len(labels)
    assert counts.min() >= 1
    # Within one of its share; a class lifted to its one instance takes it from the largest.
    lifted = int(((counts == 1) & (shares < 1)).sum())
    assert (counts - shares < 1 + 1e-9).all()
    assert (shares - counts < 1 + lifted + 1e-9).all()
    assert_array_equal(ids, seed_set_ids(labels, NONE, size, seed, AS_WRITTEN))


def test_shares_are_rounded_by_largest_remainder():
    """Shares 1.4, 2.3, 6.3: floors leave one instance, and the remainder 0.4 is the largest."""
    labels = np.repeat([0, 1, 2], [14, 23, 63]).astype(np.int16)
    assert class_counts(labels, seed_set_ids(labels, NONE, 10, 0, AS_WRITTEN)).tolist() == [2, 2, 6]


def test_a_rare_class_is_in_the_seed_set():
    """2 of 1,000: its share of 20 is 0.04, and without it no model could learn the class."""
    labels = np.repeat([0, 1, 2], [600, 398, 2]).astype(np.int16)
    for seed in range(20):
        assert class_counts(labels, seed_set_ids(labels, NONE, 20, seed, AS_WRITTEN)).tolist() in (
            [11, 8, 1],
            [12, 7, 1],
        )


def test_seeds_draw_different_seed_sets():
    labels = make_split(1000, 0)[1]
    drawn = {seed_set_ids(labels, NONE, 100, seed, AS_WRITTEN).tobytes() for seed in range(20)}
    assert len(drawn) == 20


def test_every_instance_can_be_in_the_seed_set():
    """Each of 80 is drawn in a quarter of 400 seeds, within five standard errors."""
    labels = make_split(INSTANCES, 0)[1]
    times = np.zeros(INSTANCES)
    for seed in range(400):
        times[seed_set_ids(labels, NONE, 20, seed, AS_WRITTEN)] += 1
    expected = np.bincount(labels, weights=times / 400) / np.bincount(labels)
    spread = np.sqrt(expected * (1 - expected) / 400)[labels]
    assert (np.abs(times / 400 - expected[labels]) < 5 * spread).all()


def test_d13_is_the_same_for_every_seed_and_not_stratified():
    labels = make_split(1000, 0)[1]
    fixed = [seed_set_ids(labels, NONE, 100, seed, RELEASED) for seed in (398048, 127003)]
    assert_array_equal(fixed[0], fixed[1])
    assert len(set(fixed[0].tolist())) == 100
    assert fixed[0].dtype == np.int64
    assert_array_equal(
        fixed[0], seed_set_ids(np.zeros(1000, np.int16), NONE, 100, 1, RELEASED)
    )  # no look at the labels


@pytest.mark.parametrize("protocol", [AS_WRITTEN, RELEASED], ids=["as_written", "released"])
@pytest.mark.parametrize("size", [2, 81])
def test_a_seed_set_that_cannot_be_is_refused(protocol, size):
    message = f"seed_set_size: {size} must be at least the 3 classes and at most the 80 texts"
    with pytest.raises(DataError, match=message):
        seed_set_ids(make_split(INSTANCES, 0)[1], NONE, size, 0, protocol)


def test_a_random_seed_set_does_not_look_at_the_labels():
    labels = make_split(1000, 0)[1]
    drawn = seed_set_ids(labels, NONE, 100, 3, AS_WRITTEN, "random")
    assert_array_equal(drawn, seed_set_ids(np.zeros(1000, np.int16), NONE, 100, 3, AS_WRITTEN, "random"))
    assert len(set(drawn.tolist())) == 100
    assert drawn.tolist() != seed_set_ids(labels, NONE, 100, 4, AS_WRITTEN, "random").tolist()


def test_a_diverse_seed_set_has_one_instance_of_each_cluster():
    """Ten directions, of very different sizes and lengths: unit length makes them ten points."""
    rng = np.random.default_rng(0)
    cluster = np.repeat(np.arange(10), [400, 300, 200, *[20] * 7])
    features = (np.eye(10)[cluster] + rng.normal(0, 0.01, (len(cluster), 10))) * rng.uniform(1, 50, (len(cluster), 1))
    features = features.astype(np.float32)
    features.flags.writeable = False  # as a mapped file
    drawn = seed_set_ids(cluster.astype(np.int16), features, 10, 7, AS_WRITTEN, "diverse")
    assert cluster[drawn].tolist() == list(range(10))
    assert_array_equal(drawn, seed_set_ids(np.zeros(len(cluster), np.int16), features, 10, 7, AS_WRITTEN, "diverse"))


def test_a_diverse_seed_set_of_equal_texts_is_full():
    features = np.ones((50, 4), dtype=np.float32)
    drawn = seed_set_ids(np.arange(50).astype(np.int16) % 2, features, 20, 0, AS_WRITTEN, "diverse")
    assert len(set(drawn.tolist())) == 20


def test_d13_fixes_the_seed_set_however_it_is_drawn():
    labels = make_split(1000, 0)[1]
    draws: list[Draw] = ["random", "stratified", "diverse"]
    fixed = {seed_set_ids(labels, NONE, 100, 1, RELEASED, draw).tobytes() for draw in draws}
    assert len(fixed) == 1
