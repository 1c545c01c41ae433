"""Test runs that do not differ against each other, to see how often each test errs."""

import pandas as pd
from glue import job

from cartography_al.files import write_frame
from cartography_al.significance.calibration import calibrate

if __name__ == "__main__":  # the tables are made in processes of their own, which import this file
    with job(snakemake):
        runs, parameters = pd.read_parquet(snakemake.input.runs), snakemake.params
        names = ("compared", "alpha", "bootstrap_iterations", "seed", "repetitions", "seeds_per_group")
        options = {name: parameters[name] for name in names}
        # Replicates share their seeds, so that nothing has to be drawn anew but which of them is in which group.
        resample = snakemake.wildcards.design != "replicates"
        frame = calibrate(runs, parameters.strategies, **options, processes=snakemake.threads, resample=resample)
        write_frame(snakemake.output[0], frame)
