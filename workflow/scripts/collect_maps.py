"""Put the data maps of all seeds into one frame, each row with its seed."""

import pandas as pd
from glue import job

from cartography_al.files import write_frame

with job(snakemake):
    seeds = zip(snakemake.input.maps, snakemake.params.seeds, strict=True)
    write_frame(
        snakemake.output[0],
        pd.concat([pd.read_parquet(path).assign(seed=seed) for path, seed in seeds], ignore_index=True),
    )
