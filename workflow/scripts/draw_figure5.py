"""Draw the data map of one data set with its densities: Figures 5 and 6."""

from case_glue import cases
from glue import job

from cartography_al.figures.figure1 import DataMapPanel
from cartography_al.figures.figure5 import draw_density
from cartography_al.figures.style import save_figure

with job(snakemake):
    (case,) = cases(snakemake)
    panel = DataMapPanel(case.subject.heading, case.frame("full_map"))
    save_figure(draw_density(panel), snakemake.output.pdf, snakemake.output.png)
