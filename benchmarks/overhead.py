"""What share of an experiment's CPU time is not science: starting processes, reading, writing, Snakemake itself.

python benchmarks/overhead.py EXPERIMENT CPU_SECONDS

CPU_SECONDS: user and system time of the whole `snakemake` call, children included, as `/usr/bin/time -v` or the shell's
`time` gives it. The science is what the chains' logs say of their iterations, and the CPU time of the other rules that
compute (word vectors, full data, maps, tests) less what starting their process costs. Snakemake measures those only
every so often and misses the end of a job, so the share that is printed is an upper bound.
"""

import argparse
import statistics
from pathlib import Path

import pandas as pd

from cartography_al.analysis.chain_cost import iteration_seconds

LIGHT = 3.0  # CPU seconds: a job under this is all start and writing


def main() -> None:
    """Print the account of one finished experiment."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiment", help="folder results/EXPERIMENT of a run that started without results")
    parser.add_argument("cpu_seconds", type=float)
    options = parser.parse_args()
    folder = Path("results") / options.experiment
    iterations, starts = 0.0, []
    for log in sorted((folder / "logs/active_learning").glob("run_iterations*/*.log")):
        inside = sum(iteration_seconds(log.read_text(encoding="utf-8")))
        benchmark = folder / "benchmarks" / log.parent.name / f"{log.stem}.tsv"
        starts.append(float(pd.read_csv(benchmark, sep="\t")["s"].iloc[0]) - inside)
        iterations += inside
    if not starts:
        parser.error(f"no logs of chains under {folder}")
    others = 0.0
    for path in sorted((folder / "benchmarks").rglob("*.tsv")):
        seconds = float(pd.read_csv(path, sep="\t")["cpu_time"].iloc[0])
        if not path.parent.name.startswith("run_iterations") and seconds > LIGHT:
            others += seconds - statistics.median(starts)
    rest = options.cpu_seconds - iterations - others
    print(f"iterations of {len(starts)} jobs      {iterations:9.0f} s")
    print(f"other computing rules       {others:9.0f} s")
    print(f"the rest                    {rest:9.0f} s, at most {rest / options.cpu_seconds:.1%} of all")
    print(f"a job of a chain takes {statistics.median(starts):.1f} s beside the CPU time of its iterations (median)")


if __name__ == "__main__":
    main()
