"""Time one AL iteration of the pipeline beside plain eager torch, in turns, one thread each, and beside its floor.

python benchmarks/compare.py [--sizes trec agnews] [--strategies ...] [--repeats 5] [--device cpu]
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import eager
import floor
import numpy as np
import torch
from sizes import SIZES, paper_run, write_features

from cartography_al.active_learning.iteration import run_iteration
from cartography_al.active_learning.seed_set import seed_set_ids

STRATEGIES = ["random", "least_confidence", "entropy", "cal", "dal"]


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Measure what the command line names, and print a row as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--strategies", nargs="+", choices=STRATEGIES, default=STRATEGIES)
    parser.add_argument("--repeats", type=int, default=5, help="of each; one for DAL at AG News' size, which is long")
    parser.add_argument("--device", default="cpu", help="of the pipeline; eager torch stays on the CPU")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(
        "| size | strategy | eager torch, s | pipeline, s | eager / pipeline | floor, s | pipeline / floor | repeats |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in options.sizes:
        size = SIZES[name]
        with tempfile.TemporaryDirectory() as folder:
            data = write_features(Path(folder), size)
            splits = [
                (torch.from_numpy(np.array(features)), torch.from_numpy(labels.astype(np.int64)))
                for features, labels in (
                    (data.train_features, data.train_labels),
                    (data.test_features, data.test_labels),
                )
            ]
            for strategy in options.strategies:
                run = paper_run(data, strategy, size, options.device)
                labelled = seed_set_ids(data.train_labels, data.train_features, size.seed_set, run.seed, run.protocol)
                settings = run.main_settings, run.binary_settings, run.query_size
                times: dict[str, list[float]] = {"eager": [], "pipeline": []}
                repeats = 1 if (name, strategy) == ("agnews", "dal") else options.repeats
                for _ in range(repeats):
                    torch.set_flush_denormal(True)  # as a job of the pipeline has it; eager torch as it comes
                    times["pipeline"].append(seconds(lambda run=run: run_iteration(run, None)))  # type: ignore[misc]
                    torch.set_flush_denormal(False)
                    times["eager"].append(
                        seconds(lambda *all: eager.iteration(strategy, *splits, labelled, *settings))  # noqa: B023
                    )
                plain, own = (statistics.median(times[of]) for of in ("eager", "pipeline"))
                least = floor.iteration(strategy, size, run.main_settings, run.binary_settings)
                row = f"{plain:.2f} | {own:.2f} | {plain / own:.1f} | {least:.2f} | {own / least:.2f} | {repeats}"
                print(f"| {name} | {strategy} | {row} |", flush=True)


if __name__ == "__main__":
    main()
