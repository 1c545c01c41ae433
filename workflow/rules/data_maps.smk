# Data maps: confidence, variability and correctness of each instance of a training of a few epochs.
#   map_dataset  ->  data_maps/<protocol>/<representation>/<dataset>/full.parquet (all training texts) and seed_set.parquet, first seed


rule map_dataset:
    input:
        unpack(learning_inputs),
        code=sources("map_dataset"),
    output:
        f"{DATA_MAPS}/{{part}}.parquet",
    log:
        f"{LOGS}/data_maps/map_dataset/{CASE_NAME}-{{part}}.log",
    benchmark:
        f"{BENCHMARKS}/map_dataset/{CASE_NAME}-{{part}}.tsv"
    wildcard_constraints:
        part="full|seed_set",
    conda:
        "../../envs/cartography.yaml"
    resources:
        mem_mb=1500,
    params:
        training=lambda wildcards: PLAN.training_settings(case_of(wildcards), epochs=ANALYSIS["data_map_epochs"]),
        seed_set_size=lambda wildcards: dataset_settings(wildcards)["seed_set_size"],
        seed_set=RUN["seed_set"],
        seed=PLAN.seeds[0],
    script:
        "../scripts/map_dataset.py"
