"""Is one strategy better than another? ASO over pooled scores, and the area under a learning curve. Draws no table."""

import multiprocessing
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import permutations

import numpy as np
import pandas as pd

from cartography_al.errors import ConfigError, DataError, NumericError
from cartography_al.seeding import generator

COLUMN_TYPES = {
    "strategy_a": "str",
    "strategy_b": "str",
    "eps_min": "float64",
    "confidence_level": "float64",
    "comparisons": "int32",
    "scores_a": "int32",
    "scores_b": "int32",
}
"""The columns of a significance frame and their types."""


def aso_table(
    scores: Mapping[str, Sequence[float] | np.ndarray],
    alpha: float,
    bootstrap_iterations: int,
    seed: int,
    processes: int = 1,
) -> pd.DataFrame:
    """Almost Stochastic Order of every strategy over every other one, at alpha shared by all comparisons (Bonferroni).

    scores: for each strategy, float [n >= 2], higher is better; n may differ.   alpha: in (0, 1), of the whole table.
    bootstrap_iterations: for each ordered pair.   seed: of the bootstrap.   processes: each costs an import of deepsig;
    with more than one, the calling script needs an ``if __name__ == "__main__":`` guard, as for every spawned process.
    Returns one row for each ordered pair a != b, sorted by name, with the columns of COLUMN_TYPES; eps_min in [0, 1] is
    0 where a is stochastically dominant over b, and under 0.5 where a is better. No row for a single strategy.
    The numbers of a pair depend on its two names, its scores, alpha, the count of strategies, bootstrap_iterations and
    seed, but not on the order of `scores` or the number of processes.

    The m = s (s - 1) ordered pairs of s strategies are m tests, so each has confidence 1 - alpha / m. deepsig's own
    correction computes another number, which is not Bonferroni's, so it is given the level and told of one comparison.
    Each direction is a test of its own: deepsig.multi_aso halves the work with eps(b, a) = 1 - eps(a, b) for the
    violation ratio, but its integral leaves out the first point, so a dominant strategy would get 0 only if its name
    came first. Source: Dror et al. 2019; Zhang & Plank 2021, table 2.
    Raises: DataError for no strategy, or fewer than two scores of one; NumericError for a score that is not finite;
    ConfigError for alpha, bootstrap_iterations or processes out of range.
    """
    if not 0 < alpha < 1:
        raise ConfigError(f"the significance level must lie between 0 and 1, got {alpha}")
    if bootstrap_iterations < 2:
        raise ConfigError(f"ASO needs at least 2 bootstrap iterations, got {bootstrap_iterations}")
    if processes < 1:
        raise ConfigError(f"ASO needs at least one process, got {processes}")
    samples = {name: _checked(name, scores[name]) for name in sorted(scores)}
    if not samples:
        raise DataError("no strategy to compare: the table of scores is empty")
    pairs = list(permutations(samples, 2))
    confidence_level = 1 - alpha / max(len(pairs), 1)
    compare = partial(
        _compare,
        samples=samples,
        confidence_level=confidence_level,
        bootstrap_iterations=bootstrap_iterations,
        seed=seed,
    )
    if processes == 1 or len(pairs) < 2:
        eps = [compare(pair) for pair in pairs]
    else:
        # Spawned, not forked: torch, which deepsig imports, may have started threads in this process.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(processes, len(pairs)), mp_context=spawn) as pool:
            eps = list(pool.map(compare, pairs))
    rows = [
        (a, b, value, confidence_level, len(pairs), len(samples[a]), len(samples[b]))
        for (a, b), value in zip(pairs, eps, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def pooled_scores(runs: pd.DataFrame, strategies: Sequence[str]) -> dict[str, np.ndarray]:
    """Test accuracies of all seeds and iterations of each strategy, the seed set's included, as in the paper's table 2.

    runs: columns strategy, seed, iteration, test_accuracy.   Returns float [seeds * (iterations + 1)] for each
    strategy, by seed, then iteration. The scores of one run's iterations are no independent repetitions.
    Raises: DataError for a strategy without runs.
    """
    ordered = runs.sort_values(["seed", "iteration"])
    pooled = {}
    for strategy in strategies:
        accuracy = ordered.loc[ordered["strategy"] == strategy, "test_accuracy"].to_numpy(np.float64)
        if not len(accuracy):
            raise DataError(f"no runs of the strategy {strategy}: add it to the run, or do not compare it")
        pooled[strategy] = accuracy
    return pooled


def area_under_curve(accuracy: Sequence[float] | np.ndarray) -> float:
    """Mean height of one run's learning curve: trapezoids over equally spaced iterations, divided by their number.

    accuracy: float [iterations + 1].   Returns a value in the range of `accuracy`.
    Raises: DataError for fewer than two points; NumericError for a value that is not finite.
    """
    height = _checked("the learning curve", accuracy)
    return float(np.trapezoid(height) / (len(height) - 1))


def _checked(name: str, values: Sequence[float] | np.ndarray) -> np.ndarray:
    """The values as float64 [n >= 2], all finite."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or len(array) < 2:
        raise DataError(f"{name}: at least 2 scores in one row are needed, got an array of shape {array.shape}")
    if not np.isfinite(array).all():
        position = int(np.flatnonzero(~np.isfinite(array))[0])
        raise NumericError(f"{name}: score {position + 1} of {len(array)} is {array[position]}, not a finite number")
    return array


def _compare(
    pair: tuple[str, str],
    samples: Mapping[str, np.ndarray],
    confidence_level: float,
    bootstrap_iterations: int,
    seed: int,
) -> float:
    """eps_min of the pair's first strategy over its second one."""
    from deepsig import aso  # here, because it imports torch, which costs seconds and nobody else in this module needs

    a, b = pair
    # deepsig seeds its bootstrap iterations with pair_seed + 1, + 2, ..., which must stay under 2**32.
    pair_seed = int(generator(seed, 0, f"ASO: {[a, b]}").integers(2**31))
    with warnings.catch_warnings():
        # Two samples with equal quantiles: deepsig warns and takes 0.5, the value of "no order", which is right.
        warnings.filterwarnings("ignore", "Division by zero encountered in violation ratio", UserWarning)
        # Advice for users of its former meaning; the level here is computed, and under 0.95 for a large alpha only.
        warnings.filterwarnings("ignore", "'confidence_level' was refactored", UserWarning)
        eps = aso(
            samples[a],
            samples[b],
            confidence_level=confidence_level,
            num_comparisons=1,
            num_bootstrap_iterations=bootstrap_iterations,
            num_jobs=1,
            show_progress=False,
            seed=pair_seed,
        )
    return float(eps)
