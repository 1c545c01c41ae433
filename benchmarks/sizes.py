"""The two data sets of the paper in size alone: made-up features, because no time depends on what the numbers are."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml

from cartography_al.acquisition.registry import resolve_strategy
from cartography_al.active_learning.data import LabelledFeatures
from cartography_al.active_learning.iteration import Run
from cartography_al.learning.models import ClassifierSettings
from cartography_al.protocol import AS_WRITTEN


class Size(NamedTuple):
    """Rows, classes and settings of a data set (Table 1)."""

    train: int
    test: int
    classes: int
    seed_set: int
    batch: int


CONFIGURATION = yaml.safe_load((Path(__file__).parents[1] / "config.yaml").read_text(encoding="utf-8"))
SIZES = {"trec": Size(5452, 500, 6, 500, 16), "agnews": Size(120_000, 7600, 4, 1000, 64)}


def write_features(folder: Path, size: Size) -> LabelledFeatures:
    """Write a mixture of one Gaussian for each class, a block at a time, and return it memory-mapped."""
    random = np.random.default_rng(0)
    centres = random.normal(0, 0.5, (size.classes, 300)).astype(np.float32)
    for split, rows in (("train", size.train), ("test", size.test)):
        labels = random.integers(0, size.classes, rows).astype(np.int16)
        np.save(folder / f"{split}_labels.npy", labels)
        path = folder / f"{split}.npy"
        mapped = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(rows, 300))
        for start in range(0, rows, 4096):
            block = slice(start, min(start + 4096, rows))
            noise = random.standard_normal((block.stop - start, 300), dtype=np.float32)
            mapped[block] = centres[labels[block]] + 1.5 * noise
        mapped.flush()
        del mapped
    return open_features(folder, size)


def open_features(folder: Path, size: Size) -> LabelledFeatures:
    """Return what `write_features` has written, memory-mapped."""
    arrays = [np.load(folder / f"{split}.npy", mmap_mode="r", allow_pickle=False) for split in ("train", "test")]
    labels = [np.load(folder / f"{split}_labels.npy", allow_pickle=False) for split in ("train", "test")]
    names = tuple(map(str, range(size.classes)))
    return LabelledFeatures("made", names, arrays[0], labels[0], arrays[1], labels[1], {})


def paper_run(data: LabelledFeatures, strategy: str, size: Size, device: str = "cpu") -> Run:
    """One run with the paper's settings (config.yaml)."""
    main = ClassifierSettings(3, 300, 0.3, 1e-4, (0.9, 0.999), 1e-8, 0.01, 30, size.batch)
    binary = ClassifierSettings(1, 300, 0.0, 5e-5, (0.9, 0.999), 1e-8, 0.01, 30, size.batch)
    entry, parameters = resolve_strategy(strategy, CONFIGURATION["acquisition"])
    seed, of_run = 398048, (size.seed_set, 50, parameters)
    return Run(data, strategy, entry.function, seed, AS_WRITTEN, main, binary, *of_run, device=device)
