"""acquisition.registry: what it promises, and what it refuses."""

import pkgutil

import pytest

from cartography_al.acquisition.registry import (
    STRATEGIES,
    load_strategy,
    parse_strategy,
    resolve_strategy,
    threshold_strategy,
)
from cartography_al.errors import ConfigError


@pytest.mark.parametrize("name", STRATEGIES)
def test_registered_names_resolve(name):
    assert parse_strategy(name) == (name, {})
    function = pkgutil.resolve_name(STRATEGIES[name].function)
    assert function.__name__ == name
    assert function.__doc__


@pytest.mark.parametrize(("name", "threshold"), [("cal-threshold-0.4", 0.4), ("cal-threshold-0.0", 0.0)])
def test_thresholds_in_names(name, threshold):
    assert parse_strategy(name) == ("cal", {"correctness_threshold": threshold})


@pytest.mark.parametrize("name", ["badger", "", "CAL", "cal_", "cal-0.4", "-threshold-0.4"])
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
    assert parse_strategy(name) == ("cal", {} if threshold == 0.2 else {"correctness_threshold": threshold})


def test_the_name_wins_over_the_configuration():
    configured: dict[str, dict[str, float]] = {"cal": {"correctness_threshold": 0.2}, "bald": {"passes": 3}}
    assert resolve_strategy("cal", configured) == (STRATEGIES["cal"], {"correctness_threshold": 0.2})
    assert resolve_strategy("cal-threshold-0.4", configured) == (STRATEGIES["cal"], {"correctness_threshold": 0.4})
    assert resolve_strategy("random", configured) == (STRATEGIES["random"], {})


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("bald", {"pases": 3}, "acquisition.bald: .*; its parameters are passes"),
        ("bald", {}, "acquisition.bald: missing a required argument: 'passes'; its parameters are passes"),
        ("cal-threshold-0.4", {"passes": 3}, "acquisition.cal: .*; its parameters are correctness_threshold"),
        ("margin", {"k": 3}, "acquisition.margin: .*; its parameters are none at all"),
    ],
)
def test_a_parameter_that_a_strategy_does_not_take_is_named_with_those_it_takes(name, parameters, message):
    function = STRATEGIES[parse_strategy(name)[0]].function
    with pytest.raises(ConfigError, match=message):
        load_strategy(name, function, parameters)
