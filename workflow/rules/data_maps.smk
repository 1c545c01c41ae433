# Data maps: confidence, variability and correctness of each instance of a training of a few epochs.
#   map_dataset  ->  data_maps/<protocol>/<dataset>/full.parquet (all training texts) and seed_set.parquet, first seed


rule map_dataset:
    input:
        **learning_inputs(),
        code=sources("map_dataset"),
    output:
        DATA_MAPS + "/{part}.parquet",
    params:
        training=lambda wildcards: training_settings(wildcards, epochs=ANALYSIS["data_map_epochs"]),
        seed_set_size=lambda wildcards: dataset_settings(wildcards)["seed_set_size"],
        seed=SEEDS[0],
        device=config["device"],
    wildcard_constraints:
        part="full|seed_set",
    log:
        LOGS + "/data_maps/map_dataset/{protocol}-{dataset}-{part}.log",
    benchmark:
        BENCHMARKS + "/map_dataset/{protocol}-{dataset}-{part}.tsv"
    resources:
        mem_mb=1500,
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/map_dataset.py"
