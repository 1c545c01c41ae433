# Cartography Active Learning: from texts to the figures and tables of the paper.
# The stages, in the order in which the data flows through them:

from snakemake.utils import min_version

min_version("9.27")


configfile: "config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/features.smk"
include: "workflow/rules/active_learning.smk"
include: "workflow/rules/data_maps.smk"
include: "workflow/rules/significance.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/audit.smk"


report: "workflow/report/workflow.rst"


rule all:
    default_target: True
    input:
        f"{RESULTS}/config.yaml",
        INTERMEDIATE,
        FIGURES,
        TABLES,
