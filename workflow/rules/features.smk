# Features: a vector for each word, then for each text the sum over its words.
#   download_word_vectors  ->  results/downloads/cc.en.300.bin, shared by all experiments, only for that source
#   extract_word_vectors   ->  features/<representation>/<dataset>/: vocabulary.parquet, word_vectors.npy, word_vectors.json
#   sum_embeddings         ->  features/<representation>/<dataset>/<reading>/: train.npy, test.npy (float32 [N, d]),
#                              features.json; protocols that read the texts alike (D1, D16) share them


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
        vectors=word_vector_file,
        code=sources("extract_word_vectors"),
    output:
        vocabulary=f"{VECTORS}/vocabulary.parquet",
        vectors=f"{VECTORS}/word_vectors.npy",
        description=f"{VECTORS}/word_vectors.json",
    log:
        f"{LOGS}/features/extract_word_vectors/{{representation}}-{{dataset}}.log",
    benchmark:
        f"{BENCHMARKS}/extract_word_vectors/{{representation}}-{{dataset}}.tsv"
    conda:
        "../../envs/cartography.yaml"
    resources:
        mem_mb=lambda wildcards: 9000 if embedding_settings(wildcards)["source"].endswith((".300", ".bin")) else 3000,
    params:
        embedding=lambda wildcards: {
            key: value for key, value in embedding_settings(wildcards).items() if key in ("source", "sha256", "corpus")
        },
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
        f"{LOGS}/features/sum_embeddings/{{representation}}-{{dataset}}-{{reading}}.log",
    benchmark:
        f"{BENCHMARKS}/sum_embeddings/{{representation}}-{{dataset}}-{{reading}}.tsv"
    conda:
        "../../envs/cartography.yaml"
    params:
        max_tokens=lambda wildcards: dataset_settings(wildcards)["max_tokens"],
        backslashes=lambda wildcards: PLAN.readings[wildcards.reading]["backslashes"],
        padding=lambda wildcards: PLAN.readings[wildcards.reading]["padding"],
    script:
        "../scripts/sum_embeddings.py"
