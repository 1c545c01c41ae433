"""How often does each test name a winner where there is none? Deals out runs at random; compares no strategies."""

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import combinations, permutations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from cartography_al.analysis.runs import area_under_curve, curve_table
from cartography_al.errors import ConfigError, DataError
from cartography_al.naming import in_order
from cartography_al.seeding import generator
from cartography_al.significance.aso import least_epsilon, quantiles, violation_ratios
from cartography_al.significance.intervals import over_seeds, wilson_interval
from cartography_al.significance.paired import holm, sign_flip_p
from cartography_al.significance.readings import BONFERRONI, DEEPSIG, PAPER_CALL, draw, paper_epsilon

CALL = "ASO, the paper's call"
TODAY = "ASO, deepsig 1.2.8"
POOLED = "ASO, all iterations pooled"
FINAL = "ASO, last iteration"
AREA = "paired permutation test, area under the curve"
INTERVAL = "paired t interval, area under the curve"
"""The procedures: the paper's own, ASO of the same scores, ASO with one score for each run, and the paired tests."""
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
_Counts = dict[tuple[str, str, str], tuple[int, int]]
_EPS_VERDICTS = ("eps_min = 0", "eps_min < 0.2", "eps_min < 0.5")
_P_VERDICT = "p < alpha"
_T_VERDICT = "0 outside"


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
    resample: bool = True,
) -> pd.DataFrame:
    """False verdicts of each procedure in tables that compare groups of runs which do not differ (an A/A test).

    runs: as in significance.curve_table.   strategies: those whose runs are drawn, one or several.
    seeds_per_group: runs that each group of a table has.   repetitions: tables for each of these numbers.
    compared: groups in a table.   alpha: of a whole table.   bootstrap_iterations: of ASO.   seed: of everything drawn.
    processes: as in significance.aso_table; with more than one, the calling script needs an
    ``if __name__ == "__main__":`` guard. They change no number.
    resample: draw the seeds with replacement; otherwise each table has each seed once, whatever `seeds_per_group` says.

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
    - TODAY: as `readings.deepsig_call`, and CALL, the paper's: as `readings.paper_call`, with its two decimals; both of
      the same scores as POOLED;
    - AREA: each group against the first, run by run in the order drawn; correction none or holm; verdict p < alpha;
    - INTERVAL: the same, by the 95% interval of Student's t; verdict: 0 lies outside.

    Returns the columns of COLUMN_TYPES, one row for each procedure, correction, verdict and n (`seeds`), in this order:
    strategies, joined by commas; curves, how many were drawn from; comparisons in a table; false_pairs, comparisons
    with the verdict over all tables, and pair_share, their share; false_tables, tables with at least one, and
    table_share. *_low and *_high are a 95% interval: Wilson's, for pair_share with the effective number of pairs, since
    those of one table share groups; on both sides of it, what another choice of the seeds may move, by the jackknife:
    the same with each seed left out, of as many tables in all.

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
    seeds = len(curves) // len(names)
    if seeds < 2:
        raise DataError(f"{', '.join(names)}: a calibration needs the runs of at least 2 seeds, got 1")
    sizes = list(seeds_per_group) if resample else [seeds]
    left_out = [None, *range(seeds)] if seeds > 2 else [None]

    work = partial(
        _table,
        curves=curves.reshape(len(names), seeds, -1),
        names=names,
        compared=compared,
        alpha=alpha,
        bootstrap_iterations=bootstrap_iterations,
        seed=seed,
        resample=resample,
    )
    fewer = -(-repetitions // seeds)
    tasks = [
        (size, out, repetition)
        for size in sizes
        for out in left_out
        for repetition in range(repetitions if out is None else fewer)
    ]
    if processes == 1:
        tables = [work(task) for task in tasks]
    else:
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
            tables = list(pool.map(work, tasks, chunksize=max(1, len(tasks) // (8 * processes))))
    counted: dict[tuple[int, int | None], list[_Counts]] = {}
    for (size, out, _), table in zip(tasks, tables, strict=True):
        counted.setdefault((size, out), []).append(table)

    rows = []
    for key in tables[0]:
        for size in sizes:
            false = {out: np.array([table[key][0] for table in counted[size, out]]) for out in left_out}
            comparisons = tables[0][key][1]
            what = *key, size, alpha, repetitions, comparisons
            of_pairs = _share([counts / comparisons for counts in false.values()])
            of_tables = _share([counts > 0 for counts in false.values()])
            counts = false[None]
            rows.append(
                (", ".join(names), len(curves), *what, counts.sum(), *of_pairs, int((counts > 0).sum()), *of_tables)
            )
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def errors_of_readings(frame: pd.DataFrame, seeds: int) -> pd.DataFrame:
    """The rows of a calibration frame about the readings of Table 2, with so many seeds; in front, `reading`."""
    procedures = {PAPER_CALL: (CALL, "bonferroni"), BONFERRONI: (POOLED, "bonferroni"), DEEPSIG: (TODAY, "deepsig")}
    own = frame[frame["seeds"] == seeds]
    parts = [
        own[(own["procedure"] == procedure) & (own["correction"] == correction)].assign(reading=reading)
        for reading, (procedure, correction) in procedures.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _share(shares: Sequence[np.ndarray]) -> tuple[float, float, float]:
    """Mean of the tables' shares, and its 95% confidence interval.

    shares: float [tables] in [0, 1], or bool, of all seeds and then without each of them; the seeds alone may do.
    Comparisons in one table share groups, so they are fewer independent trials than there are. Their effective number
    is the one whose binomial variance is that between the tables, and at least the number of tables. What a choice of
    other seeds may move is the jackknife's standard deviation, less what the number of tables leaves uncertain, times
    the quantile of Student's t.
    """
    every, *without = shares
    count, mean = len(every), float(np.mean(every))
    variance = float(np.var(every)) / count
    low, high = wilson_interval(mean, max(count, mean * (1 - mean) / variance) if variance > 0 else count)
    if not without:
        return mean, low, high
    seeds, means = len(without), np.array([part.mean() for part in without])
    factor = (seeds - 1) / seeds
    by_chance = factor * sum(float(np.var(part)) / len(part) for part in without)
    spread = np.sqrt(max(factor * ((means - means.mean()) ** 2).sum() - by_chance, 0.0))
    margin = float(stdtrit(seeds - 1, 0.975) * spread)
    return mean, max(low - margin, 0.0), min(high + margin, 1.0)


def _table(
    task: tuple[int, int | None, int],
    curves: np.ndarray,
    names: Sequence[str],
    compared: int,
    alpha: float,
    bootstrap_iterations: int,
    seed: int,
    resample: bool,
) -> _Counts:
    """Comparisons with a verdict, and all comparisons, of each procedure, correction and verdict in one table.

    task: runs in a group, the place of the seed that is left out, and the number of the repetition.
    curves: float [strategies, seeds, iterations + 1].
    """
    size, out, repetition = task
    without = "" if out is None else f", without seed {out}"
    random = generator(seed, repetition, f"calibration: {', '.join(names)}, {size} runs{without}")
    if out is not None:
        curves = np.delete(curves, out, axis=1)
    seeds = curves.shape[1]
    if len(names) == 1:
        drawn = curves[0, random.integers(seeds, size=(compared, size))]  # (compared, size, iterations + 1)
    else:
        size = size if resample else seeds
        dealt = random.permuted(np.tile(np.arange(len(names)), (size, 1)), axis=1)  # each row: one seed's strategies
        drawn = curves[dealt.T[:compared], random.integers(seeds, size=size) if resample else np.arange(seeds)]
    pairs = compared * (compared - 1)  # ordered
    levels = {"none": 1 - alpha, "deepsig": 1 - alpha + alpha / (pairs / 2), "bonferroni": 1 - alpha / pairs}
    found: _Counts = {}
    for procedure, scores in ((POOLED, drawn.reshape(compared, -1)), (FINAL, drawn[:, :, -1])):
        ratios, bootstrapped = _ratios(np.sort(scores, axis=1), bootstrap_iterations, random)
        for correction, level in levels.items():
            eps = least_epsilon(ratios, bootstrapped, scores.shape[1], scores.shape[1], level)
            found |= _of_epsilons(procedure, correction, eps)
        if procedure == POOLED:
            earlier = [a < b for a, b in permutations(range(compared), 2)]
            both = [(ratios[earlier], bootstrapped[earlier]), (1 - ratios[earlier], 1 - bootstrapped[earlier])]
            count = scores.shape[1]
            today = [least_epsilon(*each, count, count, levels["deepsig"]) for each in both]
    areas = np.array([[area_under_curve(curve) for curve in group] for group in drawn])  # (compared, size)
    differences = areas[1:] - areas[0]
    p = np.array([sign_flip_p(difference) for difference in differences])
    for correction, values in (("none", p), ("holm", holm(p))):
        found[AREA, correction, _P_VERDICT] = int((values < alpha).sum()), compared - 1
    estimates = [over_seeds(pd.Series(difference), 1 - alpha) for difference in differences]
    outside = sum(each.low > 0 or each.high < 0 for each in estimates)
    found[INTERVAL, "none", _T_VERDICT] = outside, compared - 1
    found |= _of_epsilons(TODAY, "deepsig", np.concatenate(today))
    return found | _of_epsilons(CALL, "bonferroni", _paper_epsilons(drawn, alpha, bootstrap_iterations, random))


def _of_epsilons(procedure: str, correction: str, eps: np.ndarray) -> _Counts:
    """How many of the eps_min of all ordered pairs are 0, under 0.2 and under 0.5."""
    counts = (eps == 0).sum(), (eps < 0.2).sum(), (eps < 0.5).sum()
    return {
        (procedure, correction, verdict): (int(count), len(eps))
        for verdict, count in zip(_EPS_VERDICTS, counts, strict=True)
    }


def _paper_epsilons(
    drawn: np.ndarray, alpha: float, bootstrap_iterations: int, random: np.random.Generator
) -> np.ndarray:
    """eps_min of all ordered pairs by the paper's call, float [pairs], with its two decimals.

    drawn: float [groups, runs, iterations + 1]; the groups are in the order of the table.
    """
    samples = np.sort(drawn.reshape(len(drawn), -1), axis=1)
    bootstrapped = [draw(scores, bootstrap_iterations, random) for scores in samples]
    pairs = list(combinations(range(len(samples)), 2))
    level = 1 - alpha / len(pairs)
    eps = [paper_epsilon(samples[a], samples[b], bootstrapped[a], bootstrapped[b], level) for a, b in pairs]
    return np.round([*eps, *(1 - value for value in eps)], 2)


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
