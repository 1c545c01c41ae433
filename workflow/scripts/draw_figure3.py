"""Plot accuracy against the share of labelled data: Figure 3, and the same for each protocol."""

from case_glue import cases
from glue import job

from cartography_al.analysis.curves import learning_curves
from cartography_al.analysis.full_data import has_learned, no_ceiling
from cartography_al.analysis.pool_samples import pool_sample_notes
from cartography_al.analysis.training_warnings import hardly_trained
from cartography_al.figures.figure3 import CurvePanel, plot_learning_curves
from cartography_al.figures.style import save_figure
from cartography_al.paper import cal_accuracy, text_value

with job(snakemake):
    panels, notes, shown = [], [], cases(snakemake)
    protocols = snakemake.params.protocols or [""] * len(shown)
    for case, protocol in zip(shown, protocols, strict=True):
        dataset, runs = case.subject.in_paper, case.of_strategies("runs", snakemake.params.strategies)
        full_data = case.frame("full_data")
        curves, learned = learning_curves(runs, case.train_rows), has_learned(full_data)
        has_cal = (runs["strategy"] == "cal").any()
        panel = CurvePanel(
            case.subject.heading,
            curves,
            full_accuracy=full_data["test_accuracy"].mean(),
            learned=learned,
            exhausted_at=case.exhausted_at,
            protocol=protocol,
            paper_full_accuracy=text_value(dataset, "full_data_accuracy"),
            paper_cal_accuracy=cal_accuracy(dataset, curves["labelled"].max()) if has_cal else None,
        )
        panels.append(panel)
        if learned and no_ceiling(case.frame("runs"), full_data):
            notes.append(f"{case.subject.heading}: training on all data has failed; see the summary.")
        if hardly_trained(case.frame("runs"), full_data):
            notes.append(f"{case.subject.heading}: the models of the seed set are hardly trained; see the summary.")
    notes += pool_sample_notes(snakemake.params.samples, snakemake.params.strategies)
    save_figure(plot_learning_curves(panels, notes), snakemake.output.pdf, snakemake.output.png)
