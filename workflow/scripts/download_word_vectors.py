"""Download and unpack the paper's pretrained word vectors."""

from pathlib import Path

from glue import job

from cartography_al.features.download import PRETRAINED_VECTORS, download, unpack_gzip

with job(snakemake):
    model = Path(snakemake.output[0])
    archive = model.with_name(model.name + ".gz")
    download(PRETRAINED_VECTORS["cc.en.300"], archive, snakemake.params.sha256)
    unpack_gzip(archive, model)
    archive.unlink()
