# Label noise: what becomes of labels that were made wrong on purpose (datasets.<name>.label_noise).
#   measure_label_noise  ->  label_noise/<protocol>/<representation>/<dataset>/{acquired, effects, ranked}.parquet
#   write_label_noise    ->  tables/label_noise         draw_label_noise  ->  figures/label_noise

NOISE_RESULTS = (
    [
        *expand(f"{RESULTS}/tables/label_noise.{{format}}", format=TABLE_FORMATS),
        *expand(f"{RESULTS}/figures/label_noise.{{format}}", format=["pdf", "png"]),
    ]
    if PLAN.noisy
    else []
)


# Seconds each, so no SLURM jobs.
localrules:
    measure_label_noise,
    write_label_noise,
    draw_label_noise,


rule measure_label_noise:
    input:
        **{name: FRAMES[name] for name in ("runs", "acquisitions", "seed_sets", "full_maps", "description")},
        clean_runs=lambda wildcards: FRAMES["runs"].format(**PLAN.clean(case_of(wildcards))._asdict()),
        code=sources("measure_label_noise"),
    output:
        **{name: FRAMES[f"noise_{name}"] for name in ("acquired", "effects", "ranked")},
    log:
        f"{LOGS}/label_noise/measure_label_noise/{CASE_NAME}.log",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/measure_label_noise.py"


rule write_label_noise:
    input:
        **of_cases(PLAN.noisy, "noise_effects", "noise_ranked"),
        code=sources("write_label_noise"),
    output:
        **table_output("label_noise", "Label noise, table"),
    log:
        f"{LOGS}/label_noise/write_label_noise.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.noisy),
    script:
        "../scripts/write_label_noise.py"


rule draw_label_noise:
    input:
        **of_cases(PLAN.noisy, "noise_acquired"),
        code=sources("draw_label_noise"),
    output:
        **figure_output("label_noise", "label_noise", "Label noise, figure"),
    log:
        f"{LOGS}/label_noise/draw_label_noise.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.noisy),
    script:
        "../scripts/draw_label_noise.py"


if PLAN.noisy:

    rule label_noise:
        input:
            f"{RESULTS}/config.yaml",
            NOISE_RESULTS,
