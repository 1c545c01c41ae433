"""Gather the checkpoints of all chains of a data set into frames."""

import pandas as pd
from glue import job, read_json

from cartography_al.active_learning.collect import collect
from cartography_al.files import write_frame

with job(snakemake):
    runs, acquisitions, seed_sets, predictions = collect(snakemake.input.checkpoints)
    write_frame(snakemake.output.runs, runs)
    write_frame(snakemake.output.acquisitions, acquisitions)
    write_frame(snakemake.output.seed_sets, seed_sets)
    write_frame(snakemake.output.predictions, predictions)
    write_frame(snakemake.output.full_data, pd.DataFrame([read_json(path) for path in snakemake.input.full_data]))
