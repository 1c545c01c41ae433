# What the other files of this folder share: the checked configuration, paths, wildcards and input functions.

import csv
import os
import sys
from functools import partial
from pathlib import Path

from snakemake.exceptions import WorkflowError

PACKAGE_ROOT = Path(workflow.basedir) / "src"
# Snakemake hands its search path on to the scripts, so that they find the package also where it is not installed.
sys.path.insert(0, str(PACKAGE_ROOT))
# One thread in each job: two gain nothing at these sizes and are far slower when jobs run side by side.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.update(CARTOGRAPHY_AL_SNAKEMAKE=str(os.getpid()))  # the scripts end with it

from cartography_al.acquisition.registry import parse_strategy, threshold_strategy
from cartography_al.pipeline.configuration import check_configuration
from cartography_al.errors import ConfigError
from cartography_al.protocol import audit_protocols, protocol_switches, resolve_protocol
from cartography_al.pipeline.provenance import source_files
from cartography_al.seeding import PAPER_SEEDS, derived_seeds
from cartography_al.pipeline.snakemake_lock import clear_stale_locks

try:
    check_configuration(config, Path(workflow.basedir) / "workflow/schemas/config.schema.yaml")
except ConfigError as error:
    raise WorkflowError(str(error))

RUN = config["run"]
ANALYSIS = config["analysis"]
SEEDS = RUN["seeds"] if isinstance(RUN["seeds"], list) else derived_seeds(PAPER_SEEDS, RUN["seeds"])
RUN["seeds"] = SEEDS  # a number of seeds becomes the seeds: for the saved configuration and the report's captions
LAST_ITERATION = RUN["iterations"]
PROTOCOL = config["protocol"] if isinstance(config["protocol"], str) else "custom"
AUDIT = config["audit"]
AUDIT_SEEDS = SEEDS[: AUDIT["seeds"]]
AUDIT_ITERATIONS = min(AUDIT["iterations"], RUN["iterations"])
AUDIT_PROTOCOLS = audit_protocols(AUDIT["switches"])
with open(PACKAGE_ROOT / "cartography_al/paper_values/table1.csv", encoding="utf-8") as file:
    PAPER_DATASETS = {row["dataset"] for row in csv.DictReader(file)}
# The paper's claims are about its own data sets: others need no runs under a second protocol.
JUDGED_DATASETS = [name for name in RUN["datasets"] if name in PAPER_DATASETS]
CLAIM_PROTOCOLS = ANALYSIS["claim_protocols"] if JUDGED_DATASETS else []
JUDGED = [(dataset, protocol) for dataset in JUDGED_DATASETS for protocol in CLAIM_PROTOCOLS]
# Every protocol that a path may name.
PROTOCOLS = AUDIT_PROTOCOLS | {name: resolve_protocol(name) for name in CLAIM_PROTOCOLS}
PROTOCOLS[PROTOCOL] = resolve_protocol(config["protocol"])
THRESHOLD_STRATEGIES = [
    threshold_strategy(threshold, config["acquisition"]["correctness_threshold"])
    for threshold in (ANALYSIS["correctness_thresholds"] if "cal" in RUN["strategies"] else [])
]
STRATEGIES = list(dict.fromkeys([*RUN["strategies"], *THRESHOLD_STRATEGIES]))
COMPARED = [name for name in ANALYSIS["compared_strategies"] if name in RUN["strategies"]]
BASELINE = "random" if "random" in RUN["strategies"] else None  # what areas are compared with
BATCH_STRATEGIES = [name for name in ANALYSIS["batch_strategies"] if name in RUN["strategies"]]

RESULTS = f"results/{config['experiment']}"
DATA = f"{RESULTS}/data/{{dataset}}"
VECTORS = f"{RESULTS}/features/{{dataset}}"
FEATURES = f"{RESULTS}/features/{{protocol}}/{{dataset}}"
ACTIVE_LEARNING = f"{RESULTS}/active_learning/{{protocol}}/{{dataset}}"
CHAIN = f"{ACTIVE_LEARNING}/{{strategy}}/seed-{{seed}}"
DATA_MAPS = f"{RESULTS}/data_maps/{{protocol}}/{{dataset}}"
SIGNIFICANCE = f"{RESULTS}/significance/{{protocol}}/{{dataset}}"
PRETRAINED = "results/downloads/cc.en.300.bin"
TABLE_FORMATS = ["csv", "md", "tex", "html"]
LOGS = f"{RESULTS}/logs"
BENCHMARKS = f"{RESULTS}/benchmarks"

if workflow.is_main_process:  # the jobs of a cluster run this file as well
    living = clear_stale_locks(Path(".snakemake"), RESULTS)


