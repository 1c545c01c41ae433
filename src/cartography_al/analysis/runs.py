"""Frames of runs: the check of a complete grid, learning curves and their areas, final accuracies.

A `runs` frame has one row for each strategy, seed and iteration (0 is the seed set); an `acquisitions` frame has one
row for each acquired instance, with the iteration in which it entered the labelled set (from 1).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cartography_al.errors import DataError, NumericError
from cartography_al.naming import in_order

STATISTICS = ("confidence", "variability", "correctness")
"""The coordinates of a data map."""


def exhausted_at(runs: pd.DataFrame, train_rows: int) -> int | None:
    """The iteration from which on all `train_rows` training texts are labelled: the pool is exhausted. None: it is not.

    runs: columns iteration, labelled.
    """
    iterations = runs.loc[runs["labelled"] >= train_rows, "iteration"]
    return int(iterations.min()) if len(iterations) else None


def final_accuracies(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs after their last iteration: one row for each strategy and seed, by strategy, then seed.

    Returns columns strategy, seed, iteration, labelled, test_accuracy, macro_f1.   Raises: as learning_curves.
    """
    check_grid(runs)
    last = runs.loc[runs["iteration"] == runs["iteration"].max()]
    return by_strategy(last[["strategy", "seed", "iteration", "labelled", "test_accuracy", "macro_f1"]], ["seed"])


def over_seeds_summary(groups: "pd.api.typing.SeriesGroupBy") -> pd.DataFrame:
    """Mean, std (ddof 1), min, max and the number of seeds of each group, with the group's keys as columns."""
    return groups.agg(["mean", "std", "min", "max", "count"]).rename(columns={"count": "seeds"}).reset_index()


def by_strategy(frame: pd.DataFrame, then: list[str]) -> pd.DataFrame:
    """The rows in the order of strategies that readers see, then by the given columns."""
    rank = {name: position for position, name in enumerate(in_order(frame["strategy"]))}
    ordered = frame.sort_values(then, kind="stable") if then else frame
    return ordered.sort_values("strategy", key=lambda column: column.map(rank), kind="stable", ignore_index=True)


def check_grid(runs: pd.DataFrame) -> None:
    """Every strategy has every seed and iteration exactly once, with a finite accuracy: else a mean would lie."""
    keys = ["strategy", "seed", "iteration"]
    if runs.empty:
        raise DataError("no runs: the frame of runs is empty")
    if runs.duplicated(keys).any():
        strategy, seed, iteration = runs.loc[runs.duplicated(keys), keys].iloc[0]
        raise DataError(f"{strategy}, seed {seed}, iteration {iteration} occurs twice; collect the runs again")
    full = pd.MultiIndex.from_product([runs[key].unique() for key in keys], names=keys)
    missing = full.difference(pd.MultiIndex.from_frame(runs[keys]))
    if len(missing):
        strategy, seed, iteration = missing[0]
        raise DataError(f"{strategy}, seed {seed}, iteration {iteration} is missing; run it, or collect the runs again")
    accuracy = runs["test_accuracy"].to_numpy(np.float64)
    if not np.isfinite(accuracy).all():
        strategy, seed, iteration = runs.loc[~np.isfinite(accuracy), keys].iloc[0]
        raise NumericError(f"{strategy}, seed {seed}, iteration {iteration}: test accuracy is not finite; run it again")


def area_under_curve(accuracy: Sequence[float] | np.ndarray) -> float:
    """Mean height of one run's learning curve: trapezoids over equally spaced iterations, divided by their number.

    accuracy: float [iterations + 1].   Returns a value in the range of `accuracy`.
    Raises: DataError for fewer than two points; NumericError for a value that is not finite.
    """
    height = checked_scores("the learning curve", accuracy)
    return float(np.trapezoid(height) / (len(height) - 1))


def curve_table(runs: pd.DataFrame) -> pd.DataFrame:
    """Test accuracies with one learning curve in a row: index (strategy, seed), columns iteration, all ascending.

    runs: columns strategy, seed, iteration, test_accuracy; every strategy with the same seeds and iterations.
    Raises: DataError for a missing or repeated run; NumericError for an accuracy that is not finite.
    """
    check_grid(runs)
    return (
        runs.pivot(index=["strategy", "seed"], columns="iteration", values="test_accuracy")
        .sort_index()
        .sort_index(axis=1)
    )


def labelled_sizes(runs: pd.DataFrame) -> pd.Series:
    """Labelled instances at each iteration: index (strategy, iteration), ascending, the same for all seeds.

    Raises: DataError where the seeds' labelled sets differ in size.
    """
    sizes = runs.groupby(["strategy", "iteration"])["labelled"].agg(["min", "max"])
    uneven = sizes.index[sizes["min"] != sizes["max"]]
    if len(uneven):
        strategy, iteration = uneven[0]
        raise DataError(f"{strategy}, iteration {iteration}: the seeds' labelled sets differ in size; run it again")
    return sizes["min"]


def checked_scores(name: str, values: Sequence[float] | np.ndarray) -> np.ndarray:
    """The values as float64 [n >= 2], all finite."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or len(array) < 2:
        raise DataError(f"{name}: at least 2 scores in one row are needed, got an array of shape {array.shape}")
    if not np.isfinite(array).all():
        position = int(np.flatnonzero(~np.isfinite(array))[0])
        raise NumericError(f"{name}: score {position + 1} of {len(array)} is {array[position]}, not a finite number")
    return array
