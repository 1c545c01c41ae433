"""Tabulate the instances that two strategies share: Table 4."""

import pandas as pd
from glue import job, keys_of_titles, read_json
from pool_glue import exhausted_pools

from cartography_al.analysis.overlap import overlap
from cartography_al.tables.formats import write_table
from cartography_al.tables.table import with_exhausted_pools
from cartography_al.tables.table4 import table4

with job(snakemake):
    frames = {}
    files = zip(snakemake.input.descriptions, snakemake.input.acquisitions, snakemake.input.seed_sets, strict=True)
    for description_path, acquisitions_path, seed_sets_path in files:
        description, acquisitions = read_json(description_path), pd.read_parquet(acquisitions_path)
        acquisitions = acquisitions[acquisitions["strategy"].isin(snakemake.params.strategies)]
        seed_sets = {seed: rows["instance_id"] for seed, rows in pd.read_parquet(seed_sets_path).groupby("seed")}
        frames[description["title"]] = overlap(acquisitions, seed_sets, description["splits"]["train"]["rows"])
    table = table4(frames, keys_of_titles(snakemake.input.descriptions))
    write_table(with_exhausted_pools(table, exhausted_pools(snakemake.input)), **snakemake.output)
