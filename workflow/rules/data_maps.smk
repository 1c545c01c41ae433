# Data maps: confidence, variability and correctness of each instance of a training of a few epochs.
#   map_dataset  ->  data_maps/<protocol>/<dataset>/full.parquet (all training texts) and seed_set.parquet, first seed


rule map_dataset:
    input:
        **learning_inputs(),
        code=sources("map_dataset"),
    output:
        f"{DATA_MAPS}/{{part}}.parquet",
    log:
        f"{LOGS}/data_maps/map_dataset/{{protocol}}-{{dataset}}-{{part}}.log",
    benchmark:
        f"{BENCHMARKS}/map_dataset/{{protocol}}-{{dataset}}-{{part}}.tsv"
    wildcard_constraints:
        part="full|seed_set",
    conda:
        "../../envs/cartography.yaml"
    resources:
        mem_mb=1500,
    params:
        training=lambda wildcards: training_settings(wildcards, epochs=ANALYSIS["data_map_epochs"]),
        seed_set_size=lambda wildcards: dataset_settings(wildcards)["seed_set_size"],
        seed=SEEDS[0],
    script:
        "../scripts/map_dataset.py"
