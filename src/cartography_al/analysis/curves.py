"""Learning curves over the seeds, and the accuracies of Table 3."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cartography_al.acquisition.registry import threshold_strategy
from cartography_al.analysis.runs import (
    by_strategy,
    check_grid,
    final_accuracies,
    labelled_sizes,
    over_seeds_summary,
)
from cartography_al.errors import DataError


def learning_curves(runs: pd.DataFrame, train_rows: int) -> pd.DataFrame:
    """Test accuracy of each strategy against the labelled instances, over the seeds (figure 3).

    runs: every strategy with the same seeds and iterations.   train_rows: instances of the training split.
    Returns columns strategy, iteration, labelled, fraction (labelled / train_rows), and over the seeds mean, std
    (ddof 1; NaN for one seed), min, max of the test accuracy, and seeds, their number. By strategy, then iteration.
    Raises: DataError for a missing or repeated run, or labelled sets of different size at one iteration; NumericError
    for an accuracy that is not finite.
    """
    check_grid(runs)
    curves = over_seeds_summary(runs.groupby(["strategy", "iteration"])["test_accuracy"])
    curves.insert(2, "labelled", labelled_sizes(runs).to_numpy())
    curves.insert(3, "fraction", curves["labelled"] / train_rows)
    return by_strategy(curves, ["iteration"])


def threshold_accuracies(runs: pd.DataFrame, thresholds: Sequence[float], configured_threshold: float) -> pd.DataFrame:
    """Final test accuracy of cal for each correctness threshold (table 3).

    runs: those of cal at all `thresholds`; others are ignored.
    Returns one row for each threshold, ascending: threshold, strategy, configured (is it the one cal uses), mean, std
    (ddof 1; NaN for one seed), min, max of the final accuracy over the seeds, seeds, classifiers (binary classifiers
    asked for: one for each acquisition), single_class (those whose instances all fell into one class, so that there
    was nothing to tell apart), single_class_seeds (seeds with at least one of these).
    Raises: DataError for a threshold without runs, and as learning_curves.
    """
    names = {threshold_strategy(value, configured_threshold): float(value) for value in thresholds}
    for name, value in names.items():
        if not (runs["strategy"] == name).any():
            raise DataError(f"no runs of {name}: run cal at the threshold {value}, or take it out of the thresholds")
    runs = runs.loc[runs["strategy"].isin(list(names))]
    final = final_accuracies(runs)
    table = over_seeds_summary(final.groupby("strategy", sort=False)["test_accuracy"])
    table.insert(0, "threshold", table["strategy"].map(names))
    table.insert(2, "configured", table["threshold"] == configured_threshold)
    asked = runs["single_class"].astype(bool) | runs["binary_cal_accuracy"].notna()
    single = runs.loc[runs["single_class"].astype(bool)]
    table["classifiers"] = _counts(runs.loc[asked, "strategy"], table["strategy"])
    table["single_class"] = _counts(single["strategy"], table["strategy"])
    table["single_class_seeds"] = _counts(single.drop_duplicates(["strategy", "seed"])["strategy"], table["strategy"])
    return table.sort_values("threshold", ignore_index=True)


def _counts(names: pd.Series, order: pd.Series) -> np.ndarray:
    """How often each name of `order` occurs in `names`."""
    counts = names.value_counts()
    return np.array([counts.get(name, 0) for name in order], dtype=np.int64)
