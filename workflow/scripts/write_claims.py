"""Judge the paper's claims by what the runs of each protocol found, and tabulate the verdicts."""

import pandas as pd
from case_glue import cases
from glue import job

from cartography_al.claims.evidence import Evidence
from cartography_al.claims.judge import judge_claims
from cartography_al.tables.claims import claims_table
from cartography_al.tables.formats import write_table

with job(snakemake):
    parameters, judged = snakemake.params, []
    for position, case in enumerate(cases(snakemake)):
        evidence = Evidence(
            dataset=case.subject.dataset,
            protocol=parameters.protocols[position],
            representation=case.subject.representation_title,
            **{name: case.frame(name) for name in ("runs", "full_data", "acquisitions", "seed_sets", "full_maps")},
            significance=case.frame("pooled"),
            seed_maps=case.frame("seed_set_maps"),
            description=case.description,
            embedding_source=parameters.embedding_sources[position],
            correctness_threshold=parameters.correctness_threshold,
            correctness_rounding=parameters.roundings[position],
            margin=parameters.margins[position],
        )
        judged.append(judge_claims(evidence))
    write_table(claims_table(pd.concat(judged, ignore_index=True)), **snakemake.output)
