"""Plot what each strategy acquires: Figure 4."""

from case_glue import cases
from glue import job

from cartography_al.analysis.batches import batch_statistics
from cartography_al.figures.figure4 import BatchPanel, plot_batch_statistics
from cartography_al.figures.style import save_figure
from cartography_al.paper import paper_values

with job(snakemake):
    panels = [
        BatchPanel(
            case.subject.heading,
            batch_statistics(case.of_strategies("acquisitions", snakemake.params.strategies)),
            paper_values("figure4", case.subject.in_paper),
            case.exhausted_at,
        )
        for case in cases(snakemake)
    ]
    save_figure(plot_batch_statistics(panels), snakemake.output.pdf, snakemake.output.png)
