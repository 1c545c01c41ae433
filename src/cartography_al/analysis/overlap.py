"""Instances that two strategies both acquire, and what chance gives (Table 4)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from cartography_al.errors import DataError
from cartography_al.naming import in_order


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


def _check_batches(acquisitions: pd.DataFrame) -> None:
    """Every strategy has the same seeds, iterations and batch sizes: else chance is not the same for all pairs."""
    sizes = acquisitions.groupby(["seed", "iteration", "strategy"]).size().unstack("strategy", fill_value=0)
    uneven = sizes.ne(sizes.iloc[:, 0], axis=0).any(axis=1) if len(sizes) else pd.Series(dtype=bool)
    if uneven.any():
        seed, iteration = uneven.index[uneven][0]
        found = ", ".join(f"{name} {count}" for name, count in sizes.loc[(seed, iteration)].items())
        raise DataError(f"seed {seed}, iteration {iteration}: batches of different size ({found}); run the same grid")
