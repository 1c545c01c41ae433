# Tables 1 to 4 of the paper, each as CSV (complete), Markdown and LaTeX (for people).
#   count_datasets  ->  table1        compare_thresholds  ->  table3
#   tabulate_aso    ->  table2        count_overlap       ->  table4
#   summarize_runs  ->  summary, the single values of the paper's text: full data, hybrid, data efficiency

TABLE_NAMES = [
    "table1",
    *(["table2"] if len(COMPARED) > 1 else []),
    *(["table3"] if THRESHOLD_STRATEGIES else []),
    *(["table4"] if len(BATCH_STRATEGIES) > 1 else []),
    "summary",
]
TABLE_FORMATS = ["csv", "md", "tex"]
TABLES = expand(f"{RESULTS}/tables/{{name}}.{{format}}", name=TABLE_NAMES, format=TABLE_FORMATS)


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
        significance=of_each_dataset(f"{RESULTS}/significance/{{protocol}}/{{dataset}}.parquet"),
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


for name in TABLE_NAMES:

    rule:
        name:
            name
        input:
            expand(f"{RESULTS}/tables/{{name}}.{{format}}", name=name, format=TABLE_FORMATS),
