"""Three readings of one ASO table: the paper's own call, a true Bonferroni level, and deepsig as it is today.

They take the same scores and answer the same question, so what differs between them is the test alone.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from cartography_al.seeding import generator
from cartography_al.significance.aso import (
    QUANTILE_STEP,
    aso_table,
    bootstrap_ratios,
    checked_samples,
    least_epsilon,
    pair_seed,
    ranks_at,
)

PAPER_CALL = "the paper's call"
BONFERRONI = "ordered pairs, Bonferroni"
DEEPSIG = "deepsig 1.2.8"
READINGS = (PAPER_CALL, BONFERRONI, DEEPSIG)
COLUMN_TYPES = {
    "reading": "str",
    "strategy_a": "str",
    "strategy_b": "str",
    "eps_min": "float64",
    "tested": "bool",
    "confidence_level": "float64",
    "comparisons": "int32",
    "scores_a": "int32",
    "scores_b": "int32",
}
"""The columns of a frame of readings and their types."""
DRAWN_SCORES = 1000
"""Scores that the paper's call draws in each bootstrap iteration, whatever the number of scores there are."""


def read_three_ways(
    scores: Mapping[str, Sequence[float] | np.ndarray], alpha: float, bootstrap_iterations: int, seed: int
) -> pd.DataFrame:
    """eps_min of every strategy over every other one, by each of READINGS.

    scores: for each strategy, float [n >= 2], higher is better; their order matters to the paper's call.
    alpha, bootstrap_iterations, seed: as in `aso_table`.
    Returns one row for each reading and ordered pair, in the order of READINGS, then of the strategies as given:
    - PAPER_CALL: `paper_call`; DEEPSIG: `deepsig_call`;
    - BONFERRONI: `aso_table`, every ordered pair tested by itself at 1 - alpha / ordered pairs.
    `tested` is False where the reading fills in a value that it does not test.   Raises: as `aso_table`.
    """
    bonferroni = aso_table(scores, alpha, bootstrap_iterations, seed)
    order = {name: place for place, name in enumerate(scores)}
    keys = ["strategy_a", "strategy_b"]
    frames = {
        PAPER_CALL: paper_call(scores, alpha, bootstrap_iterations, seed),
        BONFERRONI: bonferroni.assign(tested=True).sort_values(keys, key=lambda column: column.map(order)),
        DEEPSIG: deepsig_call(scores, alpha, bootstrap_iterations, seed),
    }
    stacked = pd.concat([frame.assign(reading=name) for name, frame in frames.items()], ignore_index=True)
    return stacked[list(COLUMN_TYPES)].astype(COLUMN_TYPES)


def paper_call(
    scores: Mapping[str, Sequence[float] | np.ndarray], alpha: float, bootstrap_iterations: int, seed: int
) -> pd.DataFrame:
    """What the authors' script computed: `multi_aso(scores, confidence_level=alpha, return_df=True)` (D17, D18).

    scores: for each strategy float [n >= 2], in the order of the table: the authors' is random, least_confidence,
    entropy, bald, dal, cal.   Returns one row for each ordered pair, by the strategies as given.
    With m unordered pairs, a pair whose first strategy comes earlier is tested at alpha / m (`tested`); the other way
    round holds 1 - eps_min, whatever the test would say. So 0 there means no more than that the strategy that comes
    earlier was not shown to be better. A bootstrap iteration draws DRAWN_SCORES scores of each strategy, and the spread
    is scaled by that number, the bound by the number of scores. Quantiles start at probability 0, which counts.
    Source: deepsig 1.1.3 and 1.2.0, the versions of the time of the paper.   Raises: as `aso_table`.
    """
    samples = _sorted(scores, alpha, bootstrap_iterations)
    pairs = list(combinations(samples, 2))
    level = 1 - alpha / max(len(pairs), 1)
    eps = {}
    for a, b in pairs:
        random = generator(seed, 0, f"the paper's call: {[a, b]}")
        drawn_a, drawn_b = (draw(samples[name], bootstrap_iterations, random) for name in (a, b))
        eps[a, b] = paper_epsilon(samples[a], samples[b], drawn_a, drawn_b, level)
        eps[b, a] = 1 - eps[a, b]
    return _frame(samples, eps, level, len(pairs), set(pairs))


