"""Gather the chains of all replicates of Random into one frame of runs."""

from glue import job

from cartography_al.active_learning.collect import collect
from cartography_al.files import write_frame

with job(snakemake):
    write_frame(snakemake.output[0], collect(snakemake.input.checkpoints)[0])
