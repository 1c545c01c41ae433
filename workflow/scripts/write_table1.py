"""Tabulate the data sets as they were read: Table 1."""

from itertools import starmap
from typing import Any

from glue import job, read_json

from cartography_al.naming import Subject
from cartography_al.tables.formats import write_table
from cartography_al.tables.table1 import table1

with job(snakemake):
    features: dict[str, dict[str, Any]] = {}
    for subject, path in zip(starmap(Subject, snakemake.params.subjects), snakemake.input.features, strict=True):
        features.setdefault(subject.dataset, {})[subject.representation_title] = read_json(path)["splits"]
    pairs = zip(map(read_json, snakemake.input.descriptions), snakemake.params.settings, strict=True)
    rows = [description | settings | {"features": features[description["name"]]} for description, settings in pairs]
    encoded = zip(snakemake.params.encoded, map(read_json, snakemake.input.encoded), strict=True)
    table = table1(rows, [(Subject(*subject), made) for subject, made in encoded])
    write_table(table, **snakemake.output)
