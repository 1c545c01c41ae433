"""Random streams, each derived from (seed, iteration, purpose) alone: no result depends on the order of work."""

import hashlib
from collections.abc import Sequence

import numpy as np

from cartography_al.errors import ConfigError

PAPER_SEEDS = (398048, 127003, 259479, 869323, 570852)
"""The five seeds of Zhang & Plank 2021, section 7."""


def generator(seed: int, iteration: int, purpose: str) -> np.random.Generator:
    """Return a fresh generator for one purpose, e.g. ``generator(398048, 3, "main classifier: dropout")``.

    Two calls with the same arguments give the same stream; any difference gives an unrelated one. NumPy's generators
    are used for every random number of the project, on every device, because their streams are the same everywhere.
    SFC64 is NumPy's fastest, and dropout needs millions of numbers.
    Raises: ValueError for a negative seed or iteration.
    """
    if seed < 0 or iteration < 0:
        raise ValueError(f"seed and iteration must not be negative, got {seed} and {iteration}")
    purpose_number = int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "little")
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, iteration, purpose_number])))


def derived_seeds(first: Sequence[int], count: int) -> list[int]:
    """Return `count` distinct seeds: the given ones, then as many more of six digits as are wanting.

    The further seeds are a fixed sequence from SHA-256, less those that `first` already holds. So asking for more seeds
    keeps the ones there are: ``derived_seeds(first, 20)[:10] == derived_seeds(first, 10)``.
    Raises: ConfigError for a repeated or negative seed in `first`, or a count below 1.
    """
    if count < 1:
        raise ConfigError(f"at least one seed is needed, got the count {count}")
    if len(set(first)) < len(first) or min(first, default=0) < 0:
        raise ConfigError(f"seeds must be distinct and not negative, got {list(first)}")
    seeds = list(first[:count])
    number = 0
    while len(seeds) < count:
        digest = hashlib.sha256(f"seed {number}".encode()).digest()
        seed = 100_000 + int.from_bytes(digest[:8], "little") % 900_000
        if seed not in first and seed not in seeds:
            seeds.append(seed)
        number += 1
    return seeds
