"""What a reader must know of strategies that do not see the whole pool. Not how the sample is drawn."""

from collections.abc import Iterable, Mapping
from typing import Any

from cartography_al.acquisition.registry import LIBRARY_MARK, resolve_strategy


def pool_samples(strategies: Iterable[str], acquisition: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """Instances of the pool that a strategy sees, for those that do not see all of it.

    acquisition: the configuration's section.   Raises: ConfigError as acquisition.registry.parse_strategy.
    """
    parameters = {name: resolve_strategy(name, acquisition)[1] for name in strategies}
    return {name: own["pool_sample"] for name, own in parameters.items() if "pool_sample" in own}


def pool_sample_notes(samples: Mapping[str, int], shown: Iterable[str]) -> list[str]:
    """A sentence for each size of a sample, with the strategies that see one of that size; none where none does.

    samples: what `pool_samples` returns.   shown: the strategies that the reader sees.
    """
    shown, by_size = set(shown), dict[int, list[str]]()
    for name, size in samples.items():
        if name in shown:
            by_size.setdefault(size, []).append(name.removeprefix(LIBRARY_MARK))
    return [
        f"{', '.join(names)}: from a sample of at most {size:,} instances of the pool, drawn anew in each iteration."
        for size, names in by_size.items()
    ]
