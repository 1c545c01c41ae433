"""Is one strategy better than another? ASO, and paired tests of the area under a learning curve. Draws no table."""

import multiprocessing
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import permutations

import numpy as np
import pandas as pd

from cartography_al.errors import CartographyError, ConfigError, DataError, NumericError
from cartography_al.naming import in_order
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

AREA_COLUMN_TYPES = {
    "strategy": "str",
    "baseline": "str",
    "seeds": "int32",
    "area": "float64",
    "baseline_area": "float64",
    "difference": "float64",
    "confidence": "float64",
    "low": "float64",
    "high": "float64",
    "p": "float64",
    "p_holm": "float64",
    "p_wilcoxon": "float64",
    "smallest_p": "float64",
}
"""The columns of the frame of paired differences and their types."""

QUANTILE_STEP = 0.005
"""Distance of the probabilities at which ASO compares quantiles; deepsig's default."""

EXACT_PAIRS = 40
"""Up to this many pairs, a sign-flip test goes through all sign patterns."""


def aso_table(
    scores: Mapping[str, Sequence[float] | np.ndarray],
    alpha: float,
    bootstrap_iterations: int,
    seed: int,
    processes: int = 1,
    deepsig: bool = True,
) -> pd.DataFrame:
    """Almost Stochastic Order of every strategy over every other one, at alpha shared by all comparisons (Bonferroni).

    scores: for each strategy, float [n >= 2], higher is better; n may differ.   alpha: in (0, 1), of the whole table.
    bootstrap_iterations: for each ordered pair.   seed: of the bootstrap.   processes: each costs an import of deepsig;
    with more than one, the calling script needs an ``if __name__ == "__main__":`` guard, as for every spawned process.
    deepsig: compute with that library, or with `aso`, which gives the same numbers many times faster.
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
        deepsig=deepsig,
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
    a, b = np.sort(_checked("scores_a", scores_a)), np.sort(_checked("scores_b", scores_b))
    random = np.random.RandomState()
    ranks_a = np.empty((bootstrap_iterations, len(a)), dtype=np.int64)
    ranks_b = np.empty((bootstrap_iterations, len(b)), dtype=np.int64)
    for iteration in range(bootstrap_iterations):
        random.seed(seed + 1 + iteration)
        ranks_a[iteration] = _ranks(random.uniform(0, 1, len(a)), len(a))
        ranks_b[iteration] = _ranks(random.uniform(0, 1, len(b)), len(b))
    ratios = violation_ratios(quantiles(a, ranks_a), quantiles(b, ranks_b))
    return float(least_epsilon(violation_ratios(quantiles(a), quantiles(b)), ratios, len(a), len(b), confidence_level))


def quantiles(sorted_scores: np.ndarray, ranks: np.ndarray | None = None) -> np.ndarray:
    """Quantiles of a sample, or of bootstrap samples of it, at the probabilities 0.005, 0.01, ..., 0.995.

    sorted_scores: float [n], ascending.   ranks: int [..., n], the positions in it that were drawn; none: itself.
    Returns float [..., 199].
    """
    count = len(sorted_scores)
    positions = _ranks(np.arange(QUANTILE_STEP, 1, QUANTILE_STEP), count)  # (199,)
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
    from scipy.special import ndtri  # here, because aso_table, which is used in many processes, can do without

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


def curve_table(runs: pd.DataFrame) -> pd.DataFrame:
    """Test accuracies with one learning curve in a row: index (strategy, seed), columns iteration, all ascending.

    runs: columns strategy, seed, iteration, test_accuracy; every strategy with the same seeds and iterations.
    Raises: DataError for a missing or repeated run; NumericError for an accuracy that is not finite.
    """
    keys = ["strategy", "seed", "iteration"]
    if runs.empty:
        raise DataError("no runs: the frame of runs is empty")
    _refuse(runs, runs.duplicated(keys), DataError, "occurs twice; collect the runs again")
    broken = ~np.isfinite(runs["test_accuracy"].to_numpy(np.float64))
    _refuse(runs, broken, NumericError, "has a test accuracy that is not finite; run it again")
    grid = pd.MultiIndex.from_product([sorted(runs[key].unique()) for key in keys], names=keys)
    curves = runs.set_index(keys)["test_accuracy"].reindex(grid)
    _refuse(curves.reset_index(), curves.isna().to_numpy(), DataError, "is missing; run it, or collect the runs again")
    return curves.unstack("iteration")


def paired_area_differences(runs: pd.DataFrame, baseline: str = "random", confidence: float = 0.95) -> pd.DataFrame:
    """Area under the learning curve of each strategy less the baseline's, seed by seed, and how sure that is.

    Runs with one seed share their seed set and first weights, so the differences within seeds are what is tested.
    runs: every strategy with the same seeds and iterations.   confidence: of the intervals, in (0, 1).
    Returns one row for each strategy but the baseline, in the order in which readers see them:
    - strategy, baseline, seeds; area, baseline_area: means over the seeds; difference: their difference;
    - confidence, low, high: interval of the mean difference, by Student's t; NaN for one seed;
    - p: sign_flip_p of the differences; p_holm: adjusted for all rows of the table by Holm's method;
    - p_wilcoxon: the same test of the signed ranks, which is Wilcoxon's, with equal differences sharing a mean rank and
      zeros ranked but without a sign (Pratt 1959); not adjusted;
    - smallest_p: 2 / 2**seeds, the smallest p that so many seeds can give, before Holm's adjustment.
    Raises: as curve_table; DataError for runs without the baseline or with a single iteration.
    """
    from scipy.stats import rankdata, t  # here, because importing scipy.stats takes longer than all the rest

    curves = curve_table(runs)
    if baseline not in curves.index.levels[0]:
        raise DataError(f"no runs of {baseline}, the baseline: add it to the run, or compare with another strategy")
    areas = pd.Series([area_under_curve(curve) for curve in curves.to_numpy()], curves.index).unstack("strategy")
    seeds = len(areas)
    rows = []
    for strategy in in_order(areas.columns.drop(baseline)):
        difference = (areas[strategy] - areas[baseline]).to_numpy()
        mean = difference.mean()
        margin = np.nan
        if seeds > 1:
            margin = t.ppf((1 + confidence) / 2, seeds - 1) * difference.std(ddof=1) / np.sqrt(seeds)
        rows.append(
            {
                "strategy": strategy,
                "baseline": baseline,
                "seeds": seeds,
                "area": areas[strategy].mean(),
                "baseline_area": areas[baseline].mean(),
                "difference": mean,
                "confidence": confidence,
                "low": mean - margin,
                "high": mean + margin,
                "p": sign_flip_p(difference),
                "p_holm": np.nan,
                "p_wilcoxon": sign_flip_p(np.sign(difference) * rankdata(np.abs(difference))),
                "smallest_p": 2 / 2**seeds,
            }
        )
    table = pd.DataFrame(rows, columns=list(AREA_COLUMN_TYPES)).astype(AREA_COLUMN_TYPES)
    table["p_holm"] = holm(table["p"])
    return table


def sign_flip_p(differences: Sequence[float] | np.ndarray) -> float:
    """Two-sided paired permutation test of a mean difference: p under "each difference could have had either sign".

    differences: float [pairs].   Returns the share of all 2**pairs sign patterns whose sum is at least as far from 0,
    exactly, for up to EXACT_PAIRS; for more, scipy's estimate from 99,999 patterns, always the same ones.
    The value is that of scipy.stats.permutation_test, which needs seconds for 20 pairs and cannot go much further.
    """
    values = np.asarray(differences, dtype=np.float64)
    if len(values) > EXACT_PAIRS:
        from scipy.stats import permutation_test

        test = permutation_test(
            (values,),
            np.mean,
            permutation_type="samples",
            n_resamples=99_999,
            batch=1_000,
            rng=generator(0, 0, "sign flips"),
        )
        return float(test.pvalue)
    # Sums that are equal but for rounding count as equal: as far from 0 as the observed one.
    bound = abs(values.sum()) - 1e-12 * np.abs(values).sum()
    if bound <= 0:
        return 1.0
    # Every pattern's sum is one of the first half's plus one of the second half's: 2 * 2**(n/2) numbers, not 2**n.
    half = len(values) // 2
    left, right = _signed_sums(values[:half]), np.sort(_signed_sums(values[half:]))
    above = (len(right) - np.searchsorted(right, bound - left)).sum()
    return float(2 * above / 2.0 ** len(values))


def holm(p: Sequence[float] | np.ndarray | pd.Series) -> np.ndarray:
    """Holm's (1979) adjusted p values: rejecting those under alpha keeps the chance of any false rejection under alpha.

    p: float [tests].   Returns float [tests], in the same order, at most 1.
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1)), 1)
    return adjusted


