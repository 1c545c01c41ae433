"""Tabulate mean ranks of the strategies beside the CPU time of a chain, as Snakemake measured it."""

from pathlib import Path

import pandas as pd
from case_glue import cases
from glue import job

from cartography_al.analysis.pool_samples import pool_sample_notes
from cartography_al.significance.paired import seed_areas
from cartography_al.significance.ranks import mean_ranks
from cartography_al.tables.costs import costs_table
from cartography_al.tables.formats import write_table
from cartography_al.tables.table import with_notes


def cpu_seconds(files: list[str]) -> float:
    """Of all jobs of a chain; NaN where one was not measured, or ended before it could be."""
    if not all(Path(file).is_file() for file in files):
        return float("nan")
    measured = pd.concat(pd.read_csv(file, sep="\t") for file in files)
    return float(pd.to_numeric(measured["cpu_time"], errors="coerce").sum(skipna=False))


with job(snakemake):
    strategies = snakemake.params.strategies
    chains = pd.DataFrame(snakemake.params.chains, columns=["subject", "strategy", "seed", "files"])
    chains["cpu_seconds"] = [cpu_seconds(files) for files in chains.pop("files")]
    areas = [seed_areas(case.of_strategies("runs", strategies)) for case in cases(snakemake)]
    table = costs_table(mean_ranks(areas), chains)
    write_table(with_notes(table, pool_sample_notes(snakemake.params.samples, strategies)), **snakemake.output)
