"""Draw the data maps of all data sets side by side: Figures 1 and 2."""

from case_glue import cases
from glue import job

from cartography_al.figures.figure1 import DataMapPanel, draw_data_maps
from cartography_al.figures.style import save_figure

with job(snakemake):
    parameters = snakemake.params
    panels = [
        DataMapPanel(case.subject.heading, case.frame(parameters.map), parameters.threshold)
        for case in cases(snakemake)
    ]
    save_figure(draw_data_maps(panels), snakemake.output.pdf, snakemake.output.png)
