"""Judge the paper's claims by what the runs of each protocol found, and tabulate the verdicts."""

from case_glue import cases
from glue import job

from cartography_al.claims.evidence import Evidence
from cartography_al.claims.judge import complete_claims, judge_claims
from cartography_al.tables.claims import claims_table
from cartography_al.tables.formats import write_table

with job(snakemake):
    parameters, judged = snakemake.params, []
    conditions = zip(cases(snakemake), parameters.protocols, parameters.embedding_sources, strict=True)
    for case, protocol, embedding_source in conditions:
        evidence = Evidence(
            dataset=case.subject.dataset,
            protocol=protocol,
            **{name: case.frame(name) for name in ("runs", "full_data", "acquisitions", "seed_sets", "full_map")},
            significance=case.frame("pooled"),
            seed_map=case.frame("seed_set_map"),
            description=case.description,
            embedding_source=embedding_source,
            correctness_threshold=parameters.correctness_threshold,
        )
        judged.append(judge_claims(evidence))
    protocols = list(dict.fromkeys(parameters.protocols))
    write_table(claims_table(complete_claims(judged, protocols)), **snakemake.output)
