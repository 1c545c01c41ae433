"""Gather the runs of all audited protocols of a data set, and compare them switch by switch."""

import pandas as pd
from glue import job, read_json

from cartography_al.active_learning.collect import collect
from cartography_al.analysis.audit import audit_effects
from cartography_al.files import write_frame

with job(snakemake):
    runs, full_data = {}, {}
    for name in snakemake.params.protocols:
        runs[name] = collect(snakemake.input[name])[0]
        full_data[name] = pd.DataFrame([read_json(path) for path in snakemake.input[f"{name}_full_data"]])
    write_frame(snakemake.output[0], audit_effects(runs, full_data))
