"""Tabulate CAL's final accuracy for each correctness threshold: Table 3."""

import pandas as pd
from glue import job, keys_of_titles, titles
from pool_glue import exhausted_pools

from cartography_al.analysis.curves import threshold_accuracies
from cartography_al.tables.formats import write_table
from cartography_al.tables.table import with_exhausted_pools
from cartography_al.tables.table3 import table3

with job(snakemake):
    frames = [
        threshold_accuracies(pd.read_parquet(path), snakemake.params.thresholds, snakemake.params.configured)
        for path in snakemake.input.runs
    ]
    table = table3(
        dict(zip(titles(snakemake.input.descriptions), frames, strict=True)),
        keys_of_titles(snakemake.input.descriptions),
    )
    write_table(with_exhausted_pools(table, exhausted_pools(snakemake.input)), **snakemake.output)
