# The report's first page.
#   write_findings  ->  findings.html: Figure 3, areas, verdicts, warnings, what was run; links to the explorers

FINDINGS = f"{RESULTS}/findings.html"


localrules:
    write_findings,


rule write_findings:
    input:
        **of_cases(PLAN.cases, "runs", *(["areas"] if "areas" in TABLE_NAMES else [])),
        curves=f"{RESULTS}/figures/figure3.png",
        claims=f"{RESULTS}/tables/claims.csv" if "claims" in TABLE_NAMES else [],
        explorers=EXPLORERS,
        code=sources("write_findings"),
    output:
        report(
            FINDINGS, caption="../report/findings.rst", category=FINDINGS_CATEGORY, labels={"page": "What was found"}
        ),
    log:
        f"{LOGS}/tables/write_findings.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        protocol=PLAN.protocol,
        seeds=len(PLAN.seeds),
        explorers=[os.path.relpath(path, RESULTS) for path in EXPLORERS],
    script:
        "../scripts/write_findings.py"
