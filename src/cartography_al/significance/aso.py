"""Almost stochastic order (Dror et al. 2019): is one strategy's score stochastically larger than another's?"""

import warnings
from collections.abc import Mapping, Sequence
from itertools import permutations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from cartography_al.analysis.runs import checked_scores, curve_table
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
QUANTILE_STEP = 0.005
"""Distance of the probabilities at which ASO compares quantiles; deepsig's default."""


def aso_table(
    scores: Mapping[str, Sequence[float] | np.ndarray], alpha: float, bootstrap_iterations: int, seed: int
) -> pd.DataFrame:
    """Almost Stochastic Order of every strategy over every other one, at alpha shared by all comparisons (Bonferroni).

    scores: for each strategy, float [n >= 2], higher is better; n may differ.   alpha: in (0, 1), of the whole table.
    bootstrap_iterations: for each ordered pair.   seed: of the bootstrap.
    Returns one row for each ordered pair a != b, sorted by name, with the columns of COLUMN_TYPES; eps_min in [0, 1] is
    0 where a is stochastically dominant over b, and under 0.5 where a is better. No row for a single strategy.
    The numbers of a pair depend on its two names, its scores, alpha, the count of strategies, bootstrap_iterations and
    seed, but not on the order of `scores`.

    The m = s (s - 1) ordered pairs of s strategies are m tests, so each has confidence 1 - alpha / m. deepsig's own
    correction computes another number, which is not Bonferroni's.
    Each direction is a test of its own: deepsig.multi_aso halves the work with eps(b, a) = 1 - eps(a, b) for the
    violation ratio, but its integral leaves out the first point, so a dominant strategy would get 0 only if its name
    came first. Source: Dror et al. 2019; Zhang & Plank 2021, table 2.
    Raises: DataError for no strategy, or fewer than two scores of one; NumericError for a score that is not finite;
    ConfigError for alpha or bootstrap_iterations out of range.
    """
    samples = checked_samples({name: scores[name] for name in sorted(scores)}, alpha, bootstrap_iterations)
    pairs = list(permutations(samples, 2))
    level = 1 - alpha / max(len(pairs), 1)
    rows = [
        (
            *(a, b, aso(samples[a], samples[b], level, bootstrap_iterations, pair_seed(seed, a, b))),
            *(level, len(pairs), len(samples[a]), len(samples[b])),
        )
        for a, b in pairs
    ]
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def check_by_deepsig(
    frame: pd.DataFrame,
    scores: Mapping[str, Sequence[float] | np.ndarray],
    bootstrap_iterations: int,
    seed: int,
) -> None:
    """Refuse a frame of `aso_table`, made of these scores with these options, of which deepsig computes another number.

    It computes the last pair alone, which costs it seconds; a whole table would take minutes.
    Raises: NumericError for a digit that differs.
    """
    if frame.empty:
        return
    from deepsig import aso as deepsig_aso  # here, because it imports torch, which costs seconds

    row = frame.iloc[-1]
    a, b = row["strategy_a"], row["strategy_b"]
    with warnings.catch_warnings():
        # Two samples with equal quantiles: deepsig warns and takes 0.5, the value of "no order", which is right.
        warnings.filterwarnings("ignore", "Division by zero encountered in violation ratio", UserWarning)
        # Advice for users of its former meaning; the level here is computed, and under 0.95 for a large alpha only.
        warnings.filterwarnings("ignore", "'confidence_level' was refactored", UserWarning)
        expected = float(
            deepsig_aso(
                np.asarray(scores[a], dtype=np.float64),
                np.asarray(scores[b], dtype=np.float64),
                confidence_level=row["confidence_level"],
                num_comparisons=1,
                num_bootstrap_iterations=bootstrap_iterations,
                num_jobs=1,
                show_progress=False,
                seed=pair_seed(seed, a, b),
            )
        )
    if expected != row["eps_min"]:
        raise NumericError(
            f"eps_min of {a} over {b} is {row['eps_min']!r} here and {expected!r} by deepsig: install the versions of "
            "requirements.lock"
        )


def checked_samples(
    scores: Mapping[str, Sequence[float] | np.ndarray], alpha: float, bootstrap_iterations: int
) -> dict[str, np.ndarray]:
    """The scores of each strategy as float64 [n >= 2], in the order given.   Raises: as `aso_table`."""
    if not 0 < alpha < 1:
        raise ConfigError(f"the significance level must lie between 0 and 1, got {alpha}")
    if bootstrap_iterations < 2:
        raise ConfigError(f"ASO needs at least 2 bootstrap iterations, got {bootstrap_iterations}")
    if not scores:
        raise DataError("no strategy to compare: the table of scores is empty")
    return {name: checked_scores(name, values) for name, values in scores.items()}


def pair_seed(seed: int, a: str, b: str) -> int:
    """Seed of the bootstrap of a over b. Its iterations are seeded with + 1, + 2, ..., which must stay under 2**32."""
    return int(generator(seed, 0, f"ASO: {[a, b]}").integers(2**31))


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


