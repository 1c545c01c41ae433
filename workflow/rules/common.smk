# What the other files of this folder share: the checked configuration as a plan, paths, wildcards and constraints.

import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

PACKAGE_ROOT = Path(workflow.basedir) / "src"
# Snakemake hands its search path on to the scripts, so that they find the package also where it is not installed.
sys.path.insert(0, str(PACKAGE_ROOT))
# One thread in each job: two gain nothing at these sizes and are far slower when jobs run side by side.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.update(CARTOGRAPHY_AL_SNAKEMAKE=str(os.getpid()))  # the scripts end with it

from cartography_al.acquisition.registry import strategy_module
from cartography_al.errors import ConfigError
from cartography_al.files import checkpoint_name
from cartography_al.pipeline.configuration import check_configuration, data_files, fill_defaults
from cartography_al.pipeline.plan import FROZEN, Case, Plan
from cartography_al.pipeline.progress import Progress, without_inputs_of_all
from cartography_al.pipeline.provenance import script_sources
from cartography_al.pipeline.snakemake_lock import clear_stale_locks

try:
    check_configuration(config, Path(workflow.basedir) / "workflow/schemas/config.schema.yaml")
except ConfigError as error:
    raise WorkflowError(str(error))
fill_defaults(config)

PLAN = Plan(config)
RUN = config["run"]
ANALYSIS = config["analysis"]
AUDIT = config["audit"]

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

if workflow.is_main_process:  # the jobs of a cluster run this file as well
    living = clear_stale_locks(Path(".snakemake"), RESULTS)


wildcard_constraints:
    dataset="|".join(RUN["datasets"]),
    representation="|".join(PLAN.representations),
    reading="|".join(PLAN.readings),
    protocol="|".join(PLAN.protocols),
    strategy="|".join(
        name.replace(".", r"\.") for name in dict.fromkeys([*PLAN.strategies, *AUDIT["strategies"], *PLAN.replicates])
    ),
    seed="|".join(map(str, PLAN.seeds)),
