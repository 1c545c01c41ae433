"""Write the configuration that an experiment really used."""

import yaml
from glue import job

from cartography_al.files import write_text

with job(snakemake):
    write_text(snakemake.output[0], yaml.safe_dump(snakemake.params.config, sort_keys=False, allow_unicode=True))
