"""What subnormal numbers cost: the first iterations of a chain on real features, with and without them, in turns.

python benchmarks/subnormals.py DATA FEATURES

DATA: results/<experiment>/data/<dataset>. FEATURES: results/<experiment>/features/<representation>/<dataset>/plain. CPU
seconds of one thread, and how many of the test predictions and acquired texts differ.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from sizes import Size, paper_run

from cartography_al.active_learning.data import LabelledFeatures
from cartography_al.active_learning.iteration import run_iteration
from cartography_al.datasets.splits import read_description, read_labels
from cartography_al.features.arrays import read_features


def chain(data: LabelledFeatures, strategy: str, size: Size, iterations: int) -> tuple[float, list[np.ndarray]]:
    """Return the CPU seconds of the first iterations, and of each the predictions and the acquired ids."""
    start, checkpoint, found = time.process_time(), None, []
    for _ in range(iterations):
        checkpoint, _ = run_iteration(paper_run(data, strategy, size), checkpoint)
        found += [checkpoint.predictions, checkpoint.next_batch_ids]
    return time.process_time() - start, found


def main() -> None:
    """Print a row for each strategy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("features", type=Path)
    parser.add_argument("--strategies", nargs="+", default=["random", "bald", "cal", "dal"])
    parser.add_argument("--seed-set", type=int, default=500)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--iterations", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    classes = tuple(read_description(options.data / "dataset.json")["classes"])
    train, test = (
        (read_features(options.features / f"{split}.npy"), read_labels(options.data / f"{split}.parquet"))
        for split in ("train", "test")
    )
    data = LabelledFeatures(options.data.name, classes, *train, *test, {})
    size = Size(len(train[1]), len(test[1]), len(classes), options.seed_set, options.batch_size)
    print("| strategy | with subnormal numbers, s | without, s | ratio | predictions and ids that differ |")
    print("|---|---|---|---|---|")
    for strategy in options.strategies:
        torch.set_flush_denormal(False)
        kept, one = chain(data, strategy, size, options.iterations)
        torch.set_flush_denormal(True)
        flushed, other = chain(data, strategy, size, options.iterations)
        differ = sum(int(np.count_nonzero(a != b)) for a, b in zip(one, other, strict=True))
        total = sum(len(part) for part in one)
        print(f"| {strategy} | {kept:.1f} | {flushed:.1f} | {kept / flushed:.2f} | {differ} of {total:,} |", flush=True)


if __name__ == "__main__":
    main()
