"""Draw what the three readings of Table 2's test say of the runs, and how often each errs where nothing differs."""

from case_glue import cases
from glue import job

from cartography_al.figures.readings import ReadingsPanel, draw_readings
from cartography_al.figures.style import save_figure
from cartography_al.significance.calibration import errors_of_readings

with job(snakemake):
    parameters, panels = snakemake.params, []
    for case, protocol in zip(cases(snakemake), parameters.protocols, strict=True):
        errors = errors_of_readings(case.frame("calibration_within_seeds"), parameters.seeds)
        title = f"{case.subject.heading}, {protocol.replace('_', ' ')}"
        panels.append(ReadingsPanel(title, case.frame("pooled"), errors, "runs that do not differ"))
    save_figure(draw_readings(panels), snakemake.output.pdf, snakemake.output.png)
