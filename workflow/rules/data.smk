# Data: from the Hugging Face hub, local files or installed docstrings to checked parquet splits.
#   download_dataset  ->  data/<dataset>/{train.parquet, test.parquet, dataset.json}
#   save_config       ->  config.yaml, the resolved configuration


# No SLURM jobs: the nodes of many clusters reach no network.
localrules:
    download_dataset,
    save_config,


rule download_dataset:
    input:
        files=lambda wildcards: data_files(dataset_settings(wildcards)),
        code=sources("download_dataset"),
    output:
        train=f"{DATA}/train.parquet",
        test=f"{DATA}/test.parquet",
        description=f"{DATA}/dataset.json",
    log:
        f"{LOGS}/data/download_dataset/{{dataset}}.log",
    benchmark:
        f"{BENCHMARKS}/download_dataset/{{dataset}}.tsv"
    conda:
        "../../envs/cartography.yaml"
    params:
        entry=lambda wildcards: dict(dataset_settings(wildcards)),
    script:
        "../scripts/download_dataset.py"


rule save_config:
    input:
        code=sources("save_config"),
    output:
        f"{RESULTS}/config.yaml",
    log:
        f"{LOGS}/data/save_config.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        config={key: value for key, value in config.items() if key != "warnings"},
    script:
        "../scripts/save_config.py"
