"""Tabulate CAL's final accuracy for each correctness threshold: Table 3."""

from case_glue import cases, exhausted_pools
from glue import job

from cartography_al.analysis.curves import threshold_accuracies
from cartography_al.tables.formats import write_table
from cartography_al.tables.table import with_exhausted_pools
from cartography_al.tables.table3 import table3

with job(snakemake):
    parameters, shown = snakemake.params, cases(snakemake)
    frames = {
        case.subject: threshold_accuracies(case.frame("runs"), parameters.thresholds, parameters.configured)
        for case in shown
    }
    write_table(with_exhausted_pools(table3(frames), exhausted_pools(shown)), **snakemake.output)
