"""What the paper's classifier reaches, for each representation over a small grid of settings.

python benchmarks/representations.py DATA FEATURES [FEATURES ...]

DATA: results/<experiment>/data/<dataset>. FEATURES: folders with train.npy and test.npy of that data set, such as
results/<experiment>/features/<representation>/<dataset>/plain. Prints a Markdown table for each of them: test accuracy,
mean of the seeds, by number of training texts (drawn at random, nested), scale of the features, learning rate and
epochs. The paper's values are scale "as is", learning rate 1e-4, 30 epochs. One thread. Nothing here chooses a value:
that would take texts of their own, not the test split.
"""

import argparse
from itertools import product
from pathlib import Path

import numpy as np
import torch

from cartography_al import seeding
from cartography_al.datasets.splits import read_description, read_split
from cartography_al.features.arrays import read_features
from cartography_al.learning.models import ClassifierSettings, Perceptron
from cartography_al.learning.training import AdamW, fit, predict
from cartography_al.seeding import PAPER_SEEDS

LEARNING_RATES = (1e-4, 3e-4, 1e-3)
EPOCHS = (10, 30, 60)


def accuracies(
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray],
    classes: int,
    learning_rate: float,
    batch_size: int,
    seed: int,
) -> list[float]:
    """Test accuracy after each of EPOCHS, of one training of the paper's classifier (as_written)."""
    settings = ClassifierSettings(3, 300, 0.3, learning_rate, (0.9, 0.999), 1e-8, 0.01, max(EPOCHS), batch_size)
    streams = [seeding.generator(seed, 0, f"main classifier: {purpose}") for purpose in ("weights", "order", "dropout")]
    model = Perceptron(train[0].shape[1], classes, settings, streams[0])
    found = []

    def evaluate(epoch: int) -> None:
        if epoch + 1 in EPOCHS:
            found.append(float((predict(model, test[0])[0].argmax(axis=1) == test[1]).mean()))

    fit(model, AdamW(model, settings), *train, settings, streams[1], streams[2], on_epoch_end=evaluate)
    return found


def main() -> None:
    """Print a table for each folder of features."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("features", type=Path, nargs="+")
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--labelled", type=int, nargs="+", help="numbers of training texts; all of them by default")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    classes = len(read_description(arguments.data / "dataset.json")["classes"])
    labels = [read_split(arguments.data / f"{split}.parquet")["label"].to_numpy() for split in ("train", "test")]
    for folder in arguments.features:
        arrays = [np.array(read_features(folder / f"{split}.npy")) for split in ("train", "test")]
        size = float(np.sqrt(np.mean(np.square(arrays[0], dtype=np.float64))))
        print(f"\n{folder}: {arrays[0].shape[1]} dimensions, root mean square of a component {size:.3g}\n")
        print("| texts | scale | learning rate | " + " | ".join(f"{epochs} epochs" for epochs in EPOCHS) + " |")
        print("|---|---|---|" + "---|" * len(EPOCHS), flush=True)
        for count, (name, factor), rate in product(
            arguments.labelled or [len(labels[0])], (("as is", 1.0), ("root mean square 1", 1 / size)), LEARNING_RATES
        ):
            (train, y), test = ((array * np.float32(factor), y) for array, y in zip(arrays, labels, strict=True))
            runs = []
            for seed in PAPER_SEEDS[: arguments.seeds]:
                rows = seeding.generator(seed, 0, "benchmark: labelled").permutation(len(y))[:count]
                runs.append(accuracies((train[rows], y[rows]), test, classes, rate, arguments.batch_size, seed))
            cells = " | ".join(f"{x:.3f}" for x in np.mean(runs, axis=0))
            print(f"| {count:,} | {name} | {rate:g} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
