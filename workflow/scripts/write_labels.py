"""Tabulate how many labels a share of the full-data accuracy takes."""

from case_glue import cases, exhausted_pools
from glue import job

from cartography_al.tables.formats import write_table
from cartography_al.tables.labels import labels_table
from cartography_al.tables.table import with_exhausted_pools

with job(snakemake):
    shown = cases(snakemake)
    table = labels_table({case.subject: case.frame("labels") for case in shown})
    write_table(with_exhausted_pools(table, exhausted_pools(shown)), **snakemake.output)
