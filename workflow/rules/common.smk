# What the other files of this folder share: the checked configuration as a plan, paths, wildcards and input functions.

import os
import sys
from functools import partial
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
from cartography_al.features.encoder_files import encoder_folder, model_files
from cartography_al.files import checkpoint_name
from cartography_al.pipeline.configuration import check_configuration, data_files, fill_defaults
from cartography_al.pipeline.plan import FROZEN, Case, Plan
from cartography_al.pipeline.progress import Progress
from cartography_al.pipeline.provenance import source_files
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


def without_inputs_of_all(record):
    """Leave the hundreds of inputs of rule `all` out of what Snakemake prints: they would hide what came out."""
    if getattr(record, "rule_name", None) == "all":
        record.input, record.reason = [], "it is asked for"
    return True


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


def sources(script, *modules):
    """Package modules behind a script (and further modules), so that editing one reruns what depends on it.

    The strategies' registry only maps names; the module that a name stands for is listed by its rule.
    """
    starts = [Path(workflow.basedir) / "workflow/scripts" / f"{script}.py"]
    starts += [PACKAGE_ROOT / Path(*module.split(".")).with_suffix(".py") for module in modules]
    registry = frozenset({"cartography_al.acquisition.registry"})
    files = source_files(*starts, package_root=PACKAGE_ROOT, leave_out=registry)
    if PACKAGE_ROOT / "cartography_al/paper.py" in files:
        files += sorted((PACKAGE_ROOT / "cartography_al/paper_values").glob("*.csv"))
    return [os.path.relpath(path) for path in files]  # an absolute path would make a moved folder look changed


def of_cases(cases, *names):
    """Named inputs: for each name of FRAMES, and for the descriptions, one path for each case."""
    return {name: [FRAMES[name].format(**case._asdict()) for case in cases] for name in (*names, "description")}


def subjects(cases):
    """What a reader calls the cases, for the scripts' parameters."""
    return [tuple(PLAN.subject(case)) for case in cases]


def case_of(wildcards):
    """The case that a job is about."""
    return Case(wildcards.protocol, wildcards.representation, wildcards.dataset)


def claim_settings(case):
    """What judging the paper's claims needs besides the frames, as claims.evidence.Evidence names it."""
    return {
        "dataset": case.dataset,
        "protocol": case.protocol,
        "representation": PLAN.subject(case).representation_title,
        "embedding_source": PLAN.source(case),
        "correctness_threshold": config["acquisition"]["cal"]["correctness_threshold"],
        "correctness_rounding": PLAN.protocols[case.protocol].correctness_rounding,
        "margin": PLAN.margin(case.dataset),
    }


def dataset_settings(wildcards):
    """The configuration's entry of a data set."""
    return config["datasets"][wildcards.dataset]


def embedding_settings(wildcards):
    """The settings of a representation of a data set."""
    return PLAN.embedding(wildcards.dataset, wildcards.representation)


def word_vector_file(wildcards):
    """The model file behind embedding.source; none for vectors trained on the corpus."""
    source = embedding_settings(wildcards)["source"]
    return {"corpus": [], "cc.en.300": [PRETRAINED]}.get(source, [source])


def encoder_files(wildcards):
    """The files of an encoder, modules.json before the others; or the one that says that they have been fetched."""
    folder, is_fetched = encoder_folder(embedding_settings(wildcards)["encoder"], ENCODERS)
    if is_fetched:
        return [f"{folder}.json"]
    return list(dict.fromkeys(map(str, [folder / "modules.json", *model_files(folder)])))


def vector_files(wildcards):
    """The user's files of vectors, whose paths may hold {dataset}."""
    settings = embedding_settings(wildcards)["precomputed"]
    return {f"{split}_vectors": settings[split].replace("{dataset}", wildcards.dataset) for split in ("train", "test")}


def features_key(wildcards):
    """What a user turns where the features are useless."""
    if embedding_settings(wildcards)["source"] == "corpus":
        return "up embedding.corpus.epochs or learning_rate, or to another embedding.source"
    return "to another embedding.source, for texts of this kind and language"


def features_folder(case):
    """Where the features of a case are: protocols that read the texts alike share them."""
    return FEATURES.format(**case._asdict(), reading=PLAN.reading(case))


def learning_inputs(wildcards):
    """Named inputs of the rules that train on a data set."""
    features = features_folder(case_of(wildcards))
    return {
        "train": f"{DATA}/train.parquet".format(**wildcards),
        "test": f"{DATA}/test.parquet".format(**wildcards),
        "description": FRAMES["description"].format(**wildcards),
        "train_features": f"{features}/train.npy",
        "test_features": f"{features}/test.npy",
        "features": f"{features}/features.json",
    }


def profile_resources(rule_name):
    """What a profile's set-resources says of rules that are made under several names."""

    def value(resource, wildcards, **job):
        """Of an expression, such as `60 * attempt`, this job's value."""
        return resource.evaluate(wildcards, **job).value

    settings = workflow.resource_settings.overwrite_resources.get(rule_name, {})
    return {name: partial(value, resource) for name, resource in settings.items()}


def figure_output(name, caption):
    """The two files of a figure; the PNG goes into the report."""
    path = f"{RESULTS}/figures/{name}"
    labels = {"figure": name.replace("figure", "Figure ").replace("_", ", ")}
    return {
        "pdf": f"{path}.pdf",
        "png": report(f"{path}.png", caption=f"../report/{caption}.rst", category="Figures", labels=labels),
    }


def table_output(name):
    """The files of a table; the HTML page goes into the report."""
    path = f"{RESULTS}/tables/{name}"
    labels = {"table": name.replace("table", "Table ").replace("_", ", ").capitalize()}
    files = {format: f"{path}.{format}" for format in TABLE_FORMATS}
    return files | {"html": report(files["html"], caption=f"../report/{name}.rst", category="Tables", labels=labels)}
