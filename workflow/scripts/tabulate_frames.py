"""Make a table out of one frame for each data set, by the function that the rule names."""

import pandas as pd
from glue import job, titles
from pool_glue import exhausted_pools

from cartography_al import tables

with job(snakemake):
    frames = map(pd.read_parquet, snakemake.input.frames)
    table = getattr(tables, snakemake.params.table)(
        dict(zip(titles(snakemake.input.descriptions), frames, strict=True))
    )
    if snakemake.input.get("runs"):  # the audit has none: its chains are shorter
        table = tables.with_exhausted_pools(table, exhausted_pools(snakemake.input))
    tables.write_table(table, **snakemake.output)
