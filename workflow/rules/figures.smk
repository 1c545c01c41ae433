# Figures 1 to 6 of the paper, each as PDF and PNG. Figures 5, 6, ... are the densities of the data sets in their order.
#   draw_full_data_maps     ->  figure1        plot_learning_curves    ->  figure3
#   draw_seed_data_maps     ->  figure2        plot_batch_statistics   ->  figure4
#   draw_density_<dataset>  ->  figure5, figure6, ...
# Beyond the paper:
#   plot_protocol_curves    ->  figure3_protocols, Figure 3 for each protocol under which the claims are judged

FIGURE_NAMES = [
    *(["figure1", "figure2", "figure3"]),
    *(["figure3_protocols"] if len(CLAIM_PROTOCOLS) > 1 else []),
    *(["figure4"] if BATCH_STRATEGIES else []),
    *(f"figure{5 + position}" for position in range(len(RUN["datasets"]))),
]
FIGURES = expand(f"{RESULTS}/figures/{{name}}.{{format}}", name=FIGURE_NAMES, format=["pdf", "png"])


# Seconds each, so no SLURM jobs.
localrules:
    draw_full_data_maps,
    draw_seed_data_maps,
    plot_learning_curves,
    plot_protocol_curves,
    plot_batch_statistics,


rule draw_full_data_maps:
    input:
        maps=of_each_dataset(f"{DATA_MAPS}/full.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("draw_data_maps"),
    output:
        **figure_output("figure1", "full_data_maps"),
    log:
        f"{LOGS}/figures/draw_full_data_maps.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        threshold=None,
    script:
        "../scripts/draw_data_maps.py"


rule draw_seed_data_maps:
    input:
        maps=of_each_dataset(f"{DATA_MAPS}/seed_set.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("draw_data_maps"),
    output:
        **figure_output("figure2", "seed_data_maps"),
    log:
        f"{LOGS}/figures/draw_seed_data_maps.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        threshold=config["acquisition"]["correctness_threshold"],
    script:
        "../scripts/draw_data_maps.py"


rule plot_learning_curves:
    input:
        runs=of_each_dataset(f"{ACTIVE_LEARNING}/runs.parquet"),
        full_data=of_each_dataset(f"{ACTIVE_LEARNING}/full_data.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("plot_learning_curves"),
    output:
        **figure_output("figure3", "learning_curves"),
    log:
        f"{LOGS}/figures/plot_learning_curves.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        panels=[(dataset, "") for dataset in RUN["datasets"]],
        strategies=COMPARED or RUN["strategies"],
    script:
        "../scripts/plot_learning_curves.py"


rule plot_protocol_curves:
    input:
        runs=of_each_judged(f"{ACTIVE_LEARNING}/runs.parquet"),
        full_data=of_each_judged(f"{ACTIVE_LEARNING}/full_data.parquet"),
        descriptions=of_each_judged(f"{DATA}/dataset.json"),
        code=sources("plot_learning_curves"),
    output:
        **figure_output("figure3_protocols", "protocol_curves"),
    log:
        f"{LOGS}/figures/plot_protocol_curves.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        panels=JUDGED,
        strategies=COMPARED or RUN["strategies"],
    script:
        "../scripts/plot_learning_curves.py"


rule plot_batch_statistics:
    input:
        acquisitions=of_each_dataset(f"{ACTIVE_LEARNING}/acquisitions.parquet"),
        runs=of_each_dataset(f"{ACTIVE_LEARNING}/runs.parquet"),
        descriptions=of_each_dataset(f"{DATA}/dataset.json"),
        code=sources("plot_batch_statistics"),
    output:
        **figure_output("figure4", "batch_statistics"),
    log:
        f"{LOGS}/figures/plot_batch_statistics.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        strategies=BATCH_STRATEGIES,
    script:
        "../scripts/plot_batch_statistics.py"


for position, dataset in enumerate(RUN["datasets"]):

    rule:
        name:
            f"draw_density_{dataset}"
        input:
            map=expand(f"{DATA_MAPS}/full.parquet", dataset=dataset, protocol=PROTOCOL),
            description=expand(f"{DATA}/dataset.json", dataset=dataset),
            code=sources("draw_density"),
        output:
            **figure_output(f"figure{5 + position}", "density"),
        log:
            f"{LOGS}/figures/draw_density/{dataset}.log",
        localrule: True
        conda:
            "../../envs/cartography.yaml"
        script:
            "../scripts/draw_density.py"


for name in FIGURE_NAMES:

    rule:
        name:
            name
        input:
            expand(f"{RESULTS}/figures/{{name}}.{{format}}", name=name, format=["pdf", "png"]),
