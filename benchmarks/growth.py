"""How time and memory of one iteration grow with the labelled set and with the pool: growth.csv and growth.png.

python benchmarks/growth.py [--pools 10000 100000 1000000] [--labelled 500 1000 2000 4000]

Every point is a process of its own with one thread. Its memory is counted twice: all of it (peak resident size, which
includes the parts of memory-mapped files that happen to be loaded), and what is its own (peak of anonymous pages).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import matplotlib
import pandas as pd
from sizes import SIZES, paper_run, write_features

HERE = Path(__file__).parent
STRATEGIES = ["least_confidence", "cal", "dal"]
FIXED_POOL, FIXED_LABELLED = 10_000, 1000
DAL_POOL = 100_000  # largest: DAL trains on the pool for 30 epochs, four minutes with a million rows


def measure(rows: int, labelled: int, strategy: str) -> dict[str, float]:
    """Run one iteration at AG News' settings in this process; return seconds and MB."""
    import torch

    from cartography_al.active_learning.iteration import run_iteration

    torch.set_num_threads(1)
    size = SIZES["agnews"]._replace(train=rows, seed_set=labelled)
    own_peak, done = 0, threading.Event()

    def watch() -> None:
        nonlocal own_peak
        while not done.wait(0.02):
            own_peak = max(own_peak, status("RssAnon"))

    with tempfile.TemporaryDirectory() as folder:
        run = paper_run(write_features(Path(folder), size), strategy, size)
        watcher = threading.Thread(target=watch)
        watcher.start()
        start = time.perf_counter()
        run_iteration(run, None)
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
    return {"seconds": seconds, "resident_mb": status("VmHWM") / 1024, "own_mb": own_peak / 1024}


def status(key: str) -> int:
    """Return a size in KiB from /proc/self/status."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith(key + ":")).split()[1])


def draw(frame: pd.DataFrame) -> None:
    """Draw time and memory against pool and labelled set."""
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import NullLocator

    figure, axes = plt.subplots(2, 2, figsize=(8, 6), sharex="col", layout="constrained")
    for column, (by, label) in enumerate((("pool", "pool, instances"), ("labelled", "labelled set, instances"))):
        points = frame[frame["varied"] == by]
        for (strategy, line), marker in zip(points.groupby("strategy", sort=False), "os^", strict=True):
            drawn = axes[0, column].plot(line[by], line["seconds"], marker=marker, label=strategy)
            style = {"color": drawn[0].get_color(), "marker": marker, "fillstyle": "none"}
            axes[1, column].plot(line[by], line["own_mb"], **style)
            axes[1, column].plot(line[by], line["resident_mb"], ls=":", **style)
        seconds = [value for value in (0.5, 1, 2, 5, 10, 20, 50) if value < 1.2 * points["seconds"].max()]
        axes[0, column].set(xscale="log", yscale="log", ylabel="one iteration, s")
        axes[0, column].set_yticks(seconds, map(str, seconds))
        axes[1, column].set_xticks(points[by].unique(), [f"{value:,}" for value in points[by].unique()])
        axes[1, column].set(ylim=(0, None), xlabel=label, ylabel="peak memory, MB")
        axes[1, column].set_title("solid: its own; dotted: with mapped files", fontsize="small", loc="left")
        for axis in (axes[0, column].xaxis, axes[0, column].yaxis):
            axis.set_minor_locator(NullLocator())
    axes[0, 1].legend(frameon=False)
    axes[0, 0].set_title(f"{FIXED_LABELLED:,} labelled", fontsize="small", loc="left")
    axes[0, 1].set_title(f"pool and labelled set of {FIXED_POOL:,}", fontsize="small", loc="left")
    figure.savefig(HERE / "growth.png", dpi=120)


def main() -> None:
    """Measure every point, write the table, draw it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pools", nargs="+", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--labelled", nargs="+", type=int, default=[500, 1000, 2000, 4000])
    parser.add_argument("--point", nargs=3, metavar=("ROWS", "LABELLED", "STRATEGY"), help="measure one, print JSON")
    options = parser.parse_args()
    if options.point:
        rows, labelled, strategy = options.point
        print(json.dumps(measure(int(rows), int(labelled), strategy)))
        return
    points = [("pool", rows, FIXED_LABELLED) for rows in options.pools]
    points += [("labelled", FIXED_POOL, labelled) for labelled in options.labelled]
    measured = []
    for strategy in STRATEGIES:
        for varied, rows, labelled in points:
            if strategy == "dal" and rows > DAL_POOL:
                continue
            command = [sys.executable, __file__, "--point", str(rows), str(labelled), strategy]
            shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            row = {"strategy": strategy, "varied": varied, "pool": rows, "labelled": labelled, **json.loads(shown)}
            measured.append(row)
            print(row, flush=True)
    frame = pd.DataFrame(measured).round({"seconds": 2, "resident_mb": 0, "own_mb": 0})
    frame.to_csv(HERE / "growth.csv", index=False, lineterminator="\n")
    draw(frame)


if __name__ == "__main__":
    main()
