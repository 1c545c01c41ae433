"""Test every compared strategy against every other one by almost stochastic order."""

import pandas as pd
from glue import job

from cartography_al.files import write_frame
from cartography_al.significance import aso_table, pooled_scores

if __name__ == "__main__":  # the pairs are tested in processes of their own, which import this file
    with job(snakemake):
        scores = pooled_scores(pd.read_parquet(snakemake.input.runs), snakemake.params.strategies)
        test = {key: snakemake.params[key] for key in ("alpha", "bootstrap_iterations", "seed")}
        write_frame(snakemake.output[0], aso_table(scores, **test, processes=snakemake.threads))
