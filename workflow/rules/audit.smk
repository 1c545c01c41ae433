# Audit: the paper's text with one switch turned as in the authors' code, and the code with one turned back.
#   audit_dataset   ->  audit/<dataset>.parquet, what each switch does to accuracy; reads the chains of many protocols
#   tabulate_audit  ->  tables/audit         plot_audit  ->  figures/audit


# Seconds each, so no SLURM jobs.
localrules:
    audit_dataset,
    tabulate_audit,
    plot_audit,


rule audit_dataset:
    input:
        **{
            name: [
                f"{path.replace('{protocol}', name)}/seed-{seed}/iteration-{iteration:03d}.parquet"
                for path in expand(f"{ACTIVE_LEARNING}/{{strategy}}", strategy=AUDIT["strategies"], allow_missing=True)
                for seed in AUDIT_SEEDS
                for iteration in range(AUDIT_ITERATIONS + 1)
            ]
            for name in AUDIT_PROTOCOLS
        },
        **{
            f"{name}_full_data": [
                f"{ACTIVE_LEARNING}/full_data/seed-{seed}.json".replace("{protocol}", name) for seed in AUDIT_SEEDS
            ]
            for name in AUDIT_PROTOCOLS
        },
        code=sources("audit_dataset"),
    output:
        f"{RESULTS}/audit/{{dataset}}.parquet",
    log:
        f"{LOGS}/audit/audit_dataset/{{dataset}}.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        protocols=list(AUDIT_PROTOCOLS),
    script:
        "../scripts/audit_dataset.py"


rule tabulate_audit:
    input:
        frames=of_each_dataset(f"{RESULTS}/audit/{{dataset}}.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("tabulate_frames"),
    output:
        **table_output("audit"),
    log:
        f"{LOGS}/audit/tabulate_audit.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        table="audit_table",
    script:
        "../scripts/tabulate_frames.py"


rule plot_audit:
    input:
        effects=of_each_dataset(f"{RESULTS}/audit/{{dataset}}.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("plot_audit"),
    output:
        **figure_output("audit", "audit"),
    log:
        f"{LOGS}/audit/plot_audit.log",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/plot_audit.py"


rule audit:
    input:
        expand(f"{RESULTS}/tables/audit.{{format}}", format=TABLE_FORMATS),
        expand(f"{RESULTS}/figures/audit.{{format}}", format=["pdf", "png"]),
