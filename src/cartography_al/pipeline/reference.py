"""Is a recomputed chain the one of the reference run? Frames in, verdict out. Reads and writes no file."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from cartography_al.errors import DataError

DEVIATIONS = 3
"""How many standard deviations over the seeds the accuracies of a diverged chain may differ."""
SHARED = 0.5
"""Share of the first differing batch that both chains must have chosen: until then their labelled sets are the same."""


class Verdict(NamedTuple):
    """Whether a chain counts as reproduced, and why, in sentences for a person."""

    reproduced: bool
    reason: str


def compare_chains(
    reference: pd.DataFrame, reference_ids: pd.DataFrame, recomputed: pd.DataFrame, recomputed_ids: pd.DataFrame
) -> pd.DataFrame:
    """Set two runs of one chain side by side, one row for each iteration.

    reference, recomputed: iteration, labelled, test_accuracy.
    reference_ids, recomputed_ids: iteration and instance_id of what entered the labelled set, in order; iteration 0 is
    the seed set.
    Returns iteration, labelled, reference, recomputed (test accuracies), difference, acquired, shared (how many of the
    acquired ids both have), same_ids (all of them, in the same order).
    Raises: DataError for chains of other lengths or sizes.
    """
    sizes = ["iteration", "labelled"]
    if recomputed[sizes].to_numpy().tolist() != reference[sizes].to_numpy().tolist():
        raise DataError(
            f"the recomputed chain has {len(recomputed)} iterations and ends with {recomputed['labelled'].iloc[-1]:,} "
            f"labelled instances, the reference {len(reference)} and {reference['labelled'].iloc[-1]:,}: these are "
            "not the same experiment"
        )
    batches = [
        (_ids(reference_ids, iteration), _ids(recomputed_ids, iteration)) for iteration in reference["iteration"]
    ]
    return pd.DataFrame(
        {
            "iteration": reference["iteration"].to_numpy(),
            "labelled": reference["labelled"].to_numpy(),
            "reference": reference["test_accuracy"].to_numpy(),
            "recomputed": recomputed["test_accuracy"].to_numpy(),
            "difference": recomputed["test_accuracy"].to_numpy() - reference["test_accuracy"].to_numpy(),
            "acquired": [len(ours) for _, ours in batches],
            "shared": [len(set(theirs) & set(ours)) for theirs, ours in batches],
            "same_ids": [theirs == ours for theirs, ours in batches],
        }
    )


def allowed_difference(runs: pd.DataFrame) -> float:
    """Return how far the accuracies of a chain that rounding made diverge may lie from the reference's.

    DEVIATIONS x the standard deviation (ddof 1) of the accuracy over the seeds, pooled over the iterations; 0 for one
    seed. runs: seed, iteration, test_accuracy of one strategy. Runs of different seeds differ in their seed sets too,
    so this is more than rounding alone should move.
    """
    variances = runs.groupby("iteration")["test_accuracy"].var(ddof=1)
    return 0.0 if variances.isna().any() else DEVIATIONS * float(np.sqrt(variances.mean()))


def judge(comparison: pd.DataFrame, allowed: float, same_machine: bool) -> Verdict:
    """Say whether a chain is reproduced: bit for bit on the same machine, within a tolerance on another one.

    comparison: the frame of compare_chains. allowed: of allowed_difference. same_machine: whether processor and package
    versions are the reference's. Elsewhere the last digits of a training may differ. Once they change a choice, the two
    chains label different instances, and drift apart. So there the seed set must be the same, the first batch that is
    not must share at least SHARED of its ids, and no accuracy may differ by more than `allowed`.
    """
    same = comparison["same_ids"] & (comparison["difference"] == 0)
    if same.all():
        return Verdict(True, "Identical: every accuracy to the last bit, every acquired id in its order.")
    largest = float(comparison["difference"].abs().max())
    found = [
        f"Differs from iteration {comparison.loc[~same, 'iteration'].iloc[0]} on. Largest difference of an accuracy: "
        f"{largest:.4f}; allowed on another machine: {allowed:.4f}, {DEVIATIONS} standard deviations over the "
        "reference's seeds."
    ]
    other_ids = comparison[~comparison["same_ids"]]
    share = float(other_ids["shared"].iloc[0] / other_ids["acquired"].iloc[0]) if len(other_ids) else 1.0
    if len(other_ids):
        found.append(f"The first other batch shares {share:.0%} of its ids; at least {SHARED:.0%} must be.")
    if same_machine:
        found.append("Not reproduced: processor and versions are the reference's, so nothing may differ.")
    elif not comparison["same_ids"].iloc[0]:
        found.append("Not reproduced: the seed set is another one, and no rounding explains that.")
    elif largest > allowed or share < SHARED:
        found.append("Not reproduced: rounding does not explain that much.")
    else:
        return Verdict(True, " ".join([*found, "Reproduced within that tolerance, not bit for bit."]))
    return Verdict(False, " ".join(found))


def read_benchmarks(source: Path) -> tuple[pd.DataFrame, int]:
    """Return the benchmark of every job with its rule, and the seconds from the first start to the last end.

    source: folder of an experiment.   Raises: DataError where no job left a benchmark.
    """
    paths = sorted((source / "benchmarks").rglob("*.tsv"))
    if not paths:
        raise DataError(f"{source}/benchmarks: no benchmark of a job; run the experiment again")
    frames = [
        pd.read_csv(path, sep="\t").assign(
            rule=path.relative_to(source / "benchmarks").parts[0], ended=path.stat().st_mtime
        )
        for path in paths
    ]
    jobs = pd.concat(frames, ignore_index=True)
    return jobs, round(jobs["ended"].max() - (jobs["ended"] - jobs["s"]).min())


def summarize_jobs(jobs: pd.DataFrame) -> pd.DataFrame:
    """Add up the jobs of each rule.

    jobs: rule, s, cpu_time (seconds), max_rss (MB) of each job, as Snakemake's benchmark files have them; the last two
    are missing for a job that ended before it was measured.
    Returns rule, jobs, seconds, longest_seconds, cpu_seconds, peak_rss_mb, the costliest rule first.
    """
    numbers = jobs.assign(**{name: pd.to_numeric(jobs[name], errors="coerce") for name in ("s", "cpu_time", "max_rss")})
    by_rule = numbers.groupby("rule").agg(
        jobs=("s", "size"),
        seconds=("s", "sum"),
        longest_seconds=("s", "max"),
        cpu_seconds=("cpu_time", "sum"),
        peak_rss_mb=("max_rss", "max"),
    )
    return by_rule.sort_values("seconds", ascending=False).round(2).reset_index()


def _ids(frame: pd.DataFrame, iteration: int) -> list[int]:
    return frame.loc[frame["iteration"] == iteration, "instance_id"].tolist()