# What `all` asks for besides figures and tables: Snakemake takes a figure that exists for finished, even if a file on
# the way to it was deleted, or was lost when its job failed.
INTERMEDIATE = [
    *expand(f"{DATA}/dataset.json", dataset=RUN["datasets"]),
    *expand(
        [
            f"{FEATURES}/features.json",
            f"{DATA_MAPS}/full.parquet",
            f"{DATA_MAPS}/seed_set.parquet",
            f"{ACTIVE_LEARNING}/runs.parquet",
        ],
        dataset=RUN["datasets"],
        protocol=PROTOCOL,
    ),
    *expand(
        f"{CHAIN}/iteration-{{iteration}}.parquet",
        dataset=RUN["datasets"],
        protocol=PROTOCOL,
        strategy=STRATEGIES,
        seed=SEEDS,
        iteration=[f"{iteration:03d}" for iteration in range(LAST_ITERATION + 1)],
    ),
]


wildcard_constraints:
    dataset="|".join(RUN["datasets"]),
    protocol="|".join(PROTOCOLS),
    strategy="|".join(name.replace(".", r"\.") for name in dict.fromkeys([*STRATEGIES, *AUDIT["strategies"]])),
    seed="|".join(map(str, SEEDS)),


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


def of_each_dataset(pattern):
    """The paths of a pattern for all data sets of the experiment, in its order."""
    return expand(pattern, dataset=RUN["datasets"], protocol=PROTOCOL)


def of_each_judged(pattern):
    """One path for each of JUDGED, in its order: repeated for each protocol where the pattern names none."""
    return [path for dataset, protocol in JUDGED for path in expand(pattern, dataset=dataset, protocol=protocol)]


def dataset_settings(wildcards):
    """The configuration's entry of a data set."""
    return config["datasets"][wildcards.dataset]


def learning_inputs():
    """Named inputs of the rules that train on a data set."""
    return {
        "train": f"{DATA}/train.parquet",
        "test": f"{DATA}/test.parquet",
        "description": f"{DATA}/dataset.json",
        "train_features": f"{FEATURES}/train.npy",
        "test_features": f"{FEATURES}/test.npy",
        "features": f"{FEATURES}/features.json",
    }


def switch(name):
    """Input function for the value of one protocol switch."""
    return lambda wildcards: getattr(PROTOCOLS[wildcards.protocol], name)


def classifier_settings(wildcards, classifier):
    """Settings of the main or the binary classifier, as models.ClassifierSettings names them."""
    protocol = PROTOCOLS[wildcards.protocol]
    depth = protocol.hidden_layers if classifier == "main_classifier" else int(protocol.binary_hidden_layer)
    return {
        "dropout": 0.0,
        "hidden_layers": depth,
        "batch_size": dataset_settings(wildcards)["batch_size"],
        **config[classifier],
        **config["optimizer"],
    }


def training_settings(wildcards, epochs=None):
    """What decides a training of the main classifier; epochs replaces the configured number."""
    settings = classifier_settings(wildcards, "main_classifier")
    return {
        "main_settings": settings | ({"epochs": epochs} if epochs else {}),
        "protocol": protocol_switches(PROTOCOLS[wildcards.protocol]),
    }


def run_settings(wildcards):
    """What decides an active-learning run besides its data, as active_learning.Run names it."""
    select, threshold = parse_strategy(wildcards.strategy)
    if threshold is None:
        threshold = config["acquisition"]["correctness_threshold"]
    return training_settings(wildcards) | {
        "binary_settings": classifier_settings(wildcards, "binary_classifier"),
        "select": select,
        "seed_set_size": dataset_settings(wildcards)["seed_set_size"],
        "query_size": RUN["query_size"],
        "correctness_threshold": threshold,
        "monte_carlo_passes": config["acquisition"]["monte_carlo_passes"],
    }


def profile_resources(rule_name):
    """What a profile's set-resources says of rules that are made under several names."""

    def value(resource, wildcards, **job):
        """Of an expression, such as `60 * attempt`, this job's value."""
        return resource.evaluate(wildcards, **job).value

    settings = workflow.resource_settings.overwrite_resources.get(rule_name, {})
    return {name: partial(value, resource) for name, resource in settings.items()}


def blocks(protocol):
    """First and last iteration of each job of a chain; iteration 0, the seed set's, belongs to the first job."""
    size = config["iterations_per_job"]
    last_iteration = LAST_ITERATION if protocol in {PROTOCOL, *CLAIM_PROTOCOLS} else AUDIT_ITERATIONS
    starts = [0, *range(size + 1, last_iteration + 1, size)]
    return [(first, following - 1) for first, following in zip(starts, [*starts[1:], last_iteration + 1])]


def protocols_by_block():
    """For each block of iterations, and for whether weights are reset, the protocols whose chains have it."""
    found = {}
    for name, protocol in PROTOCOLS.items():
        for first, last in blocks(name):
            found.setdefault((first, last, protocol.weight_reset), []).append(name)
    return found


def run_sources(wildcards):
    """Package modules behind a chain: those of every strategy, and the module of its own."""
    return sources("run_iterations", parse_strategy(wildcards.strategy)[0].partition(":")[0])


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


def word_vector_file():
    """The model file behind embedding.source; none for vectors trained on the corpus."""
    source = config["embedding"]["source"]
    return {"corpus": [], "cc.en.300": [PRETRAINED]}.get(source, [source])
