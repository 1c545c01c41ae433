"""acquisition.scikit_activeml: the contract for some of the library's strategies, and what is refused."""

import sys
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from cartography_al.acquisition.badge import badge
from cartography_al.acquisition.core_set import core_set
from cartography_al.acquisition.scikit_activeml import _last_layer, scikit_activeml
from cartography_al.errors import ConfigError
from tests.unit.acquisition.support import POOL_IDS, load, make_data, make_view

pool = pytest.importorskip("skactiveml.pool")

NAMES = [
    "TypiClust",
    "ProbCover",
    "MaxHerding",
    "Falcun",
    "Clue",
    "DropQuery",
    "Badge",
    "ContrastiveAL",
    "GreedyBALD",
    "BatchBALD",
]
PARAMETERS: dict[str, dict[str, Any]] = {"ProbCover": {"deltas": [0.3]}, "BatchBALD": {"n_MC_samples": 20}}


def choose(name, view, k, **parameters):
    return scikit_activeml(
        view, k, query_strategy=name, **{"pool_sample": 5000} | PARAMETERS.get(name, {}) | parameters
    )


@pytest.mark.filterwarnings("ignore:The maximum purity:UserWarning")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pool_sample", [5000, 40])
def test_the_contract(name, pool_sample):
    chosen = choose(name, make_view(), 6, pool_sample=pool_sample)
    assert chosen.dtype == np.int64
    assert chosen.shape == (6,)
    assert len(set(chosen.tolist())) == 6
    assert np.isin(chosen, POOL_IDS).all()
    again = make_view(pool_ids=np.random.default_rng(5).permutation(POOL_IDS))
    assert_array_equal(choose(name, again, 6, pool_sample=pool_sample), chosen)
    if pool_sample < len(POOL_IDS):
        other = choose(name, make_view(seed=4), 6, pool_sample=pool_sample)
        assert other.tolist() != chosen.tolist()


def test_the_sample_is_as_large_as_it_must_be():
    assert sorted(choose("Falcun", make_view(), len(POOL_IDS), pool_sample=3)) == POOL_IDS.tolist()
    with pytest.raises(ValueError, match="cannot choose 61 instances from a pool of 60"):
        choose("Falcun", make_view(), 61)


def test_a_strategy_with_a_classifier_sees_our_probabilities_and_representations():
    view = make_view()
    model = _last_layer(view, [])
    assert_allclose(model.predict_proba(view.pool_representations), view.pool_probabilities, rtol=1e-4)
    assert_array_equal(choose("Badge", make_view(), 1), badge(make_view(), 1))  # the first is not drawn


def test_a_strategy_without_one_sees_the_features_at_unit_length():
    """CoreSet, so that ours on the same numbers tells."""
    features = make_data().train_features / np.linalg.norm(make_data().train_features, axis=1, keepdims=True)
    view = make_view()
    view.__dict__.update(
        pool_representations=features[view.pool_ids], labelled_representations=features[view.labelled_ids]
    )
    assert_array_equal(choose("CoreSet", make_view(), 9), core_set(view, 9))


def test_it_is_found_by_name():
    assert_array_equal(load("skactiveml-TypiClust")(make_view(), 3), choose("TypiClust", make_view(), 3))


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        (
            "TypiKlust",
            {},
            "'skactiveml-TypiKlust': .* has no pool strategy of this name; did you mean 'skactiveml-Typi",
        ),
        ("batch_bald", {}, "has no pool strategy of this name"),
        (
            "TypiClust",
            {"kk": 3},
            "acquisition.skactiveml-TypiClust: unknown key 'kk'; the keys here are .*, k, .*pool_",
        ),
        ("TypiClust", {"random_state": 3}, "unknown key 'random_state'"),
        ("TypiClust", {"k": "three"}, "acquisition.skactiveml-TypiClust: "),
        ("Quire", {}, "acquisition.skactiveml-Quire: .*classes"),
        ("DiscriminativeAL", {}, "it asks for discriminator, which an iteration does not have"),
        ("MonteCarloEER", {}, "acquisition.skactiveml-MonteCarloEER: Fitted classifier"),
    ],
)
def test_what_cannot_be_is_refused(name, parameters, message):
    with pytest.raises(ConfigError, match=message):
        scikit_activeml(make_view(), 3, query_strategy=name, **{"pool_sample": 5000} | parameters)


def test_without_the_library_the_message_names_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "skactiveml", None)
    with pytest.raises(ConfigError, match=r'not installed; install it with pip install "scikit-activeml>=1.0.1,<1.1"'):
        scikit_activeml(make_view(), 3, query_strategy="TypiClust", pool_sample=5000)
