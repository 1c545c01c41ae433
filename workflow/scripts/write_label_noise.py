"""Tabulate what becomes of wrong labels."""

from case_glue import cases
from glue import job

from cartography_al.tables.formats import write_table
from cartography_al.tables.label_noise import label_noise_table

with job(snakemake):
    shown = cases(snakemake)
    effects, ranked = ({case.subject: case.frame(name) for case in shown} for name in ("noise_effects", "noise_ranked"))
    write_table(label_noise_table(effects, ranked), **snakemake.output)
