"""Tabulate what each switch of the protocol moves."""

import pandas as pd
from glue import job, titles

from cartography_al.tables import audit_table, write_table

with job(snakemake):
    frames = map(pd.read_parquet, snakemake.input.effects)
    write_table(audit_table(dict(zip(titles(snakemake.input.descriptions), frames, strict=True))), **snakemake.output)