def deepsig_call(
    scores: Mapping[str, Sequence[float] | np.ndarray], alpha: float, bootstrap_iterations: int, seed: int
) -> pd.DataFrame:
    """What `multi_aso(scores, confidence_level=1 - alpha, return_df=True)` of deepsig 1.2.8 computes by default.

    scores, returned rows: as in `paper_call`. Its correction for m unordered pairs raises the level to 1 - alpha +
    alpha / m, where Bonferroni's is 1 - alpha / m. One bootstrap serves both directions of a pair: the violation ratio
    the other way round is taken for 1 less the first.   Raises: as `aso_table`.
    """
    samples = _sorted(scores, alpha, bootstrap_iterations)
    pairs = list(combinations(samples, 2))
    level = 1 - alpha + alpha / max(len(pairs), 1)
    eps = {}
    for a, b in pairs:
        ratio, ratios = bootstrap_ratios(samples[a], samples[b], bootstrap_iterations, pair_seed(seed, a, b))
        counts = len(samples[a]), len(samples[b])
        eps[a, b] = float(least_epsilon(ratio, ratios, *counts, level))
        eps[b, a] = float(least_epsilon(1 - ratio, 1 - ratios, *counts, level))
    return _frame(samples, eps, level, len(pairs), set(eps))


def draw(sorted_scores: np.ndarray, bootstrap_iterations: int, random: np.random.Generator) -> np.ndarray:
    """Samples of DRAWN_SCORES scores, with replacement: float [bootstrap_iterations, DRAWN_SCORES], each ascending."""
    ranks = random.integers(len(sorted_scores), size=(bootstrap_iterations, DRAWN_SCORES), dtype=np.uint16)
    return sorted_scores[np.sort(ranks, axis=-1)]


def paper_epsilon(
    sorted_a: np.ndarray, sorted_b: np.ndarray, drawn_a: np.ndarray, drawn_b: np.ndarray, level: float
) -> float:
    """eps_min of a over b as in `paper_call`.

    sorted_a, sorted_b: float [n], ascending.   drawn_a, drawn_b: as `draw` returns them, of each.
    level: confidence, in (0, 1).
    """
    ratio, ratios = _whole_ratios(sorted_a, sorted_b), _whole_ratios(drawn_a, drawn_b)
    scale = np.sqrt(len(sorted_a) * len(sorted_b) / (len(sorted_a) + len(sorted_b)))
    spread = np.std(np.sqrt(drawn_a.shape[-1] / 2) * (ratios - ratio))
    return float(np.clip(ratio - (1 / scale) * spread * ndtri(1 - level), 0, 1))


def _whole_ratios(sorted_a: np.ndarray, sorted_b: np.ndarray) -> np.ndarray:
    """As `aso.violation_ratios`, of samples float [..., n]; every quantile from 0 on counts, and no distance is 0."""
    probabilities = np.arange(0, 1, QUANTILE_STEP)
    of_a, of_b = (
        np.take(scores, ranks_at(probabilities, scores.shape[-1]), axis=-1) for scores in (sorted_a, sorted_b)
    )
    squares = (of_b - of_a) ** 2 * QUANTILE_STEP
    distance = np.sum(squares, axis=-1)
    against = np.sum(squares * (of_b > of_a), axis=-1)
    return np.divide(against, distance, out=np.zeros_like(distance), where=distance != 0)


def _sorted(
    scores: Mapping[str, Sequence[float] | np.ndarray], alpha: float, bootstrap_iterations: int
) -> dict[str, np.ndarray]:
    return {name: np.sort(sample) for name, sample in checked_samples(scores, alpha, bootstrap_iterations).items()}


def _frame(
    samples: Mapping[str, np.ndarray],
    eps: Mapping[tuple[str, str], float],
    level: float,
    comparisons: int,
    tested: Collection[tuple[str, str]],
) -> pd.DataFrame:
    rows = [
        (a, b, eps[a, b], (a, b) in tested, level, comparisons, len(samples[a]), len(samples[b]))
        for a in samples
        for b in samples
        if a != b
    ]
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)[1:])
