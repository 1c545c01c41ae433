"""Tabulate what each switch of the protocol moves."""

from case_glue import cases
from glue import job

from cartography_al.naming import Subject
from cartography_al.tables.audit import audit_table
from cartography_al.tables.formats import write_table

with job(snakemake):
    whole_texts = [Subject(*subject) for subject in snakemake.params.whole_texts]
    effects = {case.subject: case.frame("audit") for case in cases(snakemake)}
    write_table(audit_table(effects, whole_texts), **snakemake.output)
