"""Draw the data map of one data set with its densities: Figures 5 and 6."""

import pandas as pd
from glue import job, titles

from cartography_al.figures.figure1 import DataMapPanel
from cartography_al.figures.figure5 import draw_density
from cartography_al.figures.style import save_figure

with job(snakemake):
    panel = DataMapPanel(titles(snakemake.input.description)[0], pd.read_parquet(snakemake.input.map[0]))
    save_figure(draw_density(panel), snakemake.output.pdf, snakemake.output.png)
