"""Make a table out of one frame for each data set, by the function that the rule names."""

import pandas as pd
from glue import job, titles

from cartography_al import tables

with job(snakemake):
    frames = map(pd.read_parquet, snakemake.input.frames)
    table = getattr(tables, snakemake.params.table)(
        dict(zip(titles(snakemake.input.descriptions), frames, strict=True))
    )
    tables.write_table(table, **snakemake.output)
