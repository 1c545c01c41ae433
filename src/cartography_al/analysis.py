"""What the runs say: curves, final accuracies, batch statistics, overlap. Frames in, frames out; nothing is drawn here.

A `runs` frame has one row for each strategy, seed and iteration (0 is the seed set); an `acquisitions` frame has one
row for each acquired instance, with the iteration in which it entered the labelled set (from 1).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from cartography_al.acquisition.registry import threshold_strategy
from cartography_al.errors import DataError, NumericError
from cartography_al.naming import in_order
from cartography_al.significance import area_under_curve

STATISTICS = ("confidence", "variability", "correctness")
"""The coordinates of a data map."""


def learning_curves(runs: pd.DataFrame, train_rows: int) -> pd.DataFrame:
    """Test accuracy of each strategy against the labelled instances, over the seeds (figure 3).

    runs: every strategy with the same seeds and iterations.   train_rows: instances of the training split.
    Returns columns strategy, iteration, labelled, fraction (labelled / train_rows), and over the seeds mean, std
    (ddof 1; NaN for one seed), min, max of the test accuracy, and seeds, their number. By strategy, then iteration.
    Raises: DataError for a missing or repeated run, or labelled sets of different size at one iteration; NumericError
    for an accuracy that is not finite.
    """
    _check_grid(runs)
    grouped = runs.groupby(["strategy", "iteration"], sort=False)
    sizes = grouped["labelled"].agg(["min", "max"])
    if (sizes["min"] != sizes["max"]).any():
        strategy, iteration = sizes.index[sizes["min"] != sizes["max"]][0]
        raise DataError(f"{strategy}, iteration {iteration}: the seeds' labelled sets differ in size; run it again")
    curves = _summary(grouped["test_accuracy"])
    curves.insert(2, "labelled", sizes["min"].to_numpy())
    curves.insert(3, "fraction", curves["labelled"] / train_rows)
    return _by_strategy(curves, ["iteration"])


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
    _check_grid(runs)
    last = runs.loc[runs["iteration"] == runs["iteration"].max()]
    return _by_strategy(last[["strategy", "seed", "iteration", "labelled", "test_accuracy", "macro_f1"]], ["seed"])


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
    table = _summary(final.groupby("strategy", sort=False)["test_accuracy"])
    table.insert(0, "threshold", table["strategy"].map(names))
    table.insert(2, "configured", table["threshold"] == configured_threshold)
    asked = runs["single_class"].astype(bool) | runs["binary_cal_accuracy"].notna()
    single = runs.loc[runs["single_class"].astype(bool)]
    table["classifiers"] = _counts(runs.loc[asked, "strategy"], table["strategy"])
    table["single_class"] = _counts(single["strategy"], table["strategy"])
    table["single_class_seeds"] = _counts(single.drop_duplicates(["strategy", "seed"])["strategy"], table["strategy"])
    return table.sort_values("threshold", ignore_index=True)


def summarize(runs: pd.DataFrame, full_data: pd.DataFrame, train_rows: int) -> pd.DataFrame:
    """The single values of the paper's text, for each strategy: how good it gets, and with how much data.

    runs: as learning_curves.   full_data: columns seed, test_accuracy, after training on everything.
    Returns, means over the seeds unless said otherwise: strategy, seeds, first_accuracy (seed set), final_accuracy and
    its final_std (ddof 1; NaN for one seed), final_macro_f1, area (under the learning curve) and area_std,
    full_accuracy (after training on all `train_rows`), share_of_full (final / full), fraction_to_full (labelled
    fraction at the first iteration whose mean accuracy reaches full_accuracy; NaN if none does), binary_cal_accuracy,
    binary_dal_accuracy (after the last iteration; NaN without that classifier).   Raises: as learning_curves.
    """
    curves = learning_curves(runs, train_rows)
    full_accuracy = float(full_data["test_accuracy"].mean())
    rows = []
    for strategy, curve in curves.groupby("strategy", sort=False):
        own = runs.loc[runs["strategy"] == strategy]
        areas = [
            area_under_curve(run.sort_values("iteration")["test_accuracy"]) for _, run in own.groupby("seed", sort=True)
        ]
        last = own.loc[own["iteration"] == own["iteration"].max()]
        reached = curve.loc[curve["mean"] >= full_accuracy, "fraction"]
        rows.append(
            {
                "strategy": strategy,
                "seeds": len(areas),
                "first_accuracy": curve["mean"].iloc[0],
                "final_accuracy": curve["mean"].iloc[-1],
                "final_std": curve["std"].iloc[-1],
                "final_macro_f1": last["macro_f1"].mean(),
                "area": np.mean(areas),
                "area_std": np.std(areas, ddof=1) if len(areas) > 1 else np.nan,
                "full_accuracy": full_accuracy,
                "share_of_full": curve["mean"].iloc[-1] / full_accuracy,
                "fraction_to_full": reached.iloc[0] if len(reached) else np.nan,
                "binary_cal_accuracy": last["binary_cal_accuracy"].mean(),
                "binary_dal_accuracy": last["binary_dal_accuracy"].mean(),
            }
        )
    return pd.DataFrame(rows)


def batch_statistics(acquisitions: pd.DataFrame) -> pd.DataFrame:
    """Mean confidence, variability and correctness of each acquired batch, after retraining with it (figure 4).

    Returns columns strategy, iteration, statistic (one of STATISTICS), and over the seeds mean, std (ddof 1; NaN for
    one seed), min, max of the batch's mean, and seeds. By strategy, statistic, iteration.
    A seed counts once, whatever the size of its batch.   Raises: NumericError for a statistic that is not finite.
    """
    values = acquisitions[list(STATISTICS)].to_numpy(np.float64)
    if not np.isfinite(values).all():
        row = acquisitions.iloc[int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])]
        raise NumericError(
            f"{row['strategy']}, seed {row['seed']}, iteration {row['iteration']}: the training dynamics of instance "
            f"{row['instance_id']} are not finite; run this iteration again"
        )
    batches = acquisitions.groupby(["strategy", "seed", "iteration"], sort=False)[list(STATISTICS)].mean()
    long = batches.reset_index().melt(["strategy", "seed", "iteration"], list(STATISTICS), "statistic", "value")
    table = _summary(long.groupby(["strategy", "iteration", "statistic"], sort=False)["value"])
    rank = {name: position for position, name in enumerate(STATISTICS)}
    table = table.sort_values("iteration", kind="stable").sort_values(
        "statistic", key=lambda column: column.map(rank), kind="stable"
    )
    return _by_strategy(table, [])


def overlap(acquisitions: pd.DataFrame, seed_sets: Mapping[int, Iterable[int]], train_rows: int) -> pd.DataFrame:
    """How far each two strategies acquire the same instances, in two ways of counting, and what chance gives (table 4).

    acquisitions: every strategy with the same seeds and batch sizes.   seed_sets: instance ids of each seed's seed set.
    train_rows: instances of the training split; the first pool of a seed is 0 ... train_rows - 1 without its seed set.
    Returns one row for each unordered pair: strategy_a, strategy_b, seeds, acquired (by each of them, all seeds), and
    - shared_instances: instances acquired by both in runs with the same seed, in whatever iteration, over all seeds;
    - shared_positions: the released code's count (D15). At each iteration, each strategy's batch is named by positions
      in its own pool, which holds its remaining ids in ascending order; equal positions are counted, over iterations
      and seeds. After the first acquisition a position no longer names the same instance in both pools.
    Each comes with *_chance, *_low and *_high: mean and central 95% range of that count if both drew uniformly.
    Raises: DataError for a seed without seed set, runs that differ in seeds, iterations or batch size, an instance
    acquired twice, from the seed set or from outside the training split.
    """
    strategies = in_order(acquisitions["strategy"])
    _check_batches(acquisitions)
    batches: dict[tuple[str, int], list[np.ndarray]] = {}  # instance ids, for each strategy and seed
    positions: dict[tuple[str, int], list[np.ndarray]] = {}  # the same batches, as positions in the shrinking pool
    pools: dict[int, list[int]] = {}  # size of the pool before each batch, the same for every strategy
    for (strategy, seed), run in acquisitions.groupby(["strategy", "seed"]):
        if seed not in seed_sets:
            raise DataError(f"seed {seed} has acquisitions and no seed set: pass the seed set of every seed")
        key = strategy, seed
        batches[key] = [batch["instance_id"].to_numpy() for _, batch in run.groupby("iteration", sort=True)]
        pool_ids = np.setdiff1d(np.arange(train_rows), np.asarray(list(seed_sets[seed]), dtype=np.int64))
        positions[key], pools[seed] = _positions_in_pool(batches[key], pool_ids, f"{strategy}, seed {seed}")

    # Chance is the same for every pair, because all batches of one seed and iteration have the same size.
    sizes = {seed: [len(batch) for batch in batches[strategies[0], seed]] for seed in pools}
    acquired = sum(map(sum, sizes.values()))
    instance_chance = _shared_by_chance([(pools[seed][0], sum(sizes[seed])) for seed in pools])
    position_chance = _shared_by_chance([draw for seed in pools for draw in zip(pools[seed], sizes[seed], strict=True)])
    rows = []
    for a, b in combinations(strategies, 2):
        shared_instances = shared_positions = 0
        for seed in pools:
            of_a, of_b = np.concatenate(batches[a, seed]), np.concatenate(batches[b, seed])
            shared_instances += len(np.intersect1d(of_a, of_b))
            for batch_a, batch_b in zip(positions[a, seed], positions[b, seed], strict=True):
                shared_positions += len(np.intersect1d(batch_a, batch_b))
        rows.append(
            (a, b, len(pools), acquired, shared_instances, *instance_chance, shared_positions, *position_chance)
        )
    columns = ["strategy_a", "strategy_b", "seeds", "acquired"]
    for count in ("shared_instances", "shared_positions"):
        columns += [count, f"{count}_chance", f"{count}_low", f"{count}_high"]
    return pd.DataFrame(rows, columns=columns)


def _positions_in_pool(
    batches: Sequence[np.ndarray], pool_ids: np.ndarray, run: str
) -> tuple[list[np.ndarray], list[int]]:
    """Positions of each batch in the pool that is left, and that pool's size before each batch.

    batches: instance ids, one array for each acquisition.   pool_ids: int [pool], ascending.
    """
    positions, sizes = [], []
    for batch_ids in batches:
        found = np.searchsorted(pool_ids, batch_ids)
        absent = (found == len(pool_ids)) | (pool_ids.take(found, mode="clip") != batch_ids)
        if absent.any() or len(np.unique(batch_ids)) < len(batch_ids):
            culprit = f"instance {batch_ids[absent][0]}" if absent.any() else "an instance"
            raise DataError(
                f"{run}: {culprit} is acquired twice, or was never in the pool (seed set, or outside the training "
                "split); collect the runs again, with the seed sets they started from"
            )
        positions.append(found)
        sizes.append(len(pool_ids))
        pool_ids = np.delete(pool_ids, found)
    return positions, sizes


def _shared_by_chance(draws: Sequence[tuple[int, int]]) -> tuple[float, int, int]:
    """Mean and central 95% range of the elements that two uniform draws share, summed over independent pairs of draws.

    draws: for each pair (n, k): both draw k of n without replacement, so they share a hypergeometric number.
    The range is exact: quantiles 0.025 and 0.975 of the convolved distributions.
    """
    from scipy.stats import hypergeom  # here, because importing scipy.stats takes longer than the whole analysis

    mean = 0.0
    distribution = np.ones(1)  # distribution[s] = P(sum = s)
    for size, count in draws:
        mean += count * count / size
        shared = hypergeom(size, count, count)
        # Beyond these quantiles lies less than 1e-12 on each side: nothing that the range can see.
        top = int(shared.isf(1e-12))
        distribution = np.convolve(distribution, shared.pmf(np.arange(top + 1)))
    cumulative = np.cumsum(distribution)
    low, high = np.searchsorted(cumulative, [0.025, 0.975])
    return mean, int(low), int(high)


def _summary(groups: "pd.api.typing.SeriesGroupBy") -> pd.DataFrame:
    """Mean, std (ddof 1), min, max and the number of seeds of each group, with the group's keys as columns."""
    return groups.agg(["mean", "std", "min", "max", "count"]).rename(columns={"count": "seeds"}).reset_index()


