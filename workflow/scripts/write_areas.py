"""Tabulate the areas under the learning curves, against the baseline's."""

from case_glue import cases, exhausted_pools
from glue import job

from cartography_al.analysis.pool_samples import pool_sample_notes
from cartography_al.tables.areas import areas_table
from cartography_al.tables.formats import write_table
from cartography_al.tables.table import with_exhausted_pools, with_notes

with job(snakemake):
    shown = cases(snakemake)
    frames = {case.subject: case.frame("areas") for case in shown}
    names = [name for frame in frames.values() for name in frame["strategy"]]
    table = with_notes(areas_table(frames), pool_sample_notes(snakemake.params.samples, names))
    write_table(with_exhausted_pools(table, exhausted_pools(shown)), **snakemake.output)
