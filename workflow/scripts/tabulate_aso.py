"""Tabulate the almost stochastic order of all pairs: Table 2."""

import pandas as pd
from glue import job, titles
from pool_glue import exhausted_pools

from cartography_al.tables.formats import write_table
from cartography_al.tables.table import with_exhausted_pools
from cartography_al.tables.table2 import table2

with job(snakemake):
    frames = map(pd.read_parquet, snakemake.input.significance)
    table = table2(
        dict(zip(titles(snakemake.input.descriptions), frames, strict=True)),
        snakemake.params.alpha,
        snakemake.params.bootstrap_iterations,
        final=snakemake.params.final,
    )
    write_table(with_exhausted_pools(table, exhausted_pools(snakemake.input)), **snakemake.output)
