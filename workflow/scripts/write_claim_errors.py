"""Tabulate how often each claim's rule errs."""

from case_glue import cases
from glue import job

from cartography_al.tables.claim_errors import claim_errors_table
from cartography_al.tables.formats import write_table

with job(snakemake):
    errors = {
        (case.subject, protocol): case.frame("claim_errors")
        for case, protocol in zip(cases(snakemake), snakemake.params.protocols, strict=True)
    }
    write_table(claim_errors_table(errors), **snakemake.output)
