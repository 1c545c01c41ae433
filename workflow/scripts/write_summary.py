"""Tabulate the single values of the paper's text."""

from dataclasses import replace

from case_glue import cases, exhausted_pools
from glue import job
from warnings_glue import training_notes

from cartography_al.analysis.pool_samples import pool_sample_notes
from cartography_al.analysis.summary import summarize
from cartography_al.tables.formats import write_table
from cartography_al.tables.summary import summary_table
from cartography_al.tables.table import with_exhausted_pools, with_notes

with job(snakemake):
    shown, strategies = cases(snakemake), snakemake.params.strategies
    frames = {
        case.subject: summarize(case.of_strategies("runs", strategies), case.frame("full_data"), case.train_rows)
        for case in shown
    }
    table = summary_table(frames)
    table = replace(table, notes=[*training_notes(shown), *table.notes])
    table = with_notes(table, pool_sample_notes(snakemake.params.samples, strategies))
    write_table(with_exhausted_pools(table, exhausted_pools(shown)), **snakemake.output)
