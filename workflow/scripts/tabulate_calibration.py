"""Tabulate how often the significance tests err, for both ways of making runs that do not differ."""

import pandas as pd
from glue import job, titles

from cartography_al.tables.calibration import calibration_table
from cartography_al.tables.formats import write_table

with job(snakemake):
    frames = {}
    for position, title in enumerate(titles(snakemake.input.descriptions)):
        frames[f"{title}, one strategy"] = pd.read_parquet(snakemake.input.one_strategy[position])
        frames[f"{title}, within seeds"] = pd.read_parquet(snakemake.input.within_seeds[position])
    write_table(calibration_table(frames), **snakemake.output)
