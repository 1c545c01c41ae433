"""acquisition.registry: what it promises, and what it refuses."""

import pkgutil
from dataclasses import replace

import pytest
from numpy.testing import assert_array_equal

from cartography_al.acquisition.registry import STRATEGIES, parse_strategy, threshold_strategy
from cartography_al.errors import ConfigError
from cartography_al.learning.models import Perceptron
from cartography_al.seeding import generator
from tests.unit.acquisition.support import BINARY, CLASSES, INPUTS, MAIN, POOL_IDS, make_view


@pytest.mark.parametrize("name", [name for name in STRATEGIES if name != "random"])
def test_ties_go_to_the_lower_id(name):
    """A model of zeros finds all instances alike, and a linear classifier on its zeros does so exactly."""
    settings = replace(MAIN, dropout=0.0)
    model = Perceptron(INPUTS, CLASSES, settings, generator(0, 0, "weights"))
    model.parameters.zero_()
    view = make_view(model=model, binary_settings=replace(BINARY, hidden_layers=0))
    assert_array_equal(pkgutil.resolve_name(STRATEGIES[name])(view, 7), POOL_IDS[:7])


@pytest.mark.parametrize("name", STRATEGIES)
def test_registered_names_resolve(name):
    assert parse_strategy(name) == (STRATEGIES[name], None)
    function = pkgutil.resolve_name(STRATEGIES[name])
    assert function.__name__ == name
    assert function.__doc__


@pytest.mark.parametrize(("name", "threshold"), [("cal-threshold-0.4", 0.4), ("cal-threshold-0.0", 0.0)])
def test_thresholds_in_names(name, threshold):
    assert parse_strategy(name) == (STRATEGIES["cal"], threshold)


@pytest.mark.parametrize("name", ["badge", "", "CAL", "cal_", "cal-0.4", "-threshold-0.4"])
def test_an_unknown_strategy_is_named_with_the_known_ones(name):
    with pytest.raises(ConfigError, match=rf"unknown strategy '{name}'; registered are {', '.join(STRATEGIES)}"):
        parse_strategy(name)


@pytest.mark.parametrize(
    "name",
    [
        "cal-threshold-",
        "cal-threshold-x",
        "cal-threshold-1.0",
        "cal-threshold--0.1",
        "cal-threshold-nan",
        "cal-threshold-0.2-threshold-0.4",
        "random-threshold-0.4",
        "dal-threshold-0.4",
    ],
)
def test_a_bad_threshold_is_refused(name):
    with pytest.raises(
        ConfigError, match=f"strategy '{name}': write cal-threshold-T with a threshold T from 0 to below"
    ):
        parse_strategy(name)


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.4, 0.6, 0.8])
def test_threshold_names_round_trip(threshold):
    name = threshold_strategy(threshold, configured_threshold=0.2)
    assert name == ("cal" if threshold == 0.2 else f"cal-threshold-{threshold}")
    assert parse_strategy(name) == (STRATEGIES["cal"], None if threshold == 0.2 else threshold)
