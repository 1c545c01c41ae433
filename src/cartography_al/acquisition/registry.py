"""The names of the query strategies. Imports none of them, so that the workflow can read it in no time.

To add a strategy, write a function `select(view, k, *, <its parameters>) -> instance ids`, best first, and add its line
here. Its parameters are what the configuration has under `acquisition.<name>`.
"""

import inspect
import pkgutil
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from cartography_al.errors import ConfigError


class Strategy(NamedTuple):
    """Where a strategy is, and what its runs depend on."""

    function: str  # "module:function"
    binary_classifier: bool = False  # whether it trains theta': that classifier's settings then decide its runs


STRATEGIES = {
    "random": Strategy("cartography_al.acquisition.uncertainty:random"),
    "least_confidence": Strategy("cartography_al.acquisition.uncertainty:least_confidence"),
    "entropy": Strategy("cartography_al.acquisition.uncertainty:entropy"),
    "bald": Strategy("cartography_al.acquisition.uncertainty:bald"),
    "dal": Strategy("cartography_al.acquisition.discriminative:dal", binary_classifier=True),
    "cal": Strategy("cartography_al.acquisition.discriminative:cal", binary_classifier=True),
    "cal_dal": Strategy("cartography_al.acquisition.discriminative:cal_dal", binary_classifier=True),
    "cal_median": Strategy("cartography_al.acquisition.discriminative:cal_median", binary_classifier=True),
    "cal_variability": Strategy("cartography_al.acquisition.variability:cal_variability"),
    "margin": Strategy("cartography_al.acquisition.margin:margin"),
    "mutual_information": Strategy("cartography_al.acquisition.mutual_information:mutual_information"),
    "badge": Strategy("cartography_al.acquisition.badge:badge"),
    "core_set": Strategy("cartography_al.acquisition.core_set:core_set"),
    "contrastive": Strategy("cartography_al.acquisition.contrastive:contrastive"),
    "dropquery": Strategy("cartography_al.acquisition.dropquery:dropquery"),
}

# Any pool strategy of scikit-activeml, as skactiveml-TypiClust; with a hyphen, because a name is a part of paths.
LIBRARY_MARK = "skactiveml-"
LIBRARY = Strategy("cartography_al.acquisition.scikit_activeml:scikit_activeml")

THRESHOLD_MARK = "-threshold-"
REPLICATE_MARK = "-replicate-"
"""Random with other choices, `random-replicate-2`: for runs that differ by chance alone (significance.calibration)."""


def parse_strategy(name: str) -> tuple[str, dict[str, Any]]:
    """Split `cal-threshold-0.4` into the registered name and the parameters that the name itself gives.

    `skactiveml-TypiClust` counts as registered, whether or not the library has it: that takes a second to find out.
    Raises: ConfigError for a strategy that is not registered or a threshold that is no number in [0, 1).
    """
    if name.startswith(LIBRARY_MARK) and name.removeprefix(LIBRARY_MARK).isidentifier():
        return name, {"query_strategy": name.removeprefix(LIBRARY_MARK)}
    registered, mark, replicate = name.partition(REPLICATE_MARK)
    if mark:
        if registered != "random" or not (replicate.isascii() and replicate.isdigit() and int(replicate) > 1):
            raise ConfigError(f"strategy '{name}': write random{REPLICATE_MARK}N with a number N from 2 on")
        return registered, {"replicate": int(replicate)}
    registered, mark, threshold = name.partition(THRESHOLD_MARK)
    if registered not in STRATEGIES:
        known = ", ".join([*STRATEGIES, f"and {LIBRARY_MARK}NAME for those of scikit-activeml"])
        raise ConfigError(f"unknown strategy '{name}'; registered are {known}")
    if not mark:
        return registered, {}
    try:
        value = float(threshold)
    except ValueError:
        value = -1.0
    if registered not in {"cal", "cal_dal"} or not 0 <= value < 1:
        raise ConfigError(f"strategy '{name}': write cal{THRESHOLD_MARK}T with a threshold T from 0 to below 1")
    return registered, {"correctness_threshold": value}


def resolve_strategy(name: str, acquisition: Mapping[str, Mapping[str, Any]]) -> tuple[Strategy, dict[str, Any]]:
    """Return a strategy and its parameters: those configured for it, then those that its name gives.

    acquisition: the configuration's section, the parameters of each strategy under its registered name.
    Raises: ConfigError as `parse_strategy`.
    """
    registered, named = parse_strategy(name)
    defaults = {} if registered in STRATEGIES else {"pool_sample": 5000}  # instances of the pool that it sees
    return STRATEGIES.get(registered, LIBRARY), {**defaults, **acquisition.get(registered, {}), **named}


def strategy_module(name: str) -> str:
    """Return the dotted name of the module that a strategy is in."""
    return resolve_strategy(name, {})[0].function.partition(":")[0]


def load_strategy(name: str, function: str, parameters: Mapping[str, Any]) -> Callable[..., Any]:
    """Import a strategy's function "module:function" and give it its parameters; what is left to give is (view, k).

    Raises: ConfigError for a parameter that the function does not take, and for one that is missing.
    """
    select = pkgutil.resolve_name(function)
    signature = inspect.signature(select)
    try:
        signature.bind(None, 0, **parameters)
    except TypeError as error:
        own = [name for name, kind in signature.parameters.items() if kind.kind == kind.KEYWORD_ONLY]
        raise ConfigError(
            f"acquisition.{parse_strategy(name)[0]}: {error}; its parameters are {', '.join(own) or 'none at all'}"
        ) from None
    return partial(select, **parameters)


def random_replicates(count: int) -> list[str]:
    """Return the names of so many replicates of Random, the plain one first."""
    return ["random", *(f"random{REPLICATE_MARK}{number}" for number in range(2, count + 1))]


def threshold_strategy(threshold: float, configured_threshold: float) -> str:
    """Return the strategy name of CAL at a threshold: plain `cal` at the configured one."""
    return "cal" if threshold == configured_threshold else f"cal{THRESHOLD_MARK}{threshold}"
