"""Put the first page of the report together from what figures and tables are made of."""

from pathlib import Path

import pandas as pd
from case_glue import cases, exhausted_pools
from glue import job

from cartography_al.files import write_text
from cartography_al.tables.findings import Findings, findings_page

OF_ALL = ("curves", "claims", "explorers")

with job(snakemake):
    shown, parameters, files = cases(snakemake, OF_ALL), snakemake.params, snakemake.input
    ran = []
    for case in shown:
        runs = case.frame("runs")
        ran.append(
            {
                "Data set": case.subject.title,
                "Texts": f"{case.train_rows:,}",
                "Classes": len(case.description["classes"]),
                "Representation": case.subject.representation_title or case.subject.representation,
                "Protocol": parameters.protocol,
                "Strategies": runs["strategy"].nunique(),
                "Seeds": runs["seed"].nunique(),
                "Iterations": runs["iteration"].max(),
                "Labelled at the end": f"{runs['labelled'].max():,}",
            }
        )
    warnings = [
        f"{subject.heading}: the pool was exhausted at iteration {iteration}; all strategies end alike."
        for subject, iteration in exhausted_pools(shown).items()
    ]
    claims = pd.read_csv(files.claims, keep_default_na=False) if files.claims else None
    if claims is not None:
        conditions = [f"The paper's conditions are not met: {text}." for text in claims["conditions"].unique() if text]
        warnings += conditions
    if parameters.seeds < 6:
        warnings.append(f"{parameters.seeds} seeds: no exact paired test can give a p-value under 0.05.")
    page = Findings(
        curves=Path(files.curves).read_bytes(),
        ran=ran,
        areas={case.subject: case.frame("areas") for case in shown} if "areas" in shown[0].paths else {},
        claims=claims,
        warnings=warnings,
        links=dict(zip((case.subject for case in shown), parameters.explorers, strict=True)),
    )
    write_text(snakemake.output[0], findings_page(page))
