"""Tabulate what each switch of the protocol moves."""

from case_glue import cases
from glue import job

from cartography_al.tables.audit import audit_table
from cartography_al.tables.formats import write_table

with job(snakemake):
    effects = {case.subject: case.frame("audit") for case in cases(snakemake)}
    write_table(audit_table(effects), **snakemake.output)
