# What the other files of this folder share: the checked configuration as a plan, paths, wildcards and constraints.

import itertools
import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake.scheduling.job_scheduler import JobScheduler

PACKAGE_ROOT = Path(workflow.basedir) / "src"
# Snakemake hands its search path on to the scripts, so that they find the package also where it is not installed.
sys.path.insert(0, str(PACKAGE_ROOT))
# One thread in each job: two gain nothing at these sizes and are far slower when jobs run side by side.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.update(CARTOGRAPHY_AL_SNAKEMAKE=str(os.getpid()))  # the scripts end with it

from cartography_al.acquisition.registry import strategy_module
from cartography_al.analysis.pool_samples import pool_samples
from cartography_al.errors import ConfigError
from cartography_al.files import checkpoint_name
from cartography_al.pipeline.configuration import check_configuration, data_files, fill_defaults
from cartography_al.pipeline.plan import Case, Plan
from cartography_al.pipeline.progress import Progress, without_inputs_of_all
from cartography_al.pipeline.provenance import script_sources
from cartography_al.pipeline.snakemake_lock import clear_stale_locks
from cartography_al.pipeline.snakemake_scheduler import look_once_at_a_time

try:
    check_configuration(config, Path(workflow.basedir) / "workflow/schemas/config.schema.yaml")
except ConfigError as error:
    raise WorkflowError(str(error))
fill_defaults(config)

PLAN = Plan(config)
RUN = config["run"]
ANALYSIS = config["analysis"]
SHOWN = PLAN.compared or RUN["strategies"]  # of Figure 3, and tested for the claims; Table 2 is of PLAN.compared alone
AUDIT = config["audit"]
POOL_SAMPLES = pool_samples(PLAN.strategies, config["acquisition"])

RESULTS = f"results/{config['experiment']}"
DATA = f"{RESULTS}/data/{{dataset}}"
VECTORS = f"{RESULTS}/features/{{representation}}/{{dataset}}"
FEATURES = f"{VECTORS}/{{reading}}"
CASE = "{protocol}/{representation}/{dataset}"
CASE_NAME = "{protocol}-{representation}-{dataset}"  # of logs and benchmarks
ACTIVE_LEARNING = f"{RESULTS}/active_learning/{CASE}"
CHAIN = f"{ACTIVE_LEARNING}/{{strategy}}/seed-{{seed}}"
DATA_MAPS = f"{RESULTS}/data_maps/{CASE}"
SIGNIFICANCE = f"{RESULTS}/significance/{CASE}"
PRETRAINED = "results/downloads/cc.en.300.bin"
ENCODERS = "results/downloads/encoders"
OVERVIEW = f"{RESULTS}/overview.txt"
LOGS = f"{RESULTS}/logs"
BENCHMARKS = f"{RESULTS}/benchmarks"
TABLE_FORMATS = ["csv", "md", "tex", "html"]
CALIBRATION_DESIGNS = ["one_strategy", "within_seeds", "replicates"]
# The frames of a case that figures and tables are made of, by the name of a rule's input.
FRAMES = {
    "description": f"{DATA}/dataset.json",
    **{name: f"{ACTIVE_LEARNING}/{name}.parquet" for name in ("runs", "full_data", "acquisitions", "seed_sets")},
    **{name: f"{SIGNIFICANCE}/{name}.parquet" for name in ("pooled", "final", "areas", "labels")},
    **{f"{part}_map": f"{DATA_MAPS}/{part}/seed-{PLAN.seeds[0]}.parquet" for part in ("full", "seed_set")},
    **{f"{part}_maps": f"{DATA_MAPS}/{part}.parquet" for part in ("full", "seed_set")},
    **{f"calibration_{design}": f"{SIGNIFICANCE}/calibration_{design}.parquet" for design in CALIBRATION_DESIGNS},
    **{f"noise_{name}": f"{RESULTS}/label_noise/{CASE}/{name}.parquet" for name in ("acquired", "effects", "ranked")},
    "claim_errors": f"{SIGNIFICANCE}/claim_errors.parquet",
    "audit": f"{RESULTS}/audit/{{representation}}/{{dataset}}.parquet",
}
CLAIM_FRAMES = ["runs", "full_data", "acquisitions", "seed_sets", "pooled", "full_maps", "seed_set_maps"]


# For the first page of the report, which sees no more than the configuration; save_config leaves them out.
config["warnings"] = [
    line.removeprefix("WARNING: ")
    for line in (Path(OVERVIEW).read_text(encoding="utf-8").splitlines() if Path(OVERVIEW).is_file() else [])
    if line.startswith("WARNING: ")
]


logger.addFilter(without_inputs_of_all)
logger.addFilter(
    Progress({PLAN.block_name(block): block.last - block.first + 1 for block in PLAN.protocols_by_block()})
)

look_once_at_a_time(JobScheduler)

if workflow.is_main_process:  # the jobs of a cluster run this file as well
    living = clear_stale_locks(Path(".snakemake"), RESULTS)
    odd = [title for title in PLAN.titles if not title.isascii()]
    if odd:
        from cartography_al.figures.style import is_drawable  # for these alone: matplotlib is slow to import

        for title in itertools.filterfalse(is_drawable, odd):
            logger.warning(
                f"the figures' font cannot show all of the title {title!r}: what it lacks becomes "
                "\N{REPLACEMENT CHARACTER}; tables and explorers show it as it is"
            )


wildcard_constraints:
    dataset="|".join(RUN["datasets"]),
    representation="|".join(PLAN.representations),
    reading="|".join(PLAN.readings),
    protocol="|".join(PLAN.protocols),
    strategy="|".join(
        name.replace(".", r"\.") for name in dict.fromkeys([*PLAN.strategies, *AUDIT["strategies"], *PLAN.replicates])
    ),
    seed="|".join(map(str, PLAN.seeds)),
