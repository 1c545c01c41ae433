"""Read a data set from its source, check it, and write its splits."""

from glue import job

from cartography_al.datasets import check_budget, read_dataset, write_dataset

with job(snakemake):
    entry, parameters = snakemake.params.entry, snakemake.params
    dataset = read_dataset(snakemake.wildcards.dataset, entry)
    check_budget(len(dataset.train), entry["seed_set_size"], parameters.iterations, parameters.query_size, dataset.name)
    write_dataset(dataset, snakemake.output.train, snakemake.output.test, snakemake.output.description)
