"""How often does each test name a winner where there is none? Deals out runs at random; compares no strategies."""

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import permutations, product

import numpy as np
import pandas as pd

from cartography_al.analysis.runs import area_under_curve, curve_table
from cartography_al.errors import ConfigError, DataError
from cartography_al.naming import in_order
from cartography_al.seeding import generator
from cartography_al.significance.aso import least_epsilon, quantiles, violation_ratios
from cartography_al.significance.intervals import wilson_interval
from cartography_al.significance.paired import holm, sign_flip_p

POOLED = "ASO, all iterations pooled"
FINAL = "ASO, last iteration"
AREA = "paired permutation test, area under the curve"
"""The procedures: the paper's, ASO with one score for each run, and significance.paired_area_differences."""
COLUMN_TYPES = {
    "strategies": "str",
    "curves": "int32",
    "procedure": "str",
    "correction": "str",
    "verdict": "str",
    "seeds": "int32",
    "alpha": "float64",
    "tables": "int32",
    "comparisons": "int32",
    "false_pairs": "int64",
    "pair_share": "float64",
    "pair_low": "float64",
    "pair_high": "float64",
    "false_tables": "int64",
    "table_share": "float64",
    "table_low": "float64",
    "table_high": "float64",
}
"""The columns of a calibration frame and their types."""
_EPS_VERDICTS = ("eps_min = 0", "eps_min < 0.2", "eps_min < 0.5")
_P_VERDICT = "p < alpha"