def aso(
    scores_a: Sequence[float] | np.ndarray,
    scores_b: Sequence[float] | np.ndarray,
    confidence_level: float,
    bootstrap_iterations: int,
    seed: int,
) -> float:
    """eps_min of a over b: what deepsig.aso computes, to the last digit, without its loops over single quantiles.

    scores_a, scores_b: float [n >= 2], higher is better; n may differ.   confidence_level: in (0, 1), used as it is.
    seed: of the bootstrap, from 0; its iteration i is seeded with seed + 1 + i, as in deepsig, and stays under 2**32.
    Returns a value in [0, 1]; see aso_table.   Source: Dror et al. 2019; Ulmer, Hardmeier & Frellsen 2022.
    Raises: DataError for fewer than two scores; NumericError for a score that is not finite.
    """
    a, b = np.sort(checked_scores("scores_a", scores_a)), np.sort(checked_scores("scores_b", scores_b))
    ratio, bootstrapped = bootstrap_ratios(a, b, bootstrap_iterations, seed)
    return float(least_epsilon(ratio, bootstrapped, len(a), len(b), confidence_level))


def bootstrap_ratios(
    sorted_a: np.ndarray, sorted_b: np.ndarray, bootstrap_iterations: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Violation ratio of a over b, float [], and those of bootstrap samples, float [bootstrap_iterations].

    sorted_a, sorted_b: float [n], ascending.   seed: as in `aso`.
    """
    random = np.random.RandomState()
    ranks_a = np.empty((bootstrap_iterations, len(sorted_a)), dtype=np.int64)
    ranks_b = np.empty((bootstrap_iterations, len(sorted_b)), dtype=np.int64)
    for iteration in range(bootstrap_iterations):
        random.seed(seed + 1 + iteration)
        ranks_a[iteration] = ranks_at(random.uniform(0, 1, len(sorted_a)), len(sorted_a))
        ranks_b[iteration] = ranks_at(random.uniform(0, 1, len(sorted_b)), len(sorted_b))
    ratios = violation_ratios(quantiles(sorted_a, ranks_a), quantiles(sorted_b, ranks_b))
    return violation_ratios(quantiles(sorted_a), quantiles(sorted_b)), ratios


def quantiles(sorted_scores: np.ndarray, ranks: np.ndarray | None = None) -> np.ndarray:
    """Quantiles of a sample, or of bootstrap samples of it, at the probabilities 0.005, 0.01, ..., 0.995.

    sorted_scores: float [n], ascending.   ranks: int [..., n], the positions in it that were drawn; none: itself.
    Returns float [..., 199].
    """
    count = len(sorted_scores)
    positions = ranks_at(np.arange(QUANTILE_STEP, 1, QUANTILE_STEP), count)  # (199,)
    if ranks is None:
        return sorted_scores[positions]
    # Sorting the ranks sorts the scores, and short whole numbers are sorted ten times as fast.
    ordered = np.sort(ranks.astype(np.uint16 if count <= 2**16 else np.int64), axis=-1)
    return sorted_scores[np.take(ordered, positions, axis=-1)]


def violation_ratios(quantiles_a: np.ndarray, quantiles_b: np.ndarray) -> np.ndarray:
    """Share of the squared distance of two distributions that speaks against "a is stochastically larger than b".

    quantiles_a, quantiles_b: float [..., 199].   Returns float [...], in [0, 1]; 0.5 where the quantiles are equal.
    As in deepsig, the first of the probabilities never counts against a.   Source: Dror et al. 2019, eq. 4 and 5.
    """
    # Products and sums in deepsig's order, each row in one piece, for the same last digit; in place, for the speed.
    difference = np.subtract(quantiles_b, quantiles_a, order="C")
    squares = difference**2
    squares *= QUANTILE_STEP
    distance = np.sum(squares, axis=-1)
    squares *= difference > 0
    against = np.sum(squares[..., 1:], axis=-1)
    return np.divide(against, distance, out=np.full_like(distance, 0.5), where=distance != 0)


def least_epsilon(
    ratios: np.ndarray, bootstrapped: np.ndarray, count_a: int, count_b: int, confidence_level: float
) -> np.ndarray:
    """eps_min, the upper confidence bound of a violation ratio.

    ratios: float [...], of the samples.   bootstrapped: float [..., bootstrap iterations], of their bootstrap samples.
    count_a, count_b: scores in each sample.   Returns float [...], in [0, 1].   Source: Dror et al. 2019.
    """
    scale = np.sqrt(count_a * count_b / (count_a + count_b))
    spread = np.std(scale * (bootstrapped - ratios[..., np.newaxis]), axis=-1)
    return np.clip(ratios - (1 / scale) * spread * ndtri(1 - confidence_level), 0, 1)


def final_scores(runs: pd.DataFrame, strategies: Sequence[str]) -> dict[str, np.ndarray]:
    """Test accuracy of each strategy after its last iteration, by seed: one score for each run, as ASO assumes.

    runs: every strategy with the same seeds and iterations.   Returns float [seeds] for each strategy.
    Raises: as curve_table; DataError for a strategy without runs.
    """
    curves = curve_table(runs)
    for strategy in strategies:
        if strategy not in curves.index.levels[0]:
            raise DataError(f"no runs of the strategy {strategy}: add it to the run, or do not compare it")
    return {strategy: curves.loc[strategy].to_numpy()[:, -1] for strategy in strategies}


def ranks_at(probabilities: np.ndarray, count: int) -> np.ndarray:
    """Position of each probability's quantile in a sorted sample of `count` scores, as deepsig rounds it."""
    return np.clip(np.ceil(count * probabilities).astype(np.int64) - 1, 0, count - 1)
