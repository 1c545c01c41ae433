"""Tabulate mean ranks of the strategies, and which is above which, over all data sets and representations."""

from case_glue import cases
from glue import job

from cartography_al.significance.ranks import mean_ranks, pairwise_wins, seed_areas
from cartography_al.tables.formats import write_table
from cartography_al.tables.ranks import ranks_table

with job(snakemake):
    strategies = snakemake.params.strategies
    frames = [case.frame("runs") for case in cases(snakemake)]
    areas = [seed_areas(runs[runs["strategy"].isin(strategies)]) for runs in frames]
    write_table(ranks_table(mean_ranks(areas), pairwise_wins(areas)), **snakemake.output)
