"""The checkpoints of all chains of a data set as the frames that figures and tables are made of."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from cartography_al.active_learning.checkpoints import read_checkpoint, refused
from cartography_al.files import checkpoint_name


def collect(paths: Iterable[str | Path]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read checkpoints and return the frames that figures and tables are made of, in the order of `paths`.

    runs, one row for each checkpoint but those that repeat the last one after the pool was exhausted: strategy, seed,
    iteration, labelled, labelled_correctness (mean correctness of the labelled set), test_accuracy, macro_f1,
    binary_cal_accuracy, binary_dal_accuracy (NaN without such a classifier), single_class (CAL's saw one class only).
    acquisitions, one row for each acquired instance: strategy, seed, iteration in which it entered the labelled set,
    instance_id, label, confidence, variability, correctness under the model retrained with it.
    seed_sets: seed, instance_id.
    predictions: strategy, seed, iteration and the predicted class of each test text, int16 [T]; rows as of runs.
    paths: <strategy>/seed-<seed>/iteration-<iteration>.parquet, below any folder.
    Raises: CheckpointError as `read_checkpoint`, and for a checkpoint that is not what its path says, or that belongs
    to another experiment than most of its chain.
    """
    runs, acquisitions, seed_sets, predictions = [], [], {}, []
    digests: dict[tuple[str, int], dict[Path, str]] = {}
    for path in map(Path, paths):
        checkpoint = read_checkpoint(path)
        held = Path(checkpoint.strategy, f"seed-{checkpoint.seed}", checkpoint_name(checkpoint.iteration))
        if path.parts[-3:] != held.parts:
            raise refused(path, f"holds {held.with_suffix('')}")
        digests.setdefault((checkpoint.strategy, checkpoint.seed), {})[path] = checkpoint.digest
        instances, labelled, binary = checkpoint.instances, checkpoint.labelled, checkpoint.binary_classifiers
        batch = instances[instances["acquired_iteration"] == checkpoint.iteration]
        if batch.empty:
            continue
        runs.append(
            {
                "strategy": checkpoint.strategy,
                "seed": checkpoint.seed,
                "iteration": checkpoint.iteration,
                "labelled": len(labelled),
                "labelled_correctness": labelled["correctness"].mean(),
                "test_accuracy": checkpoint.test_accuracy,
                "macro_f1": checkpoint.macro_f1,
                "binary_cal_accuracy": binary["cal"].accuracy if "cal" in binary else np.nan,
                "binary_dal_accuracy": binary["dal"].accuracy if "dal" in binary else np.nan,
                "single_class": "cal" in binary and binary["cal"].single_class,
            }
        )
        predictions.append(checkpoint.predictions)
        if checkpoint.iteration == 0:
            seed_sets[checkpoint.seed] = batch["instance_id"]
        else:
            batch = batch.rename(columns={"acquired_iteration": "iteration"})
            batch.insert(0, "strategy", checkpoint.strategy)
            batch.insert(1, "seed", np.int64(checkpoint.seed))
            acquisitions.append(batch)
    for chain in digests.values():
        usual = Counter(chain.values()).most_common(1)[0][0]
        for path, digest in chain.items():
            if digest != usual:
                raise refused(path, f"belongs to another experiment than its chain (digest {digest[:12]})")
    acquired = ["strategy", "seed", "iteration", "instance_id", "label", "confidence", "variability", "correctness"]
    collected = pd.DataFrame(runs).astype({"iteration": "int16", "labelled": "int32"})
    return (
        collected,
        pd.concat(acquisitions, ignore_index=True)[acquired],
        pd.concat([pd.DataFrame({"seed": seed, "instance_id": ids}) for seed, ids in seed_sets.items()]),
        collected[["strategy", "seed", "iteration"]].assign(predictions=predictions),
    )
