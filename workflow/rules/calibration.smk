# How often the tests and the claims' rules err, as tables; on request: `snakemake calibration`.
#   write_calibration   how often the tests err
#   write_claim_errors  how often each claim's rule errs


localrules:
    write_calibration,


rule write_calibration:
    input:
        **of_cases(PLAN.calibrated, *[f"calibration_{design}" for design in CALIBRATION_DESIGNS]),
        code=sources("write_calibration"),
    output:
        **table_output("calibration", "Significance: error rates"),
    log:
        f"{LOGS}/tables/write_calibration.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.calibrated),
        protocols=[case.protocol for case in PLAN.calibrated],
        designs=CALIBRATION_DESIGNS,
    script:
        "../scripts/write_calibration.py"


if PLAN.judged:

    rule write_claim_errors:
        input:
            **of_cases(PLAN.judged, "claim_errors"),
            code=sources("write_claim_errors"),
        output:
            **table_output("claim_errors", "Claims: error rates"),
        log:
            f"{LOGS}/tables/write_claim_errors.log",
        localrule: True
        conda:
            "../../envs/cartography.yaml"
        params:
            subjects=subjects(PLAN.judged),
            protocols=[case.protocol for case in PLAN.judged],
        script:
            "../scripts/write_claim_errors.py"


rule calibration:
    input:
        expand(
            f"{RESULTS}/tables/{{name}}.{{format}}",
            name=["calibration", *(["claim_errors"] if PLAN.judged else [])],
            format=TABLE_FORMATS,
        ),
        expand(f"{RESULTS}/figures/readings.{{format}}", format=["pdf", "png"]),
