"""Measure what became of the wrong labels of a data set."""

import pandas as pd
from glue import job, read_json

from cartography_al.analysis.label_noise import wrong_labels_acquired, wrong_labels_ranked
from cartography_al.files import write_frame
from cartography_al.significance.label_noise import noise_effects

with job(snakemake):
    frames = {
        name: pd.read_parquet(snakemake.input[name])
        for name in ("runs", "clean_runs", "acquisitions", "seed_sets", "full_maps")
    }
    description = read_json(snakemake.input.description)
    wrong_ids, train_rows = description["wrong_ids"], description["splits"]["train"]["rows"]
    acquired = wrong_labels_acquired(frames["acquisitions"], frames["seed_sets"], wrong_ids, train_rows)
    write_frame(snakemake.output.acquired, acquired)
    write_frame(snakemake.output.effects, noise_effects(acquired, frames["runs"], frames["clean_runs"]))
    write_frame(snakemake.output.ranked, wrong_labels_ranked(frames["full_maps"], wrong_ids))
