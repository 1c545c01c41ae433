# Audit: the paper's text with one switch turned as in the authors' code, and the code with one turned back.
#   audit_dataset   ->  audit/<representation>/<dataset>.parquet, what each switch does to accuracy; reads the chains of
#                       many protocols
#   write_audit     ->  tables/audit         draw_audit  ->  figures/audit


# Seconds each, so no SLURM jobs.
localrules:
    audit_dataset,
    write_audit,
    draw_audit,


rule audit_dataset:
    input:
        **{
            name: [
                f"{path.replace('{protocol}', name)}/seed-{seed}/{checkpoint_name(iteration)}"
                for path in expand(f"{ACTIVE_LEARNING}/{{strategy}}", strategy=AUDIT["strategies"], allow_missing=True)
                for seed in PLAN.audit_seeds
                for iteration in range(PLAN.audit_iterations + 1)
            ]
            for name in PLAN.audit_protocols
        },
        **{f"{name}_full_data": partial(audited_full_data, name) for name in PLAN.audit_protocols},
        code=sources("audit_dataset"),
    output:
        FRAMES["audit"],
    log:
        f"{LOGS}/audit/audit_dataset/{{representation}}-{{dataset}}.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        protocols=list(PLAN.audit_protocols),
    script:
        "../scripts/audit_dataset.py"


rule write_audit:
    input:
        **of_cases(PLAN.cases, "audit"),
        code=sources("write_audit"),
    output:
        **table_output("audit", "Audit of the protocol, table"),
    log:
        f"{LOGS}/audit/write_audit.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
    script:
        "../scripts/write_audit.py"


rule draw_audit:
    input:
        **of_cases(PLAN.cases, "audit"),
        code=sources("draw_audit"),
    output:
        **figure_output("audit", "audit", "Audit of the protocol, figure"),
    log:
        f"{LOGS}/audit/draw_audit.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
    script:
        "../scripts/draw_audit.py"


rule audit:
    input:
        expand(f"{RESULTS}/tables/audit.{{format}}", format=TABLE_FORMATS),
        expand(f"{RESULTS}/figures/audit.{{format}}", format=["pdf", "png"]),
