"""Tabulate mean ranks of the strategies beside the CPU time of a chain, as the logs of its jobs have it."""

from pathlib import Path

import pandas as pd
from case_glue import cases
from glue import job

from cartography_al.analysis.chain_cost import cpu_seconds
from cartography_al.analysis.pool_samples import pool_sample_notes
from cartography_al.significance.paired import seed_areas
from cartography_al.significance.ranks import mean_ranks
from cartography_al.tables.costs import costs_table
from cartography_al.tables.formats import write_table
from cartography_al.tables.table import with_notes

with job(snakemake):
    strategies = snakemake.params.strategies
    chains = pd.DataFrame(snakemake.params.chains, columns=["subject", "strategy", "seed", "logs"])
    chains["cpu_seconds"] = [
        cpu_seconds(
            (path.read_text("utf-8") for path in map(Path, logs) if path.is_file()), snakemake.params.iterations
        )
        for logs in chains.pop("logs")
    ]
    areas = [seed_areas(case.of_strategies("runs", strategies)) for case in cases(snakemake)]
    table = costs_table(mean_ranks(areas), chains)
    write_table(with_notes(table, pool_sample_notes(snakemake.params.samples, strategies)), **snakemake.output)
