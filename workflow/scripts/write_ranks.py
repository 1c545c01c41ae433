"""Tabulate mean ranks of the strategies, and which is above which, over all data sets and representations."""

from case_glue import cases
from glue import job

from cartography_al.analysis.pool_samples import pool_sample_notes
from cartography_al.significance.paired import seed_areas
from cartography_al.significance.ranks import mean_ranks, pairwise_wins
from cartography_al.tables.formats import write_table
from cartography_al.tables.ranks import ranks_table
from cartography_al.tables.table import with_notes

with job(snakemake):
    strategies = snakemake.params.strategies
    areas = [seed_areas(case.of_strategies("runs", strategies)) for case in cases(snakemake)]
    table = ranks_table(mean_ranks(areas), pairwise_wins(areas))
    write_table(with_notes(table, pool_sample_notes(snakemake.params.samples, strategies)), **snakemake.output)
