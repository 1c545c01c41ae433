"""Test every compared strategy against every other one by almost stochastic order."""

import pandas as pd
from glue import job

from cartography_al.files import write_frame
from cartography_al.significance.aso import aso_table, final_scores, pooled_scores

if __name__ == "__main__":  # the pairs are tested in processes of their own, which import this file
    with job(snakemake):
        runs, strategies = pd.read_parquet(snakemake.input.runs), snakemake.params.strategies
        options = {key: snakemake.params[key] for key in ("alpha", "bootstrap_iterations", "seed")}
        if snakemake.wildcards.scores == "pooled":  # the paper's Table 2, computed by the paper's library
            frame = aso_table(pooled_scores(runs, strategies), **options, processes=snakemake.threads)
        else:
            frame = aso_table(final_scores(runs, strategies), **options, deepsig=False)
        write_frame(snakemake.output[0], frame)
