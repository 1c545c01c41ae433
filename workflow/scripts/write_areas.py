"""Tabulate the areas under the learning curves, against the baseline's."""

from case_glue import cases, exhausted_pools
from glue import job

from cartography_al.tables.areas import areas_table
from cartography_al.tables.formats import write_table
from cartography_al.tables.table import with_exhausted_pools

with job(snakemake):
    shown = cases(snakemake)
    table = areas_table({case.subject: case.frame("areas") for case in shown})
    write_table(with_exhausted_pools(table, exhausted_pools(shown)), **snakemake.output)
