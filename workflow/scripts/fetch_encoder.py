"""Fetch a sentence encoder from the Hugging Face hub, at a revision."""

from pathlib import Path

from glue import job

from cartography_al.features.arrays import write_json
from cartography_al.features.encoder_files import check_encoder, fetch_encoder

with job(snakemake):
    marker, model, revision = Path(snakemake.output[0]), snakemake.wildcards.model, snakemake.wildcards.revision
    folder = marker.with_name(revision)
    fetch_encoder(model, revision, folder)
    files = check_encoder(folder, model, revision)
    write_json(marker, {"model": model, "revision": revision, "weights_sha256": files.weights_sha256})
