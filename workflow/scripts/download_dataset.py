"""Read a data set from its source, check it, and write its splits."""

from glue import job

from cartography_al.datasets import check_budget, read_dataset, write_dataset

with job(snakemake):
    # The budget is checked here to fail early. It is no parameter, because the data stay the same with more iterations.
    entry, run = snakemake.params.entry, snakemake.config["run"]
    dataset = read_dataset(snakemake.wildcards.dataset, entry)
    check_budget(len(dataset.train), entry["seed_set_size"], run["iterations"], run["query_size"], dataset.name)
    write_dataset(dataset, snakemake.output.train, snakemake.output.test, snakemake.output.description)
