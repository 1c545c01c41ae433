"""Tabulate the almost stochastic order of all pairs: Table 2."""

import pandas as pd
from glue import job, titles

from cartography_al.tables import table2, write_table

with job(snakemake):
    frames = map(pd.read_parquet, snakemake.input.significance)
    table = table2(
        dict(zip(titles(snakemake.input.descriptions), frames, strict=True)),
        snakemake.params.alpha,
        snakemake.params.bootstrap_iterations,
        final=snakemake.params.final,
    )
    write_table(table, **snakemake.output)
