# Features: a vector for each word, then for each text the sum over its words.
#   download_word_vectors  ->  results/downloads/cc.en.300.bin, shared by all experiments, only for that source
#   extract_word_vectors   ->  features/<dataset>/: vocabulary.parquet, word_vectors.npy, word_vectors.json
#   sum_embeddings         ->  features/<protocol>/<dataset>/: train.npy, test.npy (float32 [N, d]), features.json


# No SLURM job: the nodes of many clusters reach no network.
localrules:
    download_word_vectors,


rule download_word_vectors:
    input:
        code=sources("download_word_vectors"),
    output:
        PRETRAINED,
    log:
        "results/downloads/download_word_vectors.log",
    conda:
        "../../envs/cartography.yaml"
    params:
        sha256=config["embedding"].get("sha256"),
    script:
        "../scripts/download_word_vectors.py"


rule extract_word_vectors:
    input:
        train=f"{DATA}/train.parquet",
        test=f"{DATA}/test.parquet",
        vectors=word_vector_file(),
        code=sources("extract_word_vectors"),
    output:
        vocabulary=f"{VECTORS}/vocabulary.parquet",
        vectors=f"{VECTORS}/word_vectors.npy",
        description=f"{VECTORS}/word_vectors.json",
    log:
        f"{LOGS}/features/extract_word_vectors/{{dataset}}.log",
    benchmark:
        f"{BENCHMARKS}/extract_word_vectors/{{dataset}}.tsv"
    conda:
        "../../envs/cartography.yaml"
    resources:
        mem_mb=(9000 if config["embedding"]["source"].endswith((".300", ".bin")) else 3000),
    params:
        embedding=config["embedding"],
        max_tokens=lambda wildcards: dataset_settings(wildcards)["max_tokens"],
    script:
        "../scripts/extract_word_vectors.py"


rule sum_embeddings:
    input:
        train=f"{DATA}/train.parquet",
        test=f"{DATA}/test.parquet",
        vocabulary=f"{VECTORS}/vocabulary.parquet",
        vectors=f"{VECTORS}/word_vectors.npy",
        vectors_description=f"{VECTORS}/word_vectors.json",
        code=sources("sum_embeddings"),
    output:
        train=f"{FEATURES}/train.npy",
        test=f"{FEATURES}/test.npy",
        description=f"{FEATURES}/features.json",
    log:
        f"{LOGS}/features/sum_embeddings/{{protocol}}-{{dataset}}.log",
    benchmark:
        f"{BENCHMARKS}/sum_embeddings/{{protocol}}-{{dataset}}.tsv"
    conda:
        "../../envs/cartography.yaml"
    params:
        max_tokens=lambda wildcards: dataset_settings(wildcards)["max_tokens"],
        backslashes=switch("backslashes"),
        padding=switch("padding"),
    script:
        "../scripts/sum_embeddings.py"
