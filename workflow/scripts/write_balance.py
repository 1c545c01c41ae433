"""Tabulate which classes each strategy acquires."""

from case_glue import cases
from glue import job

from cartography_al.analysis.pool_samples import pool_sample_notes
from cartography_al.significance.balance import class_balance
from cartography_al.tables.balance import balance_table
from cartography_al.tables.formats import write_table
from cartography_al.tables.table import with_notes

with job(snakemake):
    shown, strategies = cases(snakemake), snakemake.params.strategies
    balances = {
        case.subject: class_balance(case.of_strategies("acquisitions", strategies), snakemake.params.ends)
        for case in shown
    }
    table = balance_table(balances, {case.subject: len(case.description["classes"]) for case in shown})
    write_table(with_notes(table, pool_sample_notes(snakemake.params.samples, strategies)), **snakemake.output)
