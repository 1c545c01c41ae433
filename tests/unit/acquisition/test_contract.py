"""What every registered strategy keeps, whatever it looks for."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from cartography_al.acquisition.registry import STRATEGIES
from cartography_al.learning.models import Perceptron
from cartography_al.protocol import AS_WRITTEN, RELEASED
from cartography_al.seeding import generator
from tests.unit.acquisition.support import (
    BINARY,
    CLASSES,
    INPUTS,
    INSTANCES,
    LABELLED_IDS,
    MAIN,
    POOL_IDS,
    load,
    make_data,
    make_view,
)


@pytest.mark.parametrize("protocol", [AS_WRITTEN, RELEASED], ids=["as_written", "released"])
class TestContract:
    """Under both protocols."""

    @pytest.mark.parametrize("k", [1, 2, 7, len(POOL_IDS)])
    def test_k_distinct_ids_of_the_pool(self, select, protocol, k):
        chosen = select(make_view(protocol), k)
        assert chosen.dtype == np.int64
        assert chosen.shape == (k,)
        assert len(set(chosen.tolist())) == k
        assert np.isin(chosen, POOL_IDS).all()

    def test_repeatable(self, select, protocol):
        assert_array_equal(select(make_view(protocol), 7), select(make_view(protocol), 7))

    def test_best_first(self, strategy, select, protocol):
        """A smaller batch is the beginning of a larger one; cal_dal's of its two halves.

        DropQuery makes as many clusters as it chooses instances, so each size is another choice.
        """
        larger, smaller = select(make_view(protocol), 20), select(make_view(protocol), 6)
        if strategy == "cal_dal":
            assert_array_equal(smaller[:3], larger[:3])  # the part chosen by CAL
            assert_array_equal(load("cal")(make_view(protocol), 10), larger[:10])
        elif strategy != "dropquery":
            assert_array_equal(smaller, larger[:6])

    def test_independent_of_the_order_in_which_the_pool_is_given(self, select, protocol):
        shuffled = np.random.default_rng(5).permutation(POOL_IDS)
        assert_array_equal(select(make_view(protocol, pool_ids=shuffled), 20), select(make_view(protocol), 20))

    def test_depends_on_seed_and_iteration_where_it_is_random(self, select, protocol):
        model = Perceptron(INPUTS, CLASSES, MAIN, generator(0, 0, "weights"))
        model.parameters.mul_(3)  # its predictions differ, also under dropout
        view = make_view(protocol, model=model)
        first = select(view, 20).tolist()
        changes: list[dict[str, int]] = [{"seed": 4}, {"iteration": 2}]
        others = [select(make_view(protocol, model=model, **change), 20).tolist() for change in changes]
        assert all((other != first) == view.drew for other in others)

    @pytest.mark.parametrize(
        "name", ["random", "bald", "dal", "cal", "cal_dal", "mutual_information", "badge", "dropquery"]
    )
    def test_these_are_random(self, name, protocol):
        view = make_view(protocol)
        load(name)(view, 7)
        assert view.drew

    def test_an_exhausted_pool_is_a_clear_error(self, select, protocol):
        with pytest.raises(ValueError, match=r"cannot choose \d+ instances from a pool of \d+"):
            select(make_view(protocol), len(POOL_IDS) + 1)

    def test_nothing_it_sees_is_changed(self, select, protocol):
        view = make_view(protocol, pool_ids=POOL_IDS.copy(), labelled_ids=LABELLED_IDS.copy())
        before = view.model.parameters.clone()
        select(view, 7)
        assert_array_equal(view.pool_ids, POOL_IDS)
        assert_array_equal(view.labelled_ids, LABELLED_IDS)
        assert torch.equal(view.model.parameters, before)


@pytest.mark.parametrize("name", [name for name in STRATEGIES if name != "random"])
def test_ties_go_to_the_lower_id(name):
    """A model of zeros finds all instances alike, and a linear classifier on its zeros does so exactly."""
    settings = replace(MAIN, dropout=0.0)
    model = Perceptron(INPUTS, CLASSES, settings, generator(0, 0, "weights"))
    model.parameters.zero_()
    view = make_view(model=model, binary_settings=replace(BINARY, hidden_layers=0))
    assert_array_equal(load(name)(view, 7), POOL_IDS[:7])


@pytest.mark.parametrize(
    "name",
    ["least_confidence", "entropy", "margin", "cal", "cal_median", "cal_variability", "core_set", "contrastive"],
)
def test_independent_of_the_rows_that_instances_have_in_the_files(name):
    """The same instances under new ids are chosen again.

    Where a number is drawn for each row (random, bald, dal, badge, and dropout when predicting) new ids are new draws,
    so for these strategies only the order of the pool, tested above, can be without effect.
    """
    new_ids = np.random.default_rng(6).permutation(INSTANCES)
    features = np.empty_like(make_data().train_features)
    features[new_ids] = make_data().train_features
    moved = make_view(features=features, labelled_ids=new_ids[LABELLED_IDS], pool_ids=np.sort(new_ids[POOL_IDS]))
    assert_array_equal(load(name)(moved, 20), new_ids[load(name)(make_view(), 20)])
