# Significance: almost stochastic order between every two compared strategies, Bonferroni-corrected.
#   test_significance  ->  significance/<protocol>/<dataset>.parquet, one row for each ordered pair


rule test_significance:
    input:
        runs=f"{ACTIVE_LEARNING}/runs.parquet",
        code=sources("test_significance"),
    output:
        f"{RESULTS}/significance/{{protocol}}/{{dataset}}.parquet",
    log:
        f"{LOGS}/significance/test_significance/{{protocol}}-{{dataset}}.log",
    benchmark:
        f"{BENCHMARKS}/test_significance/{{protocol}}-{{dataset}}.tsv"
    conda:
        "../../envs/cartography.yaml"
    threads: 8
    params:
        **ANALYSIS["significance"],
        strategies=COMPARED,
    script:
        "../scripts/test_significance.py"
