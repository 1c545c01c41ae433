"""Plot accuracy against the share of labelled data: Figure 3, and the same for each protocol."""

import pandas as pd
from glue import job, read_json

from cartography_al.analysis.curves import learning_curves
from cartography_al.analysis.runs import exhausted_at
from cartography_al.figures.figure3 import CurvePanel, plot_learning_curves
from cartography_al.figures.style import save_figure
from cartography_al.paper import cal_accuracy, text_value

with job(snakemake):
    panels = []
    for position, (dataset, protocol) in enumerate(snakemake.params.panels):
        description = read_json(snakemake.input.descriptions[position])
        rows = description["splits"]["train"]["rows"]
        runs = pd.read_parquet(snakemake.input.runs[position])
        shown = runs[runs["strategy"].isin(snakemake.params.strategies)]
        curves = learning_curves(shown, rows)
        has_cal = (shown["strategy"] == "cal").any()
        panel = CurvePanel(
            description["title"],
            curves,
            full_accuracy=pd.read_parquet(snakemake.input.full_data[position])["test_accuracy"].mean(),
            exhausted_at=exhausted_at(runs, rows),
            protocol=protocol,
            paper_full_accuracy=text_value(dataset, "full_data_accuracy"),
            paper_cal_accuracy=cal_accuracy(dataset, curves["labelled"].max()) if has_cal else None,
        )
        panels.append(panel)
    save_figure(plot_learning_curves(panels), snakemake.output.pdf, snakemake.output.png)
