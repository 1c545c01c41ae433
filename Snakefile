# Cartography Active Learning: from texts to the figures and tables of the paper.
# The stages, in the order in which the data flows through them:

from pathlib import Path

from snakemake.utils import min_version

min_version("9.27")


# Run from a folder without one of its own, an experiment is still laid over the configuration of this checkout.
configfile: "config.yaml" if Path("config.yaml").exists() else f"{workflow.basedir}/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/functions.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/features.smk"
include: "workflow/rules/active_learning.smk"
include: "workflow/rules/data_maps.smk"
include: "workflow/rules/significance.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/strategies.smk"
include: "workflow/rules/label_noise.smk"
include: "workflow/rules/calibration.smk"
include: "workflow/rules/explorer.smk"
include: "workflow/rules/findings.smk"
include: "workflow/rules/audit.smk"


report: "workflow/report/workflow.rst"


# What `all` asks for besides figures and tables: Snakemake takes a figure that exists for finished, even if a file on
# the way to it was deleted, or was lost when its job failed.
CHECKPOINTS = [
    path.format(**case._asdict())
    for case in PLAN.cases
    for path in expand(
        [f"{CHAIN}/{checkpoint_name(iteration)}" for iteration in range(RUN["iterations"] + 1)],
        strategy=PLAN.strategies,
        seed=PLAN.seeds,
        allow_missing=True,
    )
]


rule all:
    default_target: True
    input:
        f"{RESULTS}/config.yaml",
        OVERVIEW,
        **of_cases(PLAN.cases, "runs", "full_map", "seed_set_map"),
        checkpoints=CHECKPOINTS,
        figures=FIGURES,
        tables=TABLES,
        label_noise=NOISE_RESULTS,
        costs=COSTS,
        explorers=EXPLORERS,
        findings=FINDINGS,


onsuccess:
    # What came out, where everything was asked for: the list of files that Snakemake ends with tells nobody.
    if {"all", OVERVIEW} & set(workflow.dag_settings.targets or ["all"]) and Path(OVERVIEW).exists():
        print(f"\n{Path(OVERVIEW).read_text(encoding='utf-8')}", file=sys.stderr)
