"""Run one block of iterations of an active-learning chain."""

import hashlib
from pathlib import Path

from device_glue import training_device
from glue import job
from training_glue import classifier_settings, labelled_features

from cartography_al.acquisition.registry import resolve_strategy
from cartography_al.active_learning.chain import run_block
from cartography_al.active_learning.iteration import Run
from cartography_al.protocol import Protocol

with job(snakemake):
    settings, wildcards, parameters = dict(snakemake.params.run), snakemake.wildcards, snakemake.params
    run = Run(
        data=labelled_features(wildcards.dataset, snakemake.input),
        strategy=wildcards.strategy,
        select=resolve_strategy(wildcards.strategy, {})[0].function,
        seed=int(wildcards.seed),
        protocol=Protocol(**settings.pop("protocol")),
        main_settings=classifier_settings(settings.pop("main_settings")),
        binary_settings=classifier_settings(binary) if (binary := settings.pop("binary_settings")) else None,
        device=training_device(snakemake.config["device"]),
        **settings,
    )
    code = hashlib.sha256(b"".join(Path(path).read_bytes() for path in sorted(snakemake.input.code)))
    iterations = range(parameters.first, parameters.last + 1)
    run_block(
        run,
        previous=Path(snakemake.input.previous) if parameters.first else None,
        outputs=dict(zip(iterations, map(Path, snakemake.output), strict=False)),
        workspace=Path(parameters.workspace),
        code=code.hexdigest()[:12],
        state_in=Path(path) if (path := snakemake.input.get("state")) else None,
        state_out=Path(path) if (path := snakemake.output.get("state")) else None,
    )
