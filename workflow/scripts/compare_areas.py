"""Compare the areas under the learning curves."""

import pandas as pd
from glue import job

from cartography_al.datasets.splits import read_labels
from cartography_al.files import write_frame
from cartography_al.significance.over_texts import with_texts
from cartography_al.significance.paired import area_comparisons

with job(snakemake):
    strategies, early = snakemake.params.strategies, snakemake.params.early
    runs, predictions = (
        frame[frame["strategy"].isin(strategies)]
        for frame in map(pd.read_parquet, (snakemake.input.runs, snakemake.input.predictions))
    )
    areas = with_texts(area_comparisons(runs, early), predictions, read_labels(snakemake.input.test), early)
    write_frame(snakemake.output[0], areas)
