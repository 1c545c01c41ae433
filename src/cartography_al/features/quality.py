"""Whether features can tell texts apart, whatever made them. Not for what a model makes of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cartography_al import seeding

SAMPLE = 500  # texts whose cosines are taken
ALIKE = 0.95
"""Mean cosine from which on texts are too much alike: useless vectors were measured at 0.98 to 1, good ones below."""
UNKNOWN = 0.2
"""Share of the texts without a known word from which on the vectors are of other words than the texts."""


def mean_cosine(features: np.ndarray) -> float:
    """Mean cosine between two different texts of a sample, rounded to four digits.

    features: float32 [texts, dimension]. Texts whose features are all zero are left out; 1 if fewer than two are left.
    The sample is the same each time, so the same features give the same number.
    """
    positions = seeding.generator(0, 0, "alikeness of features").permutation(len(features))[:SAMPLE]
    sample = features[np.sort(positions)].astype(np.float64)  # (sample, dimension)
    length = np.linalg.norm(sample, axis=1)
    sample = sample[length > 0] / length[length > 0, None]
    if len(sample) < 2:
        return 1.0
    total = float(np.square(sample.sum(axis=0)).sum())  # of all pairs, each text with itself included
    return round((total - len(sample)) / (len(sample) * (len(sample) - 1)), 4)


def complaints(summary: Mapping[str, Any], key: str) -> list[str]:
    """What is wrong with the features of the training texts, each with the key of the configuration to turn.

    summary: of the training split, rows and mean_cosine, and texts_without_known_words where there are words.
    key: of the configuration, that decides how the features are made.
    """
    found = []
    if summary["mean_cosine"] > ALIKE:
        found.append(
            f"the texts' features are nearly equal (mean cosine {summary['mean_cosine']:.3f}), so that little can be "
            f"learned from them: turn {key}"
        )
    unknown = summary.get("texts_without_known_words", 0)
    if unknown > UNKNOWN * summary["rows"]:
        found.append(
            f"{unknown:,} of {summary['rows']:,} training texts hold no word that the vectors know: turn {key}"
        )
    return found
