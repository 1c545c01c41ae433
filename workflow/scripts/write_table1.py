"""Tabulate the data sets as they were read: Table 1."""

from glue import job, read_json

from cartography_al.tables.formats import write_table
from cartography_al.tables.table1 import table1

with job(snakemake):
    pairs = zip(snakemake.input.descriptions, snakemake.params.settings, strict=True)
    write_table(table1([{**read_json(path), **settings} for path, settings in pairs]), **snakemake.output)
