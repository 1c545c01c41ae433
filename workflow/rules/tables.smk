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
TABLES = expand(RESULTS + "/tables/{name}.{format}", name=TABLE_NAMES, format=TABLE_FORMATS)


def table_output(name):
    """The three files of a table; the CSV goes into the report."""
    path = f"{RESULTS}/tables/{name}"
    labels = {"table": name.replace("table", "Table ").capitalize()}
    return {
        "csv": report(path + ".csv", caption=f"../report/{name}.rst", category="Tables", labels=labels),
        "md": path + ".md",
        "tex": path + ".tex",
    }


rule count_datasets:
    input:
        descriptions=of_each_dataset(DATA + "/dataset.json"),
        code=sources("count_datasets"),
    output:
        **table_output("table1"),
    params:
        settings=[
            {key: config["datasets"][name][key] for key in ("seed_set_size", "max_tokens", "batch_size")}
            for name in RUN["datasets"]
        ],
    log:
        LOGS + "/tables/count_datasets.log",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/count_datasets.py"


rule tabulate_aso:
    input:
        significance=of_each_dataset(RESULTS + "/significance/{protocol}/{dataset}.parquet"),
        descriptions=of_each_dataset(DATA + "/dataset.json"),
        code=sources("tabulate_aso"),
    output:
        **table_output("table2"),
    params:
        alpha=ANALYSIS["significance"]["alpha"],
        bootstrap_iterations=ANALYSIS["significance"]["bootstrap_iterations"],
    log:
        LOGS + "/tables/tabulate_aso.log",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/tabulate_aso.py"


rule compare_thresholds:
    input:
        runs=of_each_dataset(ACTIVE_LEARNING + "/runs.parquet"),
        descriptions=of_each_dataset(DATA + "/dataset.json"),
        code=sources("compare_thresholds"),
    output:
        **table_output("table3"),
    params:
        thresholds=ANALYSIS["correctness_thresholds"],
        configured=config["acquisition"]["correctness_threshold"],
    log:
        LOGS + "/tables/compare_thresholds.log",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/compare_thresholds.py"


rule count_overlap:
    input:
        acquisitions=of_each_dataset(ACTIVE_LEARNING + "/acquisitions.parquet"),
        seed_sets=of_each_dataset(ACTIVE_LEARNING + "/seed_sets.parquet"),
        descriptions=of_each_dataset(DATA + "/dataset.json"),
        code=sources("count_overlap"),
    output:
        **table_output("table4"),
    params:
        strategies=BATCH_STRATEGIES,
    log:
        LOGS + "/tables/count_overlap.log",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/count_overlap.py"


rule summarize_runs:
    input:
        runs=of_each_dataset(ACTIVE_LEARNING + "/runs.parquet"),
        full_data=of_each_dataset(ACTIVE_LEARNING + "/full_data.parquet"),
        descriptions=of_each_dataset(DATA + "/dataset.json"),
        code=sources("summarize_runs"),
    output:
        **table_output("summary"),
    params:
        strategies=RUN["strategies"],
    log:
        LOGS + "/tables/summarize_runs.log",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/summarize_runs.py"


for name in TABLE_NAMES:

    rule:
        name:
            name
        input:
            expand(RESULTS + "/tables/{name}.{format}", name=name, format=TABLE_FORMATS),
