"""Download and unpack the paper's pretrained word vectors."""

from pathlib import Path

from glue import job

from cartography_al.download import download, unpack_gzip

URL = "https://dl.fbaipublicfiles.com/fasttext/vectors-crawl/cc.en.300.bin.gz"

with job(snakemake):
    model = Path(snakemake.output[0])
    archive = model.with_name(model.name + ".gz")
    download(URL, archive, snakemake.params.sha256)
    unpack_gzip(archive, model)
    archive.unlink()
