"""Tabulate how often the significance tests err, for both ways of making runs that do not differ."""

from case_glue import cases
from glue import job

from cartography_al.tables.calibration import calibration_table
from cartography_al.tables.formats import write_table

with job(snakemake):
    frames = {
        (case.subject, design): case.frame(f"calibration_{design}")
        for case in cases(snakemake)
        for design in ("one_strategy", "within_seeds")
    }
    write_table(calibration_table(frames), **snakemake.output)
