"""Read a data set from its source, check it, and write its splits."""

import logging

from glue import job

from cartography_al.datasets.dataset import exhausting_iteration, write_dataset
from cartography_al.datasets.sources import read_dataset

with job(snakemake):
    # Said here to be said early. The iterations are no parameter, because the data stay the same with more of them.
    entry, run = snakemake.params.entry, snakemake.config["run"]
    dataset = read_dataset(snakemake.wildcards.dataset, entry)
    last = exhausting_iteration(len(dataset.train), entry["seed_set_size"], run["query_size"])
    if last < run["iterations"]:
        logging.warning("the pool will be exhausted at iteration %d of %d: the runs end there", last, run["iterations"])
    write_dataset(dataset, snakemake.output.train, snakemake.output.test, snakemake.output.description)
