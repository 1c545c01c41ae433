"""Judge the paper's claims by what the runs of each protocol found."""

import pandas as pd
from glue import job, read_json

from cartography_al.claims.evidence import Evidence
from cartography_al.claims.judge import complete_claims, judge_claims
from cartography_al.tables.claims import claims_table
from cartography_al.tables.formats import write_table

FRAMES = ("runs", "full_data", "acquisitions", "seed_sets", "significance", "full_map", "seed_map")

with job(snakemake):
    judged = []
    for position, (dataset, protocol) in enumerate(snakemake.params.judged):
        evidence = Evidence(
            dataset=dataset,
            protocol=protocol,
            **{name: pd.read_parquet(snakemake.input[name][position]) for name in FRAMES},
            description=read_json(snakemake.input.description[position]),
            embedding_source=snakemake.params.embedding_source,
            correctness_threshold=snakemake.params.correctness_threshold,
        )
        judged.append(judge_claims(evidence))
    write_table(claims_table(complete_claims(judged, snakemake.params.protocols)), **snakemake.output)
