"""Tabulate CAL's final accuracy for each correctness threshold: Table 3."""

import pandas as pd
from glue import job, keys_of_titles, titles

from cartography_al.analysis import threshold_accuracies
from cartography_al.tables import table3, write_table

with job(snakemake):
    frames = [
        threshold_accuracies(pd.read_parquet(path), snakemake.params.thresholds, snakemake.params.configured)
        for path in snakemake.input.runs
    ]
    table = table3(
        dict(zip(titles(snakemake.input.descriptions), frames, strict=True)),
        keys_of_titles(snakemake.input.descriptions),
    )
    write_table(table, **snakemake.output)
