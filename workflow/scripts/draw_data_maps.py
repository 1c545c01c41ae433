"""Draw the data maps of all data sets side by side: Figures 1 and 2."""

import pandas as pd
from glue import job, titles

from cartography_al.figures.figure1 import DataMapPanel, draw_data_maps
from cartography_al.figures.style import save_figure

with job(snakemake):
    panels = [
        DataMapPanel(title, pd.read_parquet(path), snakemake.params.threshold)
        for title, path in zip(titles(snakemake.input.descriptions), snakemake.input.maps, strict=True)
    ]
    save_figure(draw_data_maps(panels), snakemake.output.pdf, snakemake.output.png)
