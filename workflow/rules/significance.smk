# Significance: is a difference between strategies more than chance? One parquet for each data set and question.
#   test_significance  ->  pooled.parquet, almost stochastic order of each ordered pair by three readings of the test
#                          final.parquet, of the last iteration's scores, Bonferroni
#   compare_areas      ->  areas.parquet, areas under the learning curves: each against Random's, CAL's against each
#                          other strategy's
#   count_labels       ->  labels.parquet, labels needed for 95% and 99% of the full-data accuracy
#   calibrate_tests    ->  calibration_one_strategy.parquet, how often these tests see a difference where there is none:
#                          runs of one strategy, which share no seeds
#                          calibration_within_seeds.parquet, the strategies' runs dealt anew within each seed
#                          calibration_replicates.parquet, runs of Random that differ by their choices alone
#   calibrate_claims   ->  claim_errors.parquet, how often each claim's own rule errs


# Seconds, so no SLURM job.
localrules:
    compare_areas,
    count_labels,


rule test_significance:
    input:
        runs=f"{ACTIVE_LEARNING}/runs.parquet",
        code=sources("test_significance"),
    output:
        f"{SIGNIFICANCE}/{{scores}}.parquet",
    log:
        f"{LOGS}/significance/test_significance/{CASE_NAME}-{{scores}}.log",
    benchmark:
        f"{BENCHMARKS}/test_significance/{CASE_NAME}-{{scores}}.tsv"
    wildcard_constraints:
        scores="pooled|final",
    conda:
        "../../envs/cartography.yaml"
    params:
        **ANALYSIS["significance"],
        strategies=SHOWN,
    script:
        "../scripts/test_significance.py"


rule compare_areas:
    input:
        runs=f"{ACTIVE_LEARNING}/runs.parquet",
        predictions=f"{ACTIVE_LEARNING}/predictions.parquet",
        test=f"{DATA}/test.parquet",
        code=sources("compare_areas"),
    output:
        f"{SIGNIFICANCE}/areas.parquet",
    log:
        f"{LOGS}/significance/compare_areas/{CASE_NAME}.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        strategies=RUN["strategies"],
        early=ANALYSIS["early_iterations"],
    script:
        "../scripts/compare_areas.py"


rule count_labels:
    input:
        runs=f"{ACTIVE_LEARNING}/runs.parquet",
        full_data=f"{ACTIVE_LEARNING}/full_data.parquet",
        code=sources("count_labels"),
    output:
        f"{SIGNIFICANCE}/labels.parquet",
    log:
        f"{LOGS}/significance/count_labels/{CASE_NAME}.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        strategies=RUN["strategies"],
    script:
        "../scripts/count_labels.py"


rule calibrate_tests:
    input:
        runs=lambda wildcards: (
            f"{ACTIVE_LEARNING}/{'replicates' if wildcards.design == 'replicates' else 'runs'}.parquet"
        ),
        code=sources("calibrate_tests"),
    output:
        f"{SIGNIFICANCE}/calibration_{{design}}.parquet",
    log:
        f"{LOGS}/significance/calibrate_tests/{CASE_NAME}-{{design}}.log",
    benchmark:
        f"{BENCHMARKS}/calibrate_tests/{CASE_NAME}-{{design}}.tsv"
    wildcard_constraints:
        design="|".join(CALIBRATION_DESIGNS),
    conda:
        "../../envs/cartography.yaml"
    threads: 8
    params:
        **ANALYSIS["significance"] | ANALYSIS["calibration"],
        strategies=lambda wildcards: {
            "one_strategy": PLAN.compared[:1],
            "within_seeds": PLAN.compared,
            "replicates": PLAN.replicates,
        }[wildcards.design],
        compared=len(PLAN.compared),
    script:
        "../scripts/calibrate_tests.py"


rule calibrate_claims:
    input:
        **{name: FRAMES[name] for name in CLAIM_FRAMES},
        description=FRAMES["description"],
        code=sources("calibrate_claims"),
    output:
        FRAMES["claim_errors"],
    log:
        f"{LOGS}/significance/calibrate_claims/{CASE_NAME}.log",
    benchmark:
        f"{BENCHMARKS}/calibrate_claims/{CASE_NAME}.tsv"
    conda:
        "../../envs/cartography.yaml"
    params:
        **ANALYSIS["significance"] | ANALYSIS["calibration"],
        claims=lambda wildcards: PLAN.claim_settings(case_of(wildcards)),
        compared=PLAN.compared,
    script:
        "../scripts/calibrate_claims.py"
