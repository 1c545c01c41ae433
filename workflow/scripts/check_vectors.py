"""Take vectors that the user has computed, one for each text, once they are found fit."""

from glue import job
from quality_glue import assess

from cartography_al.datasets.splits import read_split
from cartography_al.features.precomputed import check_dimensions, describe_precomputed, write_precomputed

with job(snakemake):
    sources = {split: snakemake.input[f"{split}_vectors"] for split in ("train", "test")}
    column = snakemake.params.column
    written = {
        split: write_precomputed(snakemake.output[split], source, len(read_split(snakemake.input[split])), column)
        for split, source in sources.items()
    }
    check_dimensions(sources, written)
    assess(snakemake, written)
    describe_precomputed(snakemake.output.description, sources, column, written)
