"""How many planted label errors stand at the head of the suspects' list, on the texts of a finished experiment.

python benchmarks/label_errors.py EXPERIMENT DATASET [PROTOCOL]

For each seed of the experiment, 5% of the training labels are replaced by others, drawn uniformly; the main classifier
is trained on all of them as for the data map, and the map is put in the order of the suspects. Labels that were wrong
before count as right: the figures are a lower bound where a data set has errors of its own.
"""

import argparse
import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from cartography_al.active_learning.data import LabelledFeatures
from cartography_al.active_learning.main_classifier import data_map, train_main_classifier
from cartography_al.analysis.suspects import found_errors, plant_errors, suspects
from cartography_al.learning.models import ClassifierSettings
from cartography_al.pipeline.protocols import resolve_protocol

SHARE = 0.05


def main() -> None:
    """Print one row for each seed, and the means."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiment", help="folder results/EXPERIMENT")
    parser.add_argument("dataset")
    parser.add_argument("protocol", nargs="?", default="as_written")
    options = parser.parse_args()
    folder = Path("results") / options.experiment
    config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    protocol = resolve_protocol(options.protocol)
    known = {field.name for field in fields(ClassifierSettings)}
    values = {
        **config["main_classifier"],
        **config["optimizer"],
        "batch_size": config["datasets"][options.dataset]["batch_size"],
        "hidden_layers": protocol.hidden_layers,
        "epochs": config["analysis"]["data_map_epochs"],
    }
    values["betas"] = tuple(values["betas"])
    settings = ClassifierSettings(**{name: value for name, value in values.items() if name in known})
    data = read_data(folder, options.dataset, options.protocol)
    ids = np.arange(len(data.train_labels))
    rows = []
    for seed in config["run"]["seeds"]:
        planted, wrong_ids = plant_errors(data.train_labels, len(data.classes), SHARE, seed)
        changed = replace(data, train_labels=planted)
        trained = train_main_classifier(changed, ids, seed, 0, settings, protocol)
        ordered = suspects(data_map(changed, ids, trained.record))["instance_id"].to_numpy()
        rows.append({"seed": seed, **found_errors(ordered, wrong_ids)._asdict()})
    found = pd.DataFrame(rows)
    print(found.to_string(index=False, float_format="{:.3f}".format))
    print(
        f"mean: {found['first_share'].mean():.1%} of the planted errors are among the first {SHARE:.0%} of the list "
        f"(chance {found['chance'].mean():.1%}); area under the ROC curve {found['roc_area'].mean():.3f} (chance 0.5)"
    )


def read_data(folder: Path, dataset: str, protocol: str) -> LabelledFeatures:
    """The data set as the experiment learned from it."""
    classes = json.loads((folder / f"data/{dataset}/dataset.json").read_text(encoding="utf-8"))["classes"]
    features = {split: np.load(folder / f"features/{protocol}/{dataset}/{split}.npy") for split in ("train", "test")}
    labels = {
        split: pd.read_parquet(folder / f"data/{dataset}/{split}.parquet")["label"].to_numpy()
        for split in ("train", "test")
    }
    return LabelledFeatures(
        dataset, tuple(classes), features["train"], labels["train"], features["test"], labels["test"], {}
    )


if __name__ == "__main__":
    main()
