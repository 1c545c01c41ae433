"""Sum the word vectors of each text."""

from glue import job
from quality_glue import assess

from cartography_al.datasets.splits import read_split
from cartography_al.features.sums import describe_features, write_features
from cartography_al.features.tokens import first_word
from cartography_al.features.word_vectors import read_word_vectors

with job(snakemake):
    word_vectors = read_word_vectors(snakemake.input.vocabulary, snakemake.input.vectors)
    splits = {split: read_split(snakemake.input[split]) for split in ("train", "test")}
    reading = {key: snakemake.params[key] for key in ("max_tokens", "backslashes", "padding")}
    if reading["padding"] == "first_word":
        reading["first_token"] = first_word(splits["train"]["text"], reading["backslashes"])
    written = {
        name: write_features(snakemake.output[name], split["text"], split["instance_id"], word_vectors, **reading)
        for name, split in splits.items()
    }
    assess(snakemake, written, padded=reading["padding"] != "none")
    describe_features(snakemake.output.description, snakemake.input.vectors_description, written, reading)
