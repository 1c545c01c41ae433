"""The names of the query strategies. Imports none of them, so that the workflow can read it in no time.

To add a strategy, write a function `select(view, k) -> instance ids` and add its line here.
"""

from cartography_al.errors import ConfigError

STRATEGIES = {
    "random": "cartography_al.acquisition.uncertainty:random",
    "least_confidence": "cartography_al.acquisition.uncertainty:least_confidence",
    "entropy": "cartography_al.acquisition.uncertainty:entropy",
    "bald": "cartography_al.acquisition.uncertainty:bald",
    "dal": "cartography_al.acquisition.discriminative:dal",
    "cal": "cartography_al.acquisition.discriminative:cal",
    "cal_dal": "cartography_al.acquisition.discriminative:cal_dal",
}

THRESHOLD_MARK = "-threshold-"


def parse_strategy(name: str) -> tuple[str, float | None]:
    """Split `cal-threshold-0.4` into "module:function" and correctness threshold; no mark means None.

    Raises: ConfigError for a strategy that is not registered or a threshold that is no number in [0, 1).
    """
    registered, mark, threshold = name.partition(THRESHOLD_MARK)
    if registered not in STRATEGIES:
        raise ConfigError(f"unknown strategy '{name}'; registered are {', '.join(STRATEGIES)}")
    if not mark:
        return STRATEGIES[registered], None
    try:
        value = float(threshold)
    except ValueError:
        value = -1.0
    if registered not in {"cal", "cal_dal"} or not 0 <= value < 1:
        raise ConfigError(f"strategy '{name}': write cal{THRESHOLD_MARK}T with a threshold T from 0 to below 1")
    return STRATEGIES[registered], value


def threshold_strategy(threshold: float, configured_threshold: float) -> str:
    """Return the strategy name of CAL at a threshold: plain `cal` at the configured one."""
    return "cal" if threshold == configured_threshold else f"cal{THRESHOLD_MARK}{threshold}"
