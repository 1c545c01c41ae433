"""Plot the share of wrong labels in what each strategy acquires."""

from case_glue import cases
from glue import job

from cartography_al.figures.label_noise import NoisePanel, plot_label_noise
from cartography_al.figures.style import save_figure

with job(snakemake):
    panels = [NoisePanel(case.subject.heading, case.frame("noise_acquired")) for case in cases(snakemake)]
    save_figure(plot_label_noise(panels), snakemake.output.pdf, snakemake.output.png)
