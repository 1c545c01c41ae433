"""Tabulate the single values of the paper's text."""

import pandas as pd
from glue import job, keys_of_titles, read_json
from pool_glue import exhausted_pools

from cartography_al.analysis.curves import summarize
from cartography_al.tables.formats import write_table
from cartography_al.tables.summary import summary_table
from cartography_al.tables.table import with_exhausted_pools

with job(snakemake):
    frames = {}
    files = zip(snakemake.input.descriptions, snakemake.input.runs, snakemake.input.full_data, strict=True)
    for description_path, runs_path, full_data_path in files:
        description, runs = read_json(description_path), pd.read_parquet(runs_path)
        runs = runs[runs["strategy"].isin(snakemake.params.strategies)]
        full_data, train_rows = pd.read_parquet(full_data_path), description["splits"]["train"]["rows"]
        frames[description["title"]] = summarize(runs, full_data, train_rows)
    table = summary_table(frames, keys_of_titles(snakemake.input.descriptions))
    write_table(with_exhausted_pools(table, exhausted_pools(snakemake.input)), **snakemake.output)
