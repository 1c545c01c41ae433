"""How time and memory of one iteration grow with the labelled set and with the pool: growth.csv and growth.png.

python benchmarks/growth.py [--pools 10000 100000 1000000] [--labelled 500 1000 2000 4000] [--output FOLDER]

Every strategy at each pool; the labelled set is varied for three of them. Every point is a process of its own with one
thread. Seconds are of CPU, so that they can be measured on a busy machine. Memory is counted twice: all of it (peak
resident size, which includes the parts of memory-mapped files that happen to be loaded), and what is the process's own
(peak of anonymous pages).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import matplotlib
import pandas as pd
from sizes import SIZES, Size, open_features, paper_run, write_features

from cartography_al.acquisition.registry import STRATEGIES
from cartography_al.naming import strategy_title

HERE = Path(__file__).parent
OF_LABELLED = ["least_confidence", "cal", "dal"]  # the strategies for which the labelled set is varied as well
FIXED_POOL, FIXED_LABELLED = 10_000, 1000


def size_of(rows: int, labelled: int) -> Size:
    """AG News' settings with other sizes."""
    return SIZES["agnews"]._replace(train=rows, seed_set=labelled)


def measure(folder: Path, rows: int, labelled: int, strategy: str) -> dict[str, float]:
    """Run one iteration in this process, on features that are there; return CPU seconds and MB."""
    import torch

    from cartography_al.active_learning.iteration import run_iteration

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    size = size_of(rows, labelled)
    own_peak, done = 0, threading.Event()

    def watch() -> None:
        nonlocal own_peak
        while not done.wait(0.02):
            own_peak = max(own_peak, status("RssAnon"))

    run = paper_run(open_features(folder, size), strategy, size)
    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.process_time()
    run_iteration(run, None)
    seconds = time.process_time() - start
    done.set()
    watcher.join()
    return {"cpu_seconds": seconds, "resident_mb": status("VmHWM") / 1024, "own_mb": own_peak / 1024}


def status(key: str) -> int:
    """Return a size in KiB from /proc/self/status."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith(key + ":")).split()[1])


def draw(frame: pd.DataFrame, path: Path) -> None:
    """Draw time and memory against pool and labelled set."""
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import NullLocator

    figure, axes = plt.subplots(2, 2, figsize=(9, 7.5), sharex="col", layout="constrained")
    strategies = list(dict.fromkeys(frame["strategy"]))
    colors = dict(zip(strategies, matplotlib.color_sequences["tab20"], strict=False))
    markers = dict(zip(strategies, "os^vDP*X<>hd8ps", strict=False))
    for column, (by, label) in enumerate((("pool", "pool, instances"), ("labelled", "labelled set, instances"))):
        points = frame[frame["varied"] == by]
        for strategy, line in points.groupby("strategy", sort=False):
            style = {"color": colors[strategy], "marker": markers[strategy], "lw": 1}
            axes[0, column].plot(line[by], line["cpu_seconds"], label=strategy_title(strategy), **style)
            axes[1, column].plot(line[by], line["own_mb"], **style)
            axes[1, column].plot(line[by], line["resident_mb"], ls=":", fillstyle="none", **style)
        ticks = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
        shown = [value for value in ticks if value < 1.2 * points["cpu_seconds"].max()]
        axes[0, column].set(xscale="log", yscale="log", ylabel="one iteration, CPU s")
        axes[0, column].set_yticks(shown, map(str, shown))
        axes[1, column].set_xticks(points[by].unique(), [f"{value:,}" for value in points[by].unique()])
        axes[1, column].set(ylim=(0, None), xlabel=label, ylabel="peak memory, MB")
        axes[1, column].set_title("solid: its own; dotted: with mapped files", fontsize="small", loc="left")
        for axis in (axes[0, column].xaxis, axes[0, column].yaxis):
            axis.set_minor_locator(NullLocator())
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=5, frameon=False)
    axes[0, 0].set_title(f"{FIXED_LABELLED:,} labelled", fontsize="small", loc="left")
    axes[0, 1].set_title(f"pool and labelled set of {FIXED_POOL:,}", fontsize="small", loc="left")
    figure.savefig(path, dpi=120)


def points(pools: Iterable[int], labelled: Iterable[int]) -> list[tuple[str, int, int, str]]:
    """What is varied, rows, labelled and strategy of each point, those with the same features together."""
    by_pool = [("pool", rows, FIXED_LABELLED, strategy) for rows in sorted(pools) for strategy in STRATEGIES]
    by_labelled = [("labelled", FIXED_POOL, count, strategy) for count in labelled for strategy in OF_LABELLED]
    return [*by_labelled, *by_pool]


def main() -> None:
    """Measure every point, write the table after each, draw it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pools", nargs="+", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--labelled", nargs="+", type=int, default=[500, 1000, 2000, 4000])
    parser.add_argument("--output", type=Path, default=HERE)
    point = ("FOLDER", "ROWS", "LABELLED", "STRATEGY")
    parser.add_argument("--point", nargs=4, metavar=point, help="measure one on features that are there, print JSON")
    options = parser.parse_args()
    if options.point:
        folder, rows, labelled, strategy = options.point
        print(json.dumps(measure(Path(folder), int(rows), int(labelled), strategy)))
        return
    measured: list[dict[str, float | str]] = []
    written = 0
    with tempfile.TemporaryDirectory() as folder:
        for varied, rows, labelled, strategy in points(options.pools, options.labelled):
            if rows != written:
                write_features(Path(folder), size_of(rows, labelled))
                written = rows
            command = [sys.executable, __file__, "--point", folder, str(rows), str(labelled), strategy]
            shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            row = {"strategy": strategy, "varied": varied, "pool": rows, "labelled": labelled, **json.loads(shown)}
            measured.append(row)
            print(row, flush=True)
            frame = pd.DataFrame(measured).round({"cpu_seconds": 2, "resident_mb": 0, "own_mb": 0})
            frame.to_csv(options.output / "growth.csv", index=False, lineterminator="\n")
    draw(frame, options.output / "growth.png")


if __name__ == "__main__":
    main()
