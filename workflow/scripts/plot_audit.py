"""Plot what each switch of the protocol moves."""

import pandas as pd
from glue import job, titles

from cartography_al.figures.audit import AuditPanel, plot_audit
from cartography_al.figures.style import save_figure

with job(snakemake):
    panels = [
        AuditPanel(title, pd.read_parquet(path))
        for title, path in zip(titles(snakemake.input.descriptions), snakemake.input.effects, strict=True)
    ]
    save_figure(plot_audit(panels), snakemake.output.pdf, snakemake.output.png)
