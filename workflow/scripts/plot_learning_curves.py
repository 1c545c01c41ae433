"""Plot accuracy against the share of labelled data: Figure 3."""

import pandas as pd
from glue import job, read_json
from pool_glue import exhausted_pools

from cartography_al.analysis import learning_curves
from cartography_al.figures import CurvePanel, plot_learning_curves, save_figure

with job(snakemake):
    panels, exhausted = [], exhausted_pools(snakemake.input)
    files = zip(snakemake.input.descriptions, snakemake.input.runs, snakemake.input.full_data, strict=True)
    for description_path, runs_path, full_data_path in files:
        description, runs = read_json(description_path), pd.read_parquet(runs_path)
        runs = runs[runs["strategy"].isin(snakemake.params.strategies)]
        curves = learning_curves(runs, description["splits"]["train"]["rows"])
        title, full_accuracy = description["title"], pd.read_parquet(full_data_path)["test_accuracy"].mean()
        panels.append(CurvePanel(title, curves, full_accuracy, exhausted.get(title)))
    save_figure(plot_learning_curves(panels), snakemake.output.pdf, snakemake.output.png)
