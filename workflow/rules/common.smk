# What the rule files share: the checked configuration, paths, wildcards and input functions.

import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

PACKAGE_ROOT = Path(workflow.basedir) / "src"
# Scripts find the package also where it is not installed, e.g. in a conda environment of --sdm conda.
sys.path.insert(0, str(PACKAGE_ROOT))
os.environ["PYTHONPATH"] = os.pathsep.join([str(PACKAGE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
# One thread in each job: two gain nothing at these sizes and are far slower when jobs run side by side.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

from cartography_al.acquisition.registry import parse_strategy, threshold_strategy
from cartography_al.configuration import check_configuration
from cartography_al.errors import ConfigError
from cartography_al.protocol import protocol_switches, resolve_protocol
from cartography_al.provenance import source_files

try:
    check_configuration(config, Path(workflow.basedir) / "workflow/schemas/config.schema.yaml")
except ConfigError as error:
    raise WorkflowError(str(error))

RUN = config["run"]
ANALYSIS = config["analysis"]
SEEDS = RUN["seeds"]
LAST_ITERATION = RUN["iterations"]
PROTOCOL = config["protocol"] if isinstance(config["protocol"], str) else "custom"
PROTOCOLS = {PROTOCOL: resolve_protocol(config["protocol"])}  # every protocol that a path may name
THRESHOLD_STRATEGIES = [
    threshold_strategy(threshold, config["acquisition"]["correctness_threshold"])
    for threshold in (ANALYSIS["correctness_thresholds"] if "cal" in RUN["strategies"] else [])
]
STRATEGIES = list(dict.fromkeys([*RUN["strategies"], *THRESHOLD_STRATEGIES]))
COMPARED = [name for name in ANALYSIS["compared_strategies"] if name in RUN["strategies"]]
BATCH_STRATEGIES = [name for name in ANALYSIS["batch_strategies"] if name in RUN["strategies"]]

RESULTS = f"results/{config['experiment']}"
DATA = RESULTS + "/data/{dataset}"
VECTORS = RESULTS + "/features/{dataset}"
FEATURES = RESULTS + "/features/{protocol}/{dataset}"
ACTIVE_LEARNING = RESULTS + "/active_learning/{protocol}/{dataset}"
CHAIN = ACTIVE_LEARNING + "/{strategy}/seed-{seed}"
DATA_MAPS = RESULTS + "/data_maps/{protocol}/{dataset}"
LOGS = RESULTS + "/logs"
BENCHMARKS = RESULTS + "/benchmarks"


wildcard_constraints:
    dataset="|".join(RUN["datasets"]),
    protocol="|".join(PROTOCOLS),
    strategy="|".join(name.replace(".", r"\.") for name in STRATEGIES),
    seed="|".join(map(str, SEEDS)),


def sources(script, *modules):
    """Package modules behind a script (and further modules), so that editing one reruns what depends on it.

    The strategies' registry only maps names; the module that a name stands for is listed by its rule.
    """
    starts = [Path(workflow.basedir) / "workflow/scripts" / f"{script}.py"]
    starts += [PACKAGE_ROOT / Path(*module.split(".")).with_suffix(".py") for module in modules]
    registry = frozenset({"cartography_al.acquisition.registry"})
    return source_files(*starts, package_root=PACKAGE_ROOT, leave_out=registry)


def of_each_dataset(pattern):
    """The paths of a pattern for all data sets of the experiment, in its order."""
    return expand(pattern, dataset=RUN["datasets"], protocol=PROTOCOL)


def dataset_settings(wildcards):
    """The configuration's entry of a data set."""
    return config["datasets"][wildcards.dataset]


def learning_inputs():
    """Named inputs of every rule that trains on a data set."""
    return {
        "train": DATA + "/train.parquet",
        "test": DATA + "/test.parquet",
        "description": DATA + "/dataset.json",
        "train_features": FEATURES + "/train.npy",
        "test_features": FEATURES + "/test.npy",
        "features": FEATURES + "/features.json",
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
    """What a profile's set-resources says of a rule; for rules that are made under several names."""
    return dict(workflow.resource_settings.overwrite_resources.get(rule_name, {}))
