"""Judge the paper's claims by what the runs of each protocol found, and tabulate the verdicts."""

import pandas as pd
from case_glue import cases
from claims_glue import FRAMES, evidence
from glue import job

from cartography_al.claims.judge import judge_claims
from cartography_al.tables.claims import claims_table
from cartography_al.tables.formats import write_table

with job(snakemake):
    judged = []
    for case, settings in zip(cases(snakemake), snakemake.params.claims, strict=True):
        frames = {name: case.frame(name) for name in FRAMES}
        judged.append(judge_claims(evidence(frames, case.description, settings)))
    write_table(claims_table(pd.concat(judged, ignore_index=True)), **snakemake.output)
