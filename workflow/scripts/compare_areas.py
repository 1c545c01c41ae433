"""Compare the areas under the learning curves, and count the labels that a given accuracy needs."""

import pandas as pd
from glue import job

from cartography_al.analysis.full_data import no_ceiling
from cartography_al.datasets.splits import read_labels
from cartography_al.files import write_frame
from cartography_al.significance.labels import labels_needed
from cartography_al.significance.over_texts import with_texts
from cartography_al.significance.paired import area_comparisons

with job(snakemake):
    strategies, early = snakemake.params.strategies, snakemake.params.early
    runs, predictions = (
        frame[frame["strategy"].isin(strategies)]
        for frame in map(pd.read_parquet, (snakemake.input.runs, snakemake.input.predictions))
    )
    full_data = pd.read_parquet(snakemake.input.full_data)
    full_accuracy = full_data["test_accuracy"].mean() if no_ceiling(runs, full_data) is None else None
    areas = with_texts(area_comparisons(runs, early), predictions, read_labels(snakemake.input.test), early)
    write_frame(snakemake.output.areas, areas)
    write_frame(snakemake.output.labels, labels_needed(runs, full_accuracy))
