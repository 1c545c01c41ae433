"""Encode the texts of a data set with a sentence encoder."""

import hashlib
import logging
import sys
from pathlib import Path

from device_glue import training_device
from glue import job
from quality_glue import assess

from cartography_al.datasets.splits import read_split
from cartography_al.features.encoder import describe_encoded, load_encoder, write_encoded
from cartography_al.features.encoder_files import check_encoder, named_encoder

with job(snakemake):
    terminal = logging.StreamHandler(sys.stderr)  # it may take an hour: a line now and then for who looks on
    terminal.setFormatter(logging.Formatter(f"{snakemake.rule} {snakemake.wildcards.dataset}: %(message)s"))
    logging.getLogger("cartography_al.features").addHandler(terminal)
    found = Path(snakemake.input.model[0])
    folder = found.parent if found.name == "modules.json" else found.with_suffix("")
    files = check_encoder(folder, *named_encoder(snakemake.params.encoder), snakemake.params.sha256)
    encoder = load_encoder(files, training_device(snakemake.config["device"]))
    code = hashlib.sha256(b"".join(Path(path).read_bytes() for path in sorted(snakemake.input.code))).hexdigest()
    splits = {name: read_split(snakemake.input[name]) for name in ("train", "test")}
    written = {
        name: write_encoded(
            snakemake.output[name],
            split["text"],
            split["instance_id"],
            encoder,
            workspace=f"{snakemake.params.workspace}_{name}",
            code=code[:12],
        )
        for name, split in splits.items()
    }
    assess(snakemake, written)
    describe_encoded(snakemake.output.description, encoder, written)
