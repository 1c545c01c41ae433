"""Plot what each strategy acquires: Figure 4."""

import pandas as pd
from glue import job, titles

from cartography_al.analysis import batch_statistics
from cartography_al.figures import BatchPanel, plot_batch_statistics, save_figure

with job(snakemake):
    panels = []
    for title, path in zip(titles(snakemake.input.descriptions), snakemake.input.acquisitions, strict=True):
        acquisitions = pd.read_parquet(path)
        chosen = acquisitions[acquisitions["strategy"].isin(snakemake.params.strategies)]
        panels.append(BatchPanel(title, batch_statistics(chosen)))
    save_figure(plot_batch_statistics(panels), snakemake.output.pdf, snakemake.output.png)
