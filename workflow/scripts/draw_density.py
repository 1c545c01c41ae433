"""Draw the data map of one data set with its densities: Figures 5 and 6."""

import pandas as pd
from glue import job, titles

from cartography_al.figures import DataMapPanel, draw_density, save_figure

with job(snakemake):
    panel = DataMapPanel(titles(snakemake.input.description)[0], pd.read_parquet(snakemake.input.map[0]))
    save_figure(draw_density(panel), snakemake.output.pdf, snakemake.output.png)
