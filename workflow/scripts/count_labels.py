"""Count the labels that a given accuracy needs."""

import pandas as pd
from glue import job

from cartography_al.analysis.full_data import no_ceiling
from cartography_al.files import write_frame
from cartography_al.significance.labels import labels_needed

with job(snakemake):
    runs, full_data = (pd.read_parquet(path) for path in (snakemake.input.runs, snakemake.input.full_data))
    runs = runs[runs["strategy"].isin(snakemake.params.strategies)]
    full_accuracy = full_data["test_accuracy"].mean() if no_ceiling(runs, full_data) is None else None
    write_frame(snakemake.output[0], labels_needed(runs, full_accuracy))
