"""Judge claims on runs that do not differ, to see how often each claim's rule errs."""

import pandas as pd
from claims_glue import FRAMES, evidence
from glue import job, read_json

from cartography_al.claims.error_rates import claim_error_rates
from cartography_al.files import write_frame

with job(snakemake):
    parameters = snakemake.params
    found = evidence(
        {name: pd.read_parquet(snakemake.input[name]) for name in FRAMES},
        read_json(snakemake.input.description),
        parameters.claims,
    )
    options = {name: parameters[name] for name in ("alpha", "bootstrap_iterations", "seed")}
    frame = claim_error_rates(found, parameters.repetitions, parameters.compared, **options)
    write_frame(snakemake.output[0], frame)
