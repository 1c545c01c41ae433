"""Tabulate the data sets as they were read: Table 1."""

from glue import job, read_json

from cartography_al.naming import Subject
from cartography_al.tables.formats import write_table
from cartography_al.tables.table1 import table1

with job(snakemake):
    pairs = zip(snakemake.input.descriptions, snakemake.params.settings, strict=True)
    datasets = [{**read_json(path), **settings} for path, settings in pairs]
    encoded = zip(snakemake.params.encoded, map(read_json, snakemake.input.encoded), strict=True)
    table = table1(datasets, [(Subject(*subject), features) for subject, features in encoded])
    write_table(table, **snakemake.output)
