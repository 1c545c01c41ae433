"""Test every compared strategy against every other one by almost stochastic order; of one pair, ask deepsig as well."""

import pandas as pd
from glue import job

from cartography_al.files import write_frame
from cartography_al.significance.aso import aso_table, check_by_deepsig, final_scores, pooled_scores
from cartography_al.significance.readings import BONFERRONI, read_three_ways

with job(snakemake):
    runs, strategies = pd.read_parquet(snakemake.input.runs), snakemake.params.strategies
    alpha, bootstrap_iterations, seed = (snakemake.params[key] for key in ("alpha", "bootstrap_iterations", "seed"))
    if snakemake.wildcards.scores == "pooled":
        scores = pooled_scores(runs, strategies)
        frame = read_three_ways(scores, alpha, bootstrap_iterations, seed)
        tested = frame[frame["reading"] == BONFERRONI]
    else:
        scores = final_scores(runs, strategies)
        frame = tested = aso_table(scores, alpha, bootstrap_iterations, seed)
    check_by_deepsig(tested, scores, bootstrap_iterations, seed)
    write_frame(snakemake.output[0], frame)