def labels_needed(runs: pd.DataFrame, full_accuracy: float, shares: Sequence[float] = (0.95, 0.99)) -> pd.DataFrame:
    """How many labels each strategy needs for given shares of the accuracy that all the training data gives.

    runs: every strategy with the same seeds and iterations; columns strategy, seed, iteration, labelled, test_accuracy.
    Returns one row for each strategy, as readers see them, and share: strategy, share, target (share * full_accuracy),
    labelled (at the first iteration whose mean accuracy over the seeds reaches the target), median_labelled (over the
    seeds, of the labels at the first iteration at which that seed's run reaches it; a run that never does counts as
    more than any number), seeds_reaching, seeds. Both counts are Float64, missing where the target is not reached.
    The first iteration at which a wavering curve reaches a target comes early, for a run more than for the mean.
    Raises: as curve_table; DataError for labelled sets of different size at one iteration.
    """
    curves = curve_table(runs)
    sizes = runs.groupby(["strategy", "iteration"])["labelled"].agg(["min", "max"])
    if (sizes["min"] != sizes["max"]).any():
        strategy, iteration = sizes.index[sizes["min"] != sizes["max"]][0]
        raise DataError(f"{strategy}, iteration {iteration}: the seeds' labelled sets differ in size; run it again")
    rows = []
    for strategy in in_order(curves.index.levels[0]):
        accuracy = curves.loc[strategy].to_numpy()  # (seeds, iterations + 1)
        labelled = sizes["min"].loc[strategy].to_numpy(np.float64)  # (iterations + 1,)
        for share in shares:
            target = share * full_accuracy
            first = _first_reached(accuracy, labelled, target)
            rows.append(
                {
                    "strategy": strategy,
                    "share": share,
                    "target": target,
                    "labelled": _first_reached(accuracy.mean(axis=0, keepdims=True), labelled, target)[0],
                    "median_labelled": np.median(first),
                    "seeds_reaching": int(np.isfinite(first).sum()),
                    "seeds": len(first),
                }
            )
    table = pd.DataFrame(rows)
    for column in ("labelled", "median_labelled"):
        table[column] = table[column].where(np.isfinite(table[column])).astype("Float64")
    return table


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
    deepsig: bool,
) -> float:
    """eps_min of the pair's first strategy over its second one."""
    a, b = pair
    # deepsig seeds its bootstrap iterations with pair_seed + 1, + 2, ..., which must stay under 2**32.
    pair_seed = int(generator(seed, 0, f"ASO: {[a, b]}").integers(2**31))
    if not deepsig:
        return aso(samples[a], samples[b], confidence_level, bootstrap_iterations, pair_seed)
    from deepsig import aso as deepsig_aso  # here, because it imports torch, which costs seconds

    with warnings.catch_warnings():
        # Two samples with equal quantiles: deepsig warns and takes 0.5, the value of "no order", which is right.
        warnings.filterwarnings("ignore", "Division by zero encountered in violation ratio", UserWarning)
        # Advice for users of its former meaning; the level here is computed, and under 0.95 for a large alpha only.
        warnings.filterwarnings("ignore", "'confidence_level' was refactored", UserWarning)
        eps = deepsig_aso(
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


def _ranks(probabilities: np.ndarray, count: int) -> np.ndarray:
    """Position of each probability's quantile in a sorted sample of `count` scores, as deepsig rounds it."""
    return np.clip(np.ceil(count * probabilities).astype(np.int64) - 1, 0, count - 1)


def _signed_sums(values: np.ndarray) -> np.ndarray:
    """Sums of the values under all sign patterns, float [2**n]."""
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums + value, sums - value])
    return sums


def _first_reached(accuracy: np.ndarray, labelled: np.ndarray, target: float) -> np.ndarray:
    """Labels at the first point of each curve that reaches the target, infinity for none.

    accuracy: float [curves, points].   labelled: float [points].   Returns float [curves].
    """
    reached = accuracy >= target
    return np.where(reached.any(axis=1), labelled[reached.argmax(axis=1)], np.inf)


def _refuse(runs: pd.DataFrame, rows: pd.Series | np.ndarray, error: type[CartographyError], complaint: str) -> None:
    """Raise the error about the first of the marked rows, if any is."""
    found = np.flatnonzero(rows)
    if len(found):
        run = runs.iloc[int(found[0])]
        raise error(f"{run['strategy']}, seed {run['seed']}, iteration {run['iteration']} {complaint}")
