"""Train word vectors on the corpus, or look its words up in a pretrained model."""

from glue import job

from cartography_al.datasets.splits import read_split
from cartography_al.features.corpus_options import corpus_options
from cartography_al.features.corpus_vectors import train_corpus_vectors
from cartography_al.features.download import check_sha256, file_sha256
from cartography_al.features.pretrained import read_pretrained_vectors
from cartography_al.features.tokens import vocabulary
from cartography_al.features.word_vectors import WordVectors, write_word_vectors

with job(snakemake):
    embedding, max_tokens = snakemake.params.embedding, snakemake.params.max_tokens
    train, test = (read_split(path)["text"] for path in (snakemake.input.train, snakemake.input.test))
    # The vectors serve every protocol: trained on the texts as written, and looked up for either reading (D16).
    words = vocabulary(train, test, max_tokens, "space", also=["removed"])
    if embedding["source"] == "corpus":
        options = corpus_options(embedding["corpus"], int(words.train_count.sum()))
        vectors, known = train_corpus_vectors(train, words.tokens, options, max_tokens, "space")
        parameters = dict(options)
    else:
        file = snakemake.input.vectors[0]
        sha256 = file_sha256(file)
        if embedding["source"] != "cc.en.300":  # whose archive was checked when it was downloaded
            check_sha256(file, sha256, embedding["sha256"])
        parameters = {"file_sha256": sha256}
        vectors, known = read_pretrained_vectors(file, words.tokens)
    write_word_vectors(
        WordVectors(words, vectors, known),
        snakemake.output.vocabulary,
        snakemake.output.vectors,
        snakemake.output.description,
        embedding["source"],
        parameters,
    )
