# Tables, each as CSV, Markdown, LaTeX and HTML: tables/<name>.csv is made by the rule write_<name>, with the script of the
# same name, from tables/<name>.py of the package.
#   write_table1        data set statistics           write_table3   CAL at each correctness threshold
#   write_table2        ASO of each pair              write_table4   overlap of acquired instances
#   conclude_run        overview.txt, what a person wants to read at the end
#   write_summary       the single values of the text: accuracy, hybrid, data efficiency
# Beyond the paper:
#   write_table2_final  as Table 2 with the last iteration's scores alone, written as table2
#   write_areas         learning curves against Random's, seed by seed
#   write_labels        how many labels 95% and 99% of the full-data accuracy take
#   write_claims        what these runs say of each claim of the paper, for each protocol

TABLE_NAMES = [
    "table1",
    *(["table2"] if len(PLAN.compared) > 1 else []),
    *(["table3"] if PLAN.threshold_strategies else []),
    *(["table4"] if len(PLAN.batch_strategies) > 1 else []),
    "summary",
    *(["table2_final"] if len(PLAN.compared) > 1 and len(PLAN.seeds) > 1 else []),
    *(["areas"] if PLAN.baselines and len(PLAN.seeds) > 1 else []),
    *(["ranks"] if len(RUN["strategies"]) > 7 and len(PLAN.seeds) > 1 else []),
    "labels",
    "balance",
    *(["claims"] if PLAN.claim_protocols else []),
]
ENCODED = [case for case in PLAN.cases if PLAN.reading(case) == "encoder"]  # what sentence encoders read, and cut
TABLES = expand(f"{RESULTS}/tables/{{name}}.{{format}}", name=TABLE_NAMES, format=TABLE_FORMATS)


# Seconds each, so no SLURM jobs.
localrules:
    write_table1,
    write_table2,
    write_table3,
    write_table4,
    write_summary,
    write_table2_final,
    write_areas,
    write_labels,
    write_claims,
    conclude_run,


rule write_table1:
    input:
        descriptions=[FRAMES["description"].format(dataset=name) for name in RUN["datasets"]],
        encoded=[f"{FEATURES}/features.json".format(**case._asdict(), reading="encoder") for case in ENCODED],
        features=[f"{features_folder(case)}/features.json" for case in PLAN.cases],
        code=sources("write_table1"),
    output:
        **table_output("table1", "Table 1, data sets"),
    log:
        f"{LOGS}/tables/write_table1.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        encoded=subjects(ENCODED),
        subjects=subjects(PLAN.cases),
        settings=[
            {key: config["datasets"][name][key] for key in ("seed_set_size", "max_tokens", "batch_size")}
            for name in RUN["datasets"]
        ],
    script:
        "../scripts/write_table1.py"


rule write_table2:
    input:
        **of_cases(PLAN.cases, "pooled", "runs"),
        code=sources("write_table2"),
    output:
        **table_output("table2", "Table 2, significance"),
    log:
        f"{LOGS}/tables/write_table2.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        scores="pooled",
        alpha=ANALYSIS["significance"]["alpha"],
        bootstrap_iterations=ANALYSIS["significance"]["bootstrap_iterations"],
    script:
        "../scripts/write_table2.py"


rule write_table3:
    input:
        **of_cases(PLAN.cases, "runs"),
        code=sources("write_table3"),
    output:
        **table_output("table3", "Table 3, thresholds of CAL"),
    log:
        f"{LOGS}/tables/write_table3.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        thresholds=ANALYSIS["correctness_thresholds"],
        configured=config["acquisition"]["cal"]["correctness_threshold"],
    script:
        "../scripts/write_table3.py"


rule write_table4:
    input:
        **of_cases(PLAN.cases, "acquisitions", "runs", "seed_sets"),
        code=sources("write_table4"),
    output:
        **table_output("table4", "Table 4, shared acquisitions"),
    log:
        f"{LOGS}/tables/write_table4.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        strategies=PLAN.batch_strategies,
    script:
        "../scripts/write_table4.py"


rule write_summary:
    input:
        **of_cases(PLAN.cases, "runs", "full_data"),
        code=sources("write_summary"),
    output:
        **table_output("summary", "Text, accuracies and labels"),
    log:
        f"{LOGS}/tables/write_summary.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        strategies=RUN["strategies"],
        samples=POOL_SAMPLES,
    script:
        "../scripts/write_summary.py"


rule conclude_run:
    input:
        **of_cases(PLAN.cases, "runs", "full_data"),
        features=[f"{features_folder(case)}/features.json" for case in PLAN.cases],
        code=sources("conclude_run"),
    output:
        OVERVIEW,
    log:
        f"{LOGS}/tables/conclude_run.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        strategies=RUN["strategies"],
        results=lambda wildcards, output: os.path.dirname(output[0]),
    script:
        "../scripts/conclude_run.py"


rule write_table2_final:
    input:
        **of_cases(PLAN.cases, "final", "runs"),
        code=sources("write_table2"),
    output:
        **table_output("table2_final", "Table 2, significance, last iteration"),
    log:
        f"{LOGS}/tables/write_table2_final.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        scores="final",
        alpha=ANALYSIS["significance"]["alpha"],
        bootstrap_iterations=ANALYSIS["significance"]["bootstrap_iterations"],
    script:
        "../scripts/write_table2.py"


rule write_areas:
    input:
        **of_cases(PLAN.cases, "areas", "runs"),
        code=sources("write_areas"),
    output:
        **table_output("areas", "Areas under the curves"),
    log:
        f"{LOGS}/tables/write_areas.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        samples=POOL_SAMPLES,
    script:
        "../scripts/write_areas.py"


rule write_labels:
    input:
        **of_cases(PLAN.cases, "labels", "runs", "full_data"),
        code=sources("write_labels"),
    output:
        **table_output("labels", "Labels needed"),
    log:
        f"{LOGS}/tables/write_labels.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
    script:
        "../scripts/write_labels.py"


rule write_claims:
    input:
        **of_cases(PLAN.judged, *CLAIM_FRAMES),
        code=sources("write_claims"),
    output:
        **table_output("claims", "Claims: verdicts"),
    log:
        f"{LOGS}/tables/write_claims.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.judged),
        claims=[PLAN.claim_settings(case) for case in PLAN.judged],
    script:
        "../scripts/write_claims.py"


for name in TABLE_NAMES:

    rule:
        name:
            name
        input:
            expand(f"{RESULTS}/tables/{{name}}.{{format}}", name=name, format=TABLE_FORMATS),
