# Figures, each as PDF and PNG: figures/<name>.pdf is made by the rule draw_<name>, with the script of the same name,
# from figures/<name>.py of the package.
#   draw_figure1             data maps of all training texts
#   draw_figure2             data maps of the seed sets, drawn as figure1
#   draw_figure3             learning curves
#   draw_figure4             training dynamics of the acquired batches
#   draw_figure5_<data set>  figure5, figure6, ...: the densities of each data map, in the order of the data sets
# Beyond the paper:
#   draw_figure3_protocols   Figure 3 for each protocol under which the claims are judged
#   draw_readings            three readings of Table 2's test, and how often each errs; with `snakemake calibration`

DENSITIES = {f"figure{5 + position}": case for position, case in enumerate(PLAN.cases)}
FIGURE_NAMES = [
    *(["figure1", "figure2", "figure3"]),
    *(["figure3_protocols"] if len(PLAN.claim_protocols) > 1 else []),
    *(["figure4"] if PLAN.batch_strategies else []),
    *DENSITIES,
]
FIGURES = expand(f"{RESULTS}/figures/{{name}}.{{format}}", name=FIGURE_NAMES, format=["pdf", "png"])


# Seconds each, so no SLURM jobs.
localrules:
    draw_figure1,
    draw_figure2,
    draw_figure3,
    draw_figure3_protocols,
    draw_figure4,
    draw_readings,


rule draw_figure1:
    input:
        **of_cases(PLAN.cases, "full_map"),
        code=sources("draw_figure1"),
    output:
        **figure_output("figure1", "full_data_maps", "Figure 1, data maps"),
    log:
        f"{LOGS}/figures/draw_figure1.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        map="full_map",
        threshold=None,
    script:
        "../scripts/draw_figure1.py"


rule draw_figure2:
    input:
        **of_cases(PLAN.cases, "seed_set_map"),
        code=sources("draw_figure1"),
    output:
        **figure_output("figure2", "seed_data_maps", "Figure 2, data maps of seed sets"),
    log:
        f"{LOGS}/figures/draw_figure2.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        map="seed_set_map",
        threshold=config["acquisition"]["cal"]["correctness_threshold"],
    script:
        "../scripts/draw_figure1.py"


rule draw_figure3:
    input:
        **of_cases(PLAN.cases, "runs", "full_data"),
        code=sources("draw_figure3"),
    output:
        **figure_output("figure3", "learning_curves", "Figure 3, learning curves"),
    log:
        f"{LOGS}/figures/draw_figure3.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        protocols=None,
        strategies=SHOWN,
        samples=POOL_SAMPLES,
    script:
        "../scripts/draw_figure3.py"


rule draw_figure3_protocols:
    input:
        **of_cases(PLAN.judged, "runs", "full_data"),
        code=sources("draw_figure3"),
    output:
        **figure_output("figure3_protocols", "protocol_curves", "Figure 3, learning curves by protocol"),
    log:
        f"{LOGS}/figures/draw_figure3_protocols.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.judged),
        protocols=[case.protocol for case in PLAN.judged],
        strategies=SHOWN,
        samples=POOL_SAMPLES,
    script:
        "../scripts/draw_figure3.py"


rule draw_figure4:
    input:
        **of_cases(PLAN.cases, "acquisitions", "runs"),
        code=sources("draw_figure4"),
    output:
        **figure_output("figure4", "batch_statistics", "Figure 4, batches"),
    log:
        f"{LOGS}/figures/draw_figure4.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.cases),
        strategies=PLAN.batch_strategies,
    script:
        "../scripts/draw_figure4.py"


for name, case in DENSITIES.items():

    rule:
        name:
            f"draw_figure5_{case.representation}_{case.dataset}"
        input:
            **of_cases([case], "full_map"),
            code=sources("draw_figure5"),
        output:
            **figure_output(name, "density", f"{name.replace('figure', 'Figure ')}, {density_title(case)}"),
        log:
            f"{LOGS}/figures/draw_figure5/{case.representation}-{case.dataset}.log",
        localrule: True
        conda:
            "../../envs/cartography.yaml"
        params:
            subjects=subjects([case]),
        script:
            "../scripts/draw_figure5.py"


rule draw_readings:
    input:
        **of_cases(PLAN.calibrated, "pooled", "calibration_within_seeds"),
        code=sources("draw_readings"),
    output:
        **figure_output("readings", "readings", "Significance: three readings"),
    log:
        f"{LOGS}/figures/draw_readings.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        subjects=subjects(PLAN.calibrated),
        protocols=[case.protocol for case in PLAN.calibrated],
        seeds=ANALYSIS["calibration"]["seeds_per_group"][0],
    script:
        "../scripts/draw_readings.py"


for name in FIGURE_NAMES:

    rule:
        name:
            name
        input:
            expand(f"{RESULTS}/figures/{{name}}.{{format}}", name=name, format=["pdf", "png"]),
