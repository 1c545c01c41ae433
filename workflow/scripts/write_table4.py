"""Tabulate the instances that two strategies share: Table 4."""

from case_glue import cases, exhausted_pools
from glue import job

from cartography_al.analysis.overlap import overlap
from cartography_al.tables.formats import write_table
from cartography_al.tables.table import with_exhausted_pools
from cartography_al.tables.table4 import table4

with job(snakemake):
    frames, shown = {}, cases(snakemake)
    for case in shown:
        seed_sets = {seed: rows["instance_id"] for seed, rows in case.frame("seed_sets").groupby("seed")}
        acquisitions = case.of_strategies("acquisitions", snakemake.params.strategies)
        frames[case.subject] = overlap(acquisitions, seed_sets, case.train_rows)
    write_table(with_exhausted_pools(table4(frames), exhausted_pools(shown)), **snakemake.output)
