"""From an entry of the configuration to a data set: files, the hub or the embedded corpus."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cartography_al import seeding
from cartography_al.datasets.dataset import Dataset, check_dataset
from cartography_al.datasets.docstrings import build_corpus
from cartography_al.datasets.files import read_file
from cartography_al.datasets.hub import read_hub
from cartography_al.datasets.label_noise import with_label_noise
from cartography_al.datasets.rows import SplitRows, check_rows, known_rows, label_value, sorted_labels, split_frame
from cartography_al.datasets.splits import SPLITS
from cartography_al.errors import ConfigError, DataError


def read_dataset(name: str, entry: Mapping[str, Any]) -> Dataset:
    """Read both splits of a data set and check them.

    name: key of the data set in the configuration. entry: its value, as the schema describes it; `files` wins over
    `hub`, so that an overlay can replace a download by local files.
    Raises: DataError naming the file, line or key, and the cure; ConfigError for an entry that fits no reader.
    """
    rows, source, versions = read_rows(name, entry)
    classes = label_classes(name, entry, rows["train"])
    if not entry.get("drop_invalid") and rows["train"].bad:
        raise rows["train"].error(min(rows["train"].bad))
    if len(set(rows["train"].labels)) == 1 and "classes" not in entry:
        found = rows["train"].labels[0]
        raise DataError(
            f"{rows['train'].source}: every label is {found!r}, and a model needs two: correct `label_column`"
        )
    train_labels = set(rows["train"].labels)
    known = {
        split: known_rows(rows[split], classes, elsewhere=train_labels if split == "test" else None) for split in SPLITS
    }
    for split in known.values():
        if split.bad and not entry.get("drop_invalid"):
            raise split.error(split.bad[0])
    dataset = Dataset(
        name=name,
        title=entry["title"],
        source=source,
        classes=tuple(classes.values()),
        train=split_frame(known["train"], list(classes)),
        test=split_frame(known["test"], list(classes)),
        max_tokens=entry["max_tokens"],
        versions=versions,
        dropped={split: dict(sorted(Counter(bad.kind for bad in known[split].bad).items())) for split in SPLITS},
    )
    check_dataset(dataset, entry)
    noise = entry.get("label_noise")
    return with_label_noise(dataset, noise["share"], noise.get("seed", 0)) if noise else dataset


def read_rows(name: str, entry: Mapping[str, Any]) -> tuple[dict[str, SplitRows], str, Mapping[str, str]]:
    """Both splits as read, where they come from, and versions of libraries; see `read_dataset`.

    Of a data set without a test file, `test_fraction` of the rows become the test split.
    """
    versions: Mapping[str, str] = {}
    if entry.get("files"):
        files = entry["files"]
        rows = {split: _read_files(files[split], name, entry) for split in SPLITS if files.get(split)}
        source = "files: " + ", ".join(path.name for split in rows for path in file_paths(files[split]))
    elif entry.get("docstrings"):
        corpus = build_corpus(**entry["docstrings"])
        versions = corpus.versions
        source = "docstrings of " + ", ".join(f"{library} {version}" for library, version in versions.items())
        rows = {
            split: check_rows(
                ((number, *pair) for number, pair in enumerate(getattr(corpus, split), 1)),
                f"datasets.{name}, docstrings ({split})",
                "row",
            )
            for split in SPLITS
        }
    elif entry.get("hub"):
        source = f"Hugging Face hub {entry['hub']['repository']}@{entry['hub']['revision']}"
        rows = read_hub(name, entry)
    else:
        raise ConfigError(f"datasets.{name}: no source; add one of `files`, `hub` and `docstrings`")
    if "test" not in rows:
        fraction, seed = entry.get("test_fraction"), entry.get("test_seed", 0)
        if not fraction:
            raise ConfigError(f"datasets.{name}: no test split; name its file, or set test_fraction")
        rows = _split_off_test(rows["train"], fraction, seed)
        source += f"; {fraction:g} of the texts split off for testing (seed {seed})"
    return rows, source, versions


def file_paths(files: str | Mapping[str, str]) -> list[Path]:
    """The files of one split: one, or one for each class."""
    return [Path(files)] if isinstance(files, str) else [Path(path) for path in files.values()]


def label_classes(name: str, entry: Mapping[str, Any], train: SplitRows) -> dict[str, str]:
    """Value in the data -> name shown, in label order.

    `classes` is such a mapping or a list of values. Without it, they are the training labels, sorted; the docstring
    corpus names its classes after its libraries.
    """
    given = entry.get("classes")
    if given is None and entry.get("docstrings"):
        given = entry["docstrings"]["libraries"]
    if given is None:
        given = sorted_labels(train.labels)
    pairs = given.items() if isinstance(given, Mapping) else [(value, value) for value in given]
    classes = {label_value(value) or "": str(shown) for value, shown in pairs}
    if len(set(classes.values())) < len(classes) or len(classes) < len(given):
        raise ConfigError(f"datasets.{name}.classes: two label values have the same name; give each its own")
    return classes


def _read_files(files: str | Mapping[str, str], name: str, entry: Mapping[str, Any]) -> SplitRows:
    """One split: from its file, or from one file for each class, one after the other."""
    if isinstance(files, str):
        return read_file(Path(files), name, entry)
    parts = [read_file(Path(path), name, entry, label_value(label)) for label, path in files.items()]
    for part in parts:
        if part.bad and not entry.get("drop_invalid"):
            raise part.error(part.bad[0])
    joined = SplitRows(", ".join(part.source for part in parts), "line")
    for part in parts:
        for kind in ("numbers", "texts", "labels", "bad"):
            getattr(joined, kind).extend(getattr(part, kind))
    return joined


def _split_off_test(rows: SplitRows, fraction: float, seed: int) -> dict[str, SplitRows]:
    """Draw the test split by class: of n texts, fraction x n rounded, if it can be at least one and at most n - 2.

    Both splits keep the order of the rows.
    """
    stream = seeding.generator(seed, 0, "test split")
    labels = np.array(rows.labels)
    test: list[int] = []
    for label in sorted_labels(rows.labels):
        positions = np.flatnonzero(labels == label)
        count = max(min(max(round(fraction * len(positions)), 1), len(positions) - 2), 0)
        test += stream.choice(positions, size=count, replace=False).tolist()
    train = rows.select(_rest(len(labels), test))
    train.bad = rows.bad
    return {"train": train, "test": rows.select(sorted(test))}


def _rest(rows: int, taken: Iterable[int]) -> list[int]:
    return sorted(set(range(rows)) - set(taken))
