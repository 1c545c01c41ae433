# Tables 1 to 4 of the paper, each as CSV (complete), Markdown, LaTeX and HTML (for people).
#   count_datasets  ->  table1        compare_thresholds  ->  table3
#   tabulate_aso    ->  table2        count_overlap       ->  table4
#   summarize_runs  ->  summary, the single values of the paper's text: full data, hybrid, data efficiency
# Beyond the paper:
#   tabulate_final_aso   ->  table2_final, as Table 2 with the last iteration's scores alone
#   tabulate_areas       ->  areas, learning curves against Random's, seed by seed
#   tabulate_labels      ->  labels, how many labels 95% and 99% of the full-data accuracy take
#   judge_claims         ->  claims, what these runs say of each claim of the paper, for each protocol
#   tabulate_calibration ->  calibration, how often the tests err; on request: `snakemake calibration`

TABLE_NAMES = [
    "table1",
    *(["table2"] if len(COMPARED) > 1 else []),
    *(["table3"] if THRESHOLD_STRATEGIES else []),
    *(["table4"] if len(BATCH_STRATEGIES) > 1 else []),
    "summary",
    *(["table2_final"] if len(COMPARED) > 1 and len(SEEDS) > 1 else []),
    *(["areas"] if BASELINE and len(SEEDS) > 1 else []),
    *(["labels"] if BASELINE else []),
    *(["claims"] if CLAIM_PROTOCOLS else []),
]
TABLES = expand(f"{RESULTS}/tables/{{name}}.{{format}}", name=TABLE_NAMES, format=TABLE_FORMATS)


# Seconds each, so no SLURM jobs.
localrules:
    count_datasets,
    tabulate_aso,
    compare_thresholds,
    count_overlap,
    summarize_runs,
    tabulate_final_aso,
    tabulate_areas,
    tabulate_labels,
    tabulate_calibration,
    judge_claims,


rule count_datasets:
    input:
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("count_datasets"),
    output:
        **table_output("table1"),
    log:
        f"{LOGS}/tables/count_datasets.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        settings=[
            {key: config["datasets"][name][key] for key in ("seed_set_size", "max_tokens", "batch_size")}
            for name in RUN["datasets"]
        ],
    script:
        "../scripts/count_datasets.py"


rule tabulate_aso:
    input:
        significance=of_each_dataset(f"{SIGNIFICANCE}/pooled.parquet"),
        runs=of_each_dataset(f"{ACTIVE_LEARNING}/runs.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("tabulate_aso"),
    output:
        **table_output("table2"),
    log:
        f"{LOGS}/tables/tabulate_aso.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        alpha=ANALYSIS["significance"]["alpha"],
        bootstrap_iterations=ANALYSIS["significance"]["bootstrap_iterations"],
        final=False,
    script:
        "../scripts/tabulate_aso.py"


rule compare_thresholds:
    input:
        runs=of_each_dataset(f"{ACTIVE_LEARNING}/runs.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("compare_thresholds"),
    output:
        **table_output("table3"),
    log:
        f"{LOGS}/tables/compare_thresholds.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        thresholds=ANALYSIS["correctness_thresholds"],
        configured=config["acquisition"]["correctness_threshold"],
    script:
        "../scripts/compare_thresholds.py"


rule count_overlap:
    input:
        acquisitions=of_each_dataset(f"{ACTIVE_LEARNING}/acquisitions.parquet"),
        runs=of_each_dataset(f"{ACTIVE_LEARNING}/runs.parquet"),
        seed_sets=of_each_dataset(f"{ACTIVE_LEARNING}/seed_sets.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("count_overlap"),
    output:
        **table_output("table4"),
    log:
        f"{LOGS}/tables/count_overlap.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        strategies=BATCH_STRATEGIES,
    script:
        "../scripts/count_overlap.py"


rule summarize_runs:
    input:
        runs=of_each_dataset(f"{ACTIVE_LEARNING}/runs.parquet"),
        full_data=of_each_dataset(f"{ACTIVE_LEARNING}/full_data.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("summarize_runs"),
    output:
        **table_output("summary"),
    log:
        f"{LOGS}/tables/summarize_runs.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        strategies=RUN["strategies"],
    script:
        "../scripts/summarize_runs.py"


rule tabulate_final_aso:
    input:
        significance=of_each_dataset(f"{SIGNIFICANCE}/final.parquet"),
        runs=of_each_dataset(f"{ACTIVE_LEARNING}/runs.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("tabulate_aso"),
    output:
        **table_output("table2_final"),
    log:
        f"{LOGS}/tables/tabulate_final_aso.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        alpha=ANALYSIS["significance"]["alpha"],
        bootstrap_iterations=ANALYSIS["significance"]["bootstrap_iterations"],
        final=True,
    script:
        "../scripts/tabulate_aso.py"


rule tabulate_areas:
    input:
        frames=of_each_dataset(f"{SIGNIFICANCE}/areas.parquet"),
        runs=of_each_dataset(f"{ACTIVE_LEARNING}/runs.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("tabulate_frames"),
    output:
        **table_output("areas"),
    log:
        f"{LOGS}/tables/tabulate_areas.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        table="areas_table",
    script:
        "../scripts/tabulate_frames.py"


rule tabulate_labels:
    input:
        frames=of_each_dataset(f"{SIGNIFICANCE}/labels.parquet"),
        runs=of_each_dataset(f"{ACTIVE_LEARNING}/runs.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("tabulate_frames"),
    output:
        **table_output("labels"),
    log:
        f"{LOGS}/tables/tabulate_labels.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        table="labels_table",
    script:
        "../scripts/tabulate_frames.py"


rule tabulate_calibration:
    input:
        one_strategy=of_each_dataset(f"{SIGNIFICANCE}/calibration_one_strategy.parquet"),
        within_seeds=of_each_dataset(f"{SIGNIFICANCE}/calibration_within_seeds.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("tabulate_calibration"),
    output:
        **table_output("calibration"),
    log:
        f"{LOGS}/tables/tabulate_calibration.log",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/tabulate_calibration.py"


rule judge_claims:
    input:
        runs=of_each_judged(f"{ACTIVE_LEARNING}/runs.parquet"),
        full_data=of_each_judged(f"{ACTIVE_LEARNING}/full_data.parquet"),
        acquisitions=of_each_judged(f"{ACTIVE_LEARNING}/acquisitions.parquet"),
        seed_sets=of_each_judged(f"{ACTIVE_LEARNING}/seed_sets.parquet"),
        significance=of_each_judged(f"{SIGNIFICANCE}/pooled.parquet"),
        full_map=of_each_judged(f"{DATA_MAPS}/full.parquet"),
        seed_map=of_each_judged(f"{DATA_MAPS}/seed_set.parquet"),
        description=of_each_judged(f"{DATA}/dataset.json"),
        code=sources("judge_claims"),
    output:
        **table_output("claims"),
    log:
        f"{LOGS}/tables/judge_claims.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        judged=JUDGED,
        protocols=CLAIM_PROTOCOLS,
        embedding_source=config["embedding"]["source"],
        correctness_threshold=config["acquisition"]["correctness_threshold"],
    script:
        "../scripts/judge_claims.py"


for name in [*TABLE_NAMES, "calibration"]:

    rule:
        name:
            name
        input:
            expand(f"{RESULTS}/tables/{{name}}.{{format}}", name=name, format=TABLE_FORMATS),
