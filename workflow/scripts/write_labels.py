"""Tabulate how many labels a share of the full-data accuracy takes."""

from case_glue import cases, exhausted_pools
from glue import job
from warnings_glue import training_notes

from cartography_al.tables.formats import write_table
from cartography_al.tables.labels import labels_table
from cartography_al.tables.table import with_exhausted_pools, with_notes

with job(snakemake):
    shown = cases(snakemake)
    table = with_notes(labels_table({case.subject: case.frame("labels") for case in shown}), training_notes(shown))
    write_table(with_exhausted_pools(table, exhausted_pools(shown)), **snakemake.output)
