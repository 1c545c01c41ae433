# Data maps: confidence, variability and correctness of each instance of a training of a few epochs.
#   map_dataset   ->  data_maps/<protocol>/<representation>/<dataset>/full/seed-<seed>.parquet, of all training texts
#                     and seed_set/seed-<seed>.parquet; the figures show the first seed
#   collect_maps  ->  full.parquet and seed_set.parquet there, of all seeds; the paper's claims are judged by them


# Seconds, so no SLURM job.
localrules:
    collect_maps,


rule map_dataset:
    input:
        unpack(learning_inputs),
        code=sources("map_dataset", *PLAN.seed_set_modules),
    output:
        f"{DATA_MAPS}/{{part}}/seed-{{seed}}.parquet",
    log:
        f"{LOGS}/data_maps/map_dataset/{CASE_NAME}-{{part}}-{{seed}}.log",
    benchmark:
        f"{BENCHMARKS}/map_dataset/{CASE_NAME}-{{part}}-{{seed}}.tsv"
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
    script:
        "../scripts/map_dataset.py"


rule collect_maps:
    input:
        maps=[f"{DATA_MAPS}/{{part}}/seed-{seed}.parquet" for seed in PLAN.seeds],
        code=sources("collect_maps"),
    output:
        f"{DATA_MAPS}/{{part}}.parquet",
    log:
        f"{LOGS}/data_maps/collect_maps/{CASE_NAME}-{{part}}.log",
    wildcard_constraints:
        part="full|seed_set",
    conda:
        "../../envs/cartography.yaml"
    params:
        seeds=PLAN.seeds,
    script:
        "../scripts/collect_maps.py"