def _by_strategy(frame: pd.DataFrame, then: list[str]) -> pd.DataFrame:
    """The rows in the order of strategies that readers see, then by the given columns."""
    rank = {name: position for position, name in enumerate(in_order(frame["strategy"]))}
    ordered = frame.sort_values(then, kind="stable") if then else frame
    return ordered.sort_values("strategy", key=lambda column: column.map(rank), kind="stable", ignore_index=True)


def _counts(names: pd.Series, order: pd.Series) -> np.ndarray:
    """How often each name of `order` occurs in `names`."""
    counts = names.value_counts()
    return np.array([counts.get(name, 0) for name in order], dtype=np.int64)


def _check_grid(runs: pd.DataFrame) -> None:
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


def _check_batches(acquisitions: pd.DataFrame) -> None:
    """Every strategy has the same seeds, iterations and batch sizes: else chance is not the same for all pairs."""
    sizes = acquisitions.groupby(["seed", "iteration", "strategy"]).size().unstack("strategy", fill_value=0)
    uneven = sizes.ne(sizes.iloc[:, 0], axis=0).any(axis=1) if len(sizes) else pd.Series(dtype=bool)
    if uneven.any():
        seed, iteration = uneven.index[uneven][0]
        found = ", ".join(f"{name} {count}" for name, count in sizes.loc[(seed, iteration)].items())
        raise DataError(f"seed {seed}, iteration {iteration}: batches of different size ({found}); run the same grid")
