"""Areas under learning curves compared seed by seed: permutation test, intervals, Holm's correction."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cartography_al.analysis.runs import area_under_curve, curve_table
from cartography_al.errors import DataError
from cartography_al.naming import in_order
from cartography_al.seeding import generator

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
AGAINST_RANDOM, OF_CAL, OF_CAL_EARLY = "strategy - Random", "CAL - strategy", "CAL - strategy, early"
"""The comparisons of areas."""
EXACT_PAIRS = 40
"""Up to this many pairs, a sign-flip test goes through all sign patterns."""


def seed_areas(runs: pd.DataFrame) -> pd.DataFrame:
    """Area under each learning curve: a row for each seed, a column for each strategy in the order of readers.

    runs: every strategy with the same seeds and iterations, of one data set and representation.
    Raises: as analysis.runs.curve_table.
    """
    curves = curve_table(runs)
    areas = pd.Series([area_under_curve(curve) for curve in curves.to_numpy()], curves.index).unstack("strategy")
    return areas[in_order(areas.columns)]


def area_comparisons(runs: pd.DataFrame, early: int) -> pd.DataFrame:
    """The areas of each strategy less Random's, and of CAL less each other strategy's, whole and in early iterations.

    runs: as `paired_area_differences`; what of Random and CAL is not in them is left out.   early: last iteration of
    the early ones.   Returns the rows of `paired_area_differences`, Holm's adjustment within each comparison, and in
    front `comparison`: AGAINST_RANDOM, OF_CAL or OF_CAL_EARLY, in this order.   Raises: as there.
    """
    present, last = set(runs["strategy"]), int(runs["iteration"].max())
    frames = {}
    if "random" in present:
        frames[AGAINST_RANDOM] = paired_area_differences(runs)
    if "cal" in present:
        frames[OF_CAL] = paired_area_differences(runs, "cal", of_baseline=True)
        if 0 < early < last:
            first = runs[runs["iteration"] <= early]
            frames[OF_CAL_EARLY] = paired_area_differences(first, "cal", of_baseline=True)
    if not frames:
        raise DataError("no runs of random or cal: add one of them to the run, to compare with it")
    return pd.concat(
        [pd.DataFrame({"comparison": name}, index=frame.index).join(frame) for name, frame in frames.items()],
        ignore_index=True,
    )


def paired_area_differences(
    runs: pd.DataFrame, baseline: str = "random", confidence: float = 0.95, of_baseline: bool = False
) -> pd.DataFrame:
    """Area under the learning curve of each strategy less the baseline's, seed by seed, and how sure that is.

    Runs with one seed share their seed set and first weights, so the differences within seeds are what is tested.
    runs: every strategy with the same seeds and iterations.   confidence: of the intervals, in (0, 1).
    of_baseline: the differences are the baseline's less each strategy's, the other way round.
    Returns one row for each strategy but the baseline, in the order in which readers see them:
    - strategy, baseline, seeds; area, baseline_area: means over the seeds; difference: their difference;
    - confidence, low, high: interval of the mean difference, by Student's t; NaN for one seed;
    - p: sign_flip_p of the differences; p_holm: adjusted for all rows of the table by Holm's method;
    - p_wilcoxon: the same test of the signed ranks, which is Wilcoxon's, with equal differences sharing a mean rank and
      zeros ranked but without a sign (Pratt 1959); not adjusted;
    - smallest_p: 2 / 2**seeds, the smallest p that so many seeds can give, before Holm's adjustment.
    Raises: as analysis.runs.curve_table; DataError for runs without the baseline or with a single iteration.
    """
    from scipy.stats import rankdata, t  # here, because importing scipy.stats takes longer than all the rest

    areas = seed_areas(runs)
    if baseline not in areas.columns:
        raise DataError(f"no runs of {baseline}, the baseline: add it to the run, or compare with another strategy")
    seeds = len(areas)
    rows = []
    for strategy in areas.columns.drop(baseline):
        difference = (1 - 2 * of_baseline) * (areas[strategy] - areas[baseline]).to_numpy()
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


def _signed_sums(values: np.ndarray) -> np.ndarray:
    """Sums of the values under all sign patterns, float [2**n]."""
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums + value, sums - value])
    return sums
