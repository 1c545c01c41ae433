"""Plot what each strategy acquires: Figure 4."""

import pandas as pd
from glue import job, keys_of_titles
from pool_glue import exhausted_pools

from cartography_al.analysis.batches import batch_statistics
from cartography_al.figures.figure4 import BatchPanel, plot_batch_statistics
from cartography_al.figures.style import save_figure
from cartography_al.paper import paper_values

with job(snakemake):
    panels, exhausted = [], exhausted_pools(snakemake.input)
    keys = keys_of_titles(snakemake.input.descriptions)
    for (title, key), path in zip(keys.items(), snakemake.input.acquisitions, strict=True):
        acquisitions = pd.read_parquet(path)
        chosen = acquisitions[acquisitions["strategy"].isin(snakemake.params.strategies)]
        panels.append(BatchPanel(title, batch_statistics(chosen), paper_values("figure4", key), exhausted.get(title)))
    save_figure(plot_batch_statistics(panels), snakemake.output.pdf, snakemake.output.png)
