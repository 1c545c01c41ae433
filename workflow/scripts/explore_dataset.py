"""Write the explorer of one data set under one representation and protocol."""

import pandas as pd
from glue import job, read_json

from cartography_al.datasets.splits import read_split
from cartography_al.explorer.content import gather
from cartography_al.explorer.page import write_explorer
from cartography_al.naming import Subject

with job(snakemake):
    files, wildcards = snakemake.input, snakemake.wildcards
    content = gather(
        title=Subject(*snakemake.params.subject).heading,
        subtitle=f"experiment {snakemake.config['experiment']}, protocol {wildcards.protocol}, "
        f"representation {wildcards.representation}",
        classes=read_json(files.description)["classes"],
        data_map=pd.read_parquet(files.full_map),
        acquisitions=pd.read_parquet(files.acquisitions),
        seed_sets=pd.read_parquet(files.seed_sets),
        runs=pd.read_parquet(files.runs),
        full_accuracy=float(pd.read_parquet(files.full_data)["test_accuracy"].mean()),
        texts=read_split(files.train)["text"].tolist() if snakemake.params.texts else None,
    )
    write_explorer(snakemake.output[0], content)