def calibrate(
    runs: pd.DataFrame,
    strategies: str | Sequence[str],
    *,
    seeds_per_group: Sequence[int] = (5, 20),
    repetitions: int = 500,
    compared: int = 6,
    alpha: float = 0.05,
    bootstrap_iterations: int = 1000,
    seed: int = 0,
    processes: int = 1,
) -> pd.DataFrame:
    """False verdicts of each procedure in tables that compare groups of runs which do not differ (an A/A test).

    runs: as in significance.curve_table.   strategies: those whose runs are drawn, one or several.
    seeds_per_group: runs that each group of a table has.   repetitions: tables for each of these numbers.
    compared: groups in a table.   alpha: of a whole table.   bootstrap_iterations: of ASO.   seed: of everything drawn.
    processes: as in significance.aso_table; with more than one, the calling script needs an
    ``if __name__ == "__main__":`` guard. They change no number.

    For each table, `compared` groups of n learning curves are drawn, in one of two ways:
    - from one strategy: each curve is one of its runs, with replacement. Groups are then as unlike as if real
      strategies shared no seeds; what a shared seed set moves in all strategies' runs alike is chance here.
    - from several strategies: n seeds are drawn with replacement, and each seed's runs are dealt to the groups, one to
      each, at random. Groups share seeds as real strategies do; if the strategies differ, that widens every group.
    Either way all groups come from one distribution, so whatever a procedure says of two of them is false. Procedures:
    - POOLED, the paper's: the scores of all iterations and runs of a group are one sample;
    - FINAL: the sample is each run's last score.
      Both give eps_min of each ordered pair at three confidence levels (`correction`): none, 1 - alpha; deepsig,
      1 - alpha + alpha / m with m unordered pairs, which is what its own correction computes; bonferroni, 1 - alpha / m
      with m ordered pairs. Verdicts: eps_min = 0 ("dominant"), < 0.2, < 0.5 ("better").
    - AREA: each group against the first, run by run in the order drawn; correction none or holm; verdict p < alpha.

    Returns the columns of COLUMN_TYPES, one row for each procedure, correction, verdict and n (`seeds`), in this order:
    strategies, joined by commas; curves, how many were drawn from; comparisons in a table; false_pairs, comparisons
    with the verdict over all tables, and pair_share, their share; false_tables, tables with at least one, and
    table_share. *_low and *_high are Wilson's 95% interval; for pair_share with the effective number of pairs, since
    those of one table share groups.

    It says how the procedures judge runs like these: a handful of curves stands for all runs there could be, and a
    group drawn from five of them repeats some. ASO is computed as in significance.aso, but from random numbers of this
    project's own generator, and a group keeps its bootstrap samples through all comparisons of a table.
    Raises: ConfigError for an option out of range; DataError for a strategy without runs, fewer than two seeds or two
    iterations; and as significance.curve_table.
    """
    if not 0 < alpha < 1:
        raise ConfigError(f"the significance level must lie between 0 and 1, got {alpha}")
    for name, value, minimum in (
        ("seeds_per_group", min(seeds_per_group, default=0), 2),
        ("repetitions", repetitions, 1),
        ("compared", compared, 2),
        ("bootstrap_iterations", bootstrap_iterations, 2),
        ("processes", processes, 1),
    ):
        if value < minimum:
            raise ConfigError(f"{name} must be at least {minimum} for a calibration, got {value}")
    names = [strategies] if isinstance(strategies, str) else in_order(strategies)
    if 1 < len(names) < compared:
        raise ConfigError(f"{compared} groups need the runs of 1, or at least {compared}, strategies, got {len(names)}")
    for name in names:
        if not (runs["strategy"] == name).any():
            raise DataError(f"no runs of the strategy {name}: run it, or calibrate without it")
    curves = curve_table(runs.loc[runs["strategy"].isin(names)]).to_numpy()  # (strategies * seeds, iterations + 1)
    if len(curves) < 2 * len(names):
        raise DataError(f"{', '.join(names)}: a calibration needs the runs of at least 2 seeds, got 1")

    work = partial(
        _table,
        curves=curves,
        areas=np.array([area_under_curve(curve) for curve in curves]),
        names=names,
        compared=compared,
        alpha=alpha,
        bootstrap_iterations=bootstrap_iterations,
        seed=seed,
    )
    tasks = list(product(seeds_per_group, range(repetitions)))
    if processes == 1:
        tables = [work(task) for task in tasks]
    else:
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
            tables = list(pool.map(work, tasks, chunksize=max(1, len(tasks) // (8 * processes))))

    rows = []
    for position, size in enumerate(seeds_per_group):
        of_size = tables[position * repetitions : (position + 1) * repetitions]
        for (procedure, correction, verdict), (_, comparisons) in of_size[0].items():
            false = np.array([table[procedure, correction, verdict][0] for table in of_size])
            of_pairs = false.sum(), *_share(false / comparisons)
            of_tables = (false > 0).sum(), *_share(false > 0)
            what = procedure, correction, verdict, size, alpha, repetitions, comparisons
            rows.append((", ".join(names), len(curves), *what, *of_pairs, *of_tables))
    frame = pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)
    order = {key: rank for rank, key in enumerate(tables[0])}
    ranks = [order[key] for key in zip(frame["procedure"], frame["correction"], frame["verdict"], strict=True)]
    return frame.iloc[np.argsort(ranks, kind="stable")].reset_index(drop=True)


def _share(shares: np.ndarray) -> tuple[float, float, float]:
    """Mean of the tables' shares, and its 95% confidence interval.   shares: float [tables] in [0, 1], or bool.

    Comparisons in one table share groups, so they are fewer independent trials than there are. Their effective number
    is the one whose binomial variance is that between the tables, and at least the number of tables.
    """
    count, mean = len(shares), float(np.mean(shares))
    variance = float(np.var(shares)) / count
    return mean, *wilson_interval(mean, max(count, mean * (1 - mean) / variance) if variance > 0 else count)


def _table(
    task: tuple[int, int],
    curves: np.ndarray,
    areas: np.ndarray,
    names: Sequence[str],
    compared: int,
    alpha: float,
    bootstrap_iterations: int,
    seed: int,
) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Comparisons with a verdict, and all comparisons, of each procedure, correction and verdict in one table.

    task: runs in a group, and the number of the repetition.   curves: float [strategies * seeds, iterations + 1], by
    strategy, then seed.   areas: float [strategies * seeds], under each curve.
    """
    size, repetition = task
    random = generator(seed, repetition, f"calibration: {', '.join(names)}, {size} runs")
    if len(names) == 1:
        drawn = random.integers(len(curves), size=(compared, size))  # positions in curves
    else:
        seeds = len(curves) // len(names)
        dealt = random.permuted(np.tile(np.arange(len(names)), (size, 1)), axis=1)  # each row: one seed's strategies
        drawn = dealt.T[:compared] * seeds + random.integers(seeds, size=size)
    pairs = compared * (compared - 1)  # ordered
    levels = {"none": 1 - alpha, "deepsig": 1 - alpha + alpha / (pairs / 2), "bonferroni": 1 - alpha / pairs}
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for procedure, scores in ((POOLED, curves[drawn].reshape(compared, -1)), (FINAL, curves[drawn, -1])):
        ratios, bootstrapped = _ratios(np.sort(scores, axis=1), bootstrap_iterations, random)
        for correction, level in levels.items():
            eps = least_epsilon(ratios, bootstrapped, scores.shape[1], scores.shape[1], level)
            counts = (eps == 0).sum(), (eps < 0.2).sum(), (eps < 0.5).sum()
            found |= {
                (procedure, correction, verdict): (int(count), pairs)
                for verdict, count in zip(_EPS_VERDICTS, counts, strict=True)
            }
    p = np.array([sign_flip_p(areas[group] - areas[drawn[0]]) for group in drawn[1:]])
    for correction, values in (("none", p), ("holm", holm(p))):
        found[AREA, correction, _P_VERDICT] = int((values < alpha).sum()), compared - 1
    return found


def _ratios(
    sorted_scores: np.ndarray, bootstrap_iterations: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Violation ratios of all ordered pairs of samples: float [pairs], and of bootstraps, float [pairs, iterations].

    sorted_scores: float [samples, n], each sample ascending.
    """
    samples, count = sorted_scores.shape
    observed = [quantiles(scores) for scores in sorted_scores]
    size = bootstrap_iterations, count
    resampled = [quantiles(scores, random.integers(count, size=size)) for scores in sorted_scores]
    pairs = list(permutations(range(samples), 2))
    return (
        np.array([violation_ratios(observed[a], observed[b]) for a, b in pairs]),
        np.array([violation_ratios(resampled[a], resampled[b]) for a, b in pairs]),
    )
