"""Random streams, each derived from (seed, iteration, purpose) alone: no result depends on the order of work."""

import hashlib

import numpy as np


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
