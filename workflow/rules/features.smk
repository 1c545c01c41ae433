# Features: a frozen vector for each text. embedding.source says where it comes from.
# Sums of word vectors, the paper's: a vector for each word, then for each text the sum over its words.
#   download_word_vectors  ->  results/downloads/cc.en.300.bin, shared by all experiments, only for that source
#   extract_word_vectors   ->  features/<representation>/<dataset>/: vocabulary.parquet, word_vectors.npy, word_vectors.json
#   sum_embeddings         ->  features/<representation>/<dataset>/<reading>/: train.npy, test.npy (float32 [N, d]),
#                              features.json; protocols that read the texts alike (D1, D16) share them
# A sentence encoder:
#   fetch_encoder          ->  results/downloads/encoders/<model>/<revision>/, only where there is no local copy
#   encode_texts           ->  features/<representation>/<dataset>/encoder/: as sum_embeddings, the same for each protocol
# Vectors of one's own:
#   check_vectors          ->  features/<representation>/<dataset>/precomputed/: the same


# No SLURM job: the nodes of many clusters reach no network.
localrules:
    download_word_vectors,
    fetch_encoder,
    check_vectors,


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
        key=features_key,
    script:
        "../scripts/sum_embeddings.py"


rule fetch_encoder:
    input:
        code=sources("fetch_encoder"),
    output:
        f"{ENCODERS}/{{model}}/{{revision}}.json",
    log:
        f"{ENCODERS}/{{model}}/{{revision}}.log",
    wildcard_constraints:
        model="[^/]+/[^/]+",
        revision="[^/]+",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/fetch_encoder.py"


rule encode_texts:
    input:
        train=f"{DATA}/train.parquet",
        test=f"{DATA}/test.parquet",
        model=encoder_files,
        code=sources("encode_texts"),
    output:
        train=f"{VECTORS}/encoder/train.npy",
        test=f"{VECTORS}/encoder/test.npy",
        description=f"{VECTORS}/encoder/features.json",
    log:
        f"{LOGS}/features/encode_texts/{{representation}}-{{dataset}}.log",
    benchmark:
        f"{BENCHMARKS}/encode_texts/{{representation}}-{{dataset}}.tsv"
    conda:
        "../../envs/cartography.yaml"
    params:
        key=features_key,
        encoder=lambda wildcards: embedding_settings(wildcards)["encoder"],
        sha256=lambda wildcards: embedding_settings(wildcards).get("sha256"),
        workspace=f"{VECTORS}/encoder/unfinished",
    script:
        "../scripts/encode_texts.py"


rule check_vectors:
    input:
        unpack(vector_files),
        train=f"{DATA}/train.parquet",
        test=f"{DATA}/test.parquet",
        code=sources("check_vectors"),
    output:
        train=f"{VECTORS}/precomputed/train.npy",
        test=f"{VECTORS}/precomputed/test.npy",
        description=f"{VECTORS}/precomputed/features.json",
    log:
        f"{LOGS}/features/check_vectors/{{representation}}-{{dataset}}.log",
    benchmark:
        f"{BENCHMARKS}/check_vectors/{{representation}}-{{dataset}}.tsv"
    conda:
        "../../envs/cartography.yaml"
    params:
        key=features_key,
        column=lambda wildcards: embedding_settings(wildcards)["precomputed"].get("column"),
    script:
        "../scripts/check_vectors.py"
