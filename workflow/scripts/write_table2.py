"""Tabulate the almost stochastic order of all pairs: Table 2, and the same of the final accuracies."""

from case_glue import cases, exhausted_pools
from glue import job

from cartography_al.tables.formats import write_table
from cartography_al.tables.table import with_exhausted_pools
from cartography_al.tables.table2 import table2
from cartography_al.tables.table2_final import table2_final

with job(snakemake):
    parameters, shown = snakemake.params, cases(snakemake)
    frames = {case.subject: case.frame(parameters.scores) for case in shown}
    tabulate = table2_final if parameters.scores == "final" else table2
    table = tabulate(frames, parameters.alpha, parameters.bootstrap_iterations)
    write_table(with_exhausted_pools(table, exhausted_pools(shown)), **snakemake.output)
