# Features: a vector for each word, then for each text the sum over its words.
#   download_word_vectors  ->  results/downloads/cc.en.300.bin, shared by all experiments, only for that source
#   extract_word_vectors   ->  features/<dataset>/: vocabulary.parquet, word_vectors.npy, word_vectors.json
#   sum_embeddings         ->  features/<protocol>/<dataset>/: train.npy, test.npy (float32 [N, d]), features.json

PRETRAINED = "results/downloads/cc.en.300.bin"


def word_vector_file():
    """The model file behind embedding.source; none for vectors trained on the corpus."""
    source = config["embedding"]["source"]
    return {"corpus": [], "cc.en.300": [PRETRAINED]}.get(source, [source])


rule download_word_vectors:
    input:
        code=sources("download_word_vectors"),
    output:
        PRETRAINED,
    params:
        sha256=config["embedding"].get("sha256"),
    log:
        "results/downloads/download_word_vectors.log",
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/download_word_vectors.py"


rule extract_word_vectors:
    input:
        train=DATA + "/train.parquet",
        test=DATA + "/test.parquet",
        vectors=word_vector_file(),
        code=sources("extract_word_vectors"),
    output:
        vocabulary=VECTORS + "/vocabulary.parquet",
        vectors=VECTORS + "/word_vectors.npy",
        description=VECTORS + "/word_vectors.json",
    params:
        embedding=config["embedding"],
        max_tokens=lambda wildcards: dataset_settings(wildcards)["max_tokens"],
    log:
        LOGS + "/features/extract_word_vectors/{dataset}.log",
    benchmark:
        BENCHMARKS + "/extract_word_vectors/{dataset}.tsv"
    resources:
        mem_mb=9000 if config["embedding"]["source"].endswith((".300", ".bin")) else 3000,
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/extract_word_vectors.py"


rule sum_embeddings:
    input:
        train=DATA + "/train.parquet",
        test=DATA + "/test.parquet",
        vocabulary=VECTORS + "/vocabulary.parquet",
        vectors=VECTORS + "/word_vectors.npy",
        vectors_description=VECTORS + "/word_vectors.json",
        code=sources("sum_embeddings"),
    output:
        train=FEATURES + "/train.npy",
        test=FEATURES + "/test.npy",
        description=FEATURES + "/features.json",
    params:
        max_tokens=lambda wildcards: dataset_settings(wildcards)["max_tokens"],
        backslashes=switch("backslashes"),
        padding=switch("padding"),
    log:
        LOGS + "/features/sum_embeddings/{protocol}-{dataset}.log",
    benchmark:
        BENCHMARKS + "/sum_embeddings/{protocol}-{dataset}.tsv"
    conda:
        "../../envs/cartography.yaml"
    script:
        "../scripts/sum_embeddings.py"
