"""Compare the areas under the learning curves, and count the labels that a given accuracy needs."""

import pandas as pd
from glue import job

from cartography_al.analysis.full_data import has_learned
from cartography_al.files import write_frame
from cartography_al.significance.labels import labels_needed
from cartography_al.significance.paired import area_comparisons

with job(snakemake):
    runs = pd.read_parquet(snakemake.input.runs)
    runs = runs[runs["strategy"].isin(snakemake.params.strategies)]
    full_data = pd.read_parquet(snakemake.input.full_data)
    full_accuracy = full_data["test_accuracy"].mean() if has_learned(full_data) else None
    write_frame(snakemake.output.areas, area_comparisons(runs, snakemake.params.early))
    write_frame(snakemake.output.labels, labels_needed(runs, full_accuracy))
