"""How many labels a given accuracy takes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cartography_al.analysis.runs import curve_table, labelled_sizes
from cartography_al.naming import in_order


def labels_needed(
    runs: pd.DataFrame, full_accuracy: float | None, shares: Sequence[float] = (0.95, 0.99)
) -> pd.DataFrame:
    """How many labels each strategy needs for given shares of the accuracy that all the training data gives.

    full_accuracy: None where training on all data is no ceiling; then no number of labels is given.
    runs: every strategy with the same seeds and iterations; columns strategy, seed, iteration, labelled, test_accuracy.
    Returns one row for each strategy, as readers see them, and share: strategy, share, target (share * full_accuracy),
    labelled (at the first iteration whose mean accuracy over the seeds reaches the target), median_labelled (over the
    seeds, of the labels at the first iteration at which that seed's run reaches it; a run that never does counts as
    more than any number), seeds_reaching, seeds. Both counts are Float64, missing where the target is not reached.
    The first iteration at which a wavering curve reaches a target comes early, for a run more than for the mean.
    Raises: as curve_table; DataError for labelled sets of different size at one iteration.
    """
    curves = curve_table(runs)
    sizes = labelled_sizes(runs)
    rows = []
    for strategy in in_order(curves.index.levels[0]):
        accuracy = curves.loc[strategy].to_numpy()  # (seeds, iterations + 1)
        labelled = sizes.loc[strategy].to_numpy(np.float64)  # (iterations + 1,)
        for share in shares:
            target = np.nan if full_accuracy is None else share * full_accuracy  # which nothing reaches
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


def _first_reached(accuracy: np.ndarray, labelled: np.ndarray, target: float) -> np.ndarray:
    """Labels at the first point of each curve that reaches the target, infinity for none.

    accuracy: float [curves, points].   labelled: float [points].   Returns float [curves].
    """
    reached = accuracy >= target
    return np.where(reached.any(axis=1), labelled[reached.argmax(axis=1)], np.inf)
