"""Make a table out of one frame for each data set, by the function that the rule names."""

import pandas as pd
from glue import job, titles
from pool_glue import exhausted_pools

from cartography_al.tables.areas import areas_table
from cartography_al.tables.audit import audit_table
from cartography_al.tables.formats import write_table
from cartography_al.tables.labels import labels_table
from cartography_al.tables.table import with_exhausted_pools

TABLES = {"areas_table": areas_table, "audit_table": audit_table, "labels_table": labels_table}

with job(snakemake):
    frames = map(pd.read_parquet, snakemake.input.frames)
    table = TABLES[snakemake.params.table](dict(zip(titles(snakemake.input.descriptions), frames, strict=True)))
    if snakemake.input.get("runs"):  # the audit has none: its chains are shorter
        table = with_exhausted_pools(table, exhausted_pools(snakemake.input))
    write_table(table, **snakemake.output)
