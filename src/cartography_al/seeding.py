"""Random streams, each derived from (seed, iteration, purpose) alone: no result depends on the order of work."""

import hashlib
from collections.abc import Sequence

import numpy as np

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
    """Return `count` distinct seeds: those of `first`, then further six-digit ones derived from their number.

    A longer list begins with the shorter one, so that adding seeds reruns none.
    """
    seeds = list(first[:count])
    number = 0
    while len(seeds) < count:
        number += 1
        candidate = 100_000 + int.from_bytes(hashlib.sha256(f"seed {number}".encode()).digest()[:8], "little") % 900_000
        if candidate not in seeds and candidate not in first:
            seeds.append(candidate)
    return seeds
