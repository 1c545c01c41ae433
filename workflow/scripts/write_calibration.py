"""Tabulate how often the significance tests err, for each way of making runs that do not differ."""

from case_glue import cases
from glue import job

from cartography_al.tables.calibration import calibration_table
from cartography_al.tables.formats import write_table

with job(snakemake):
    frames = {
        (case.subject, protocol, design): case.frame(f"calibration_{design}")
        for case, protocol in zip(cases(snakemake), snakemake.params.protocols, strict=True)
        for design in snakemake.params.designs
    }
    write_table(calibration_table(frames), **snakemake.output)
