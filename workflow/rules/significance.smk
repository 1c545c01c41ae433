# Significance: almost stochastic order between every two compared strategies, Bonferroni-corrected.
#   test_significance  ->  significance/<protocol>/<dataset>.parquet, one row for each ordered pair


rule test_significance:
    input:
        runs=ACTIVE_LEARNING + "/runs.parquet",
        code=sources("test_significance"),
    output:
        RESULTS + "/significance/{protocol}/{dataset}.parquet",
    params:
        strategies=COMPARED,
        **ANALYSIS["significance"],
    log:
        LOGS + "/significance/test_significance/{protocol}-{dataset}.log",
    benchmark:
        BENCHMARKS + "/test_significance/{protocol}-{dataset}.tsv"
    threads: 8
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/test_significance.py"
