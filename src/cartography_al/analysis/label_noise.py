"""What becomes of wrong labels that were planted: which strategy's batches hold them, and how well a map ranks them."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from cartography_al.analysis.suspects import found_errors, suspects


def wrong_labels_acquired(
    acquisitions: pd.DataFrame, seed_sets: pd.DataFrame, wrong_ids: Collection[int], train_rows: int
) -> pd.DataFrame:
    """How many of the instances acquired up to each iteration have a wrong label, beside what chance would give.

    acquisitions: strategy, seed, iteration, instance_id.   seed_sets: seed, instance_id.   train_rows: of the split.
    Returns, by strategy, seed and iteration: strategy, seed, iteration, acquired and wrong (counts so far), share
    (wrong / acquired), chance (the share of wrong labels in the pool that the run started with).
    """
    counted = acquisitions.assign(wrong=acquisitions["instance_id"].isin(wrong_ids))
    batches = counted.groupby(["strategy", "seed", "iteration"], sort=True)["wrong"].agg(["size", "sum"])
    found = batches.groupby(["strategy", "seed"]).cumsum().rename(columns={"size": "acquired", "sum": "wrong"})
    found = found.reset_index()
    found["share"] = found["wrong"] / found["acquired"]
    in_seed_set = seed_sets.assign(wrong=seed_sets["instance_id"].isin(wrong_ids)).groupby("seed")["wrong"]
    chance = (len(wrong_ids) - in_seed_set.sum()) / (train_rows - in_seed_set.size())
    return found.assign(chance=found["seed"].map(chance))


def wrong_labels_ranked(full_maps: pd.DataFrame, wrong_ids: Collection[int]) -> pd.DataFrame:
    """How well the order of the suspects finds the wrong labels, in the map of all training texts of each seed.

    full_maps: seed, instance_id, confidence, correctness.   Returns a row for each seed: seed, and the fields of
    `suspects.FoundErrors`.
    """
    wrong = np.fromiter(wrong_ids, np.int64)
    return pd.DataFrame(
        {"seed": seed, **found_errors(suspects(data_map)["instance_id"].to_numpy(), wrong)._asdict()}
        for seed, data_map in full_maps.groupby("seed", sort=True)
    )
