"""From an entry of the configuration to a data set: files, the hub or the embedded corpus."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cartography_al.datasets.dataset import Dataset, check_dataset
from cartography_al.datasets.docstrings import build_corpus
from cartography_al.datasets.files import read_file
from cartography_al.datasets.hub import read_hub
from cartography_al.datasets.rows import split_frame
from cartography_al.datasets.splits import SPLITS
from cartography_al.errors import ConfigError


def read_dataset(name: str, entry: Mapping[str, Any]) -> Dataset:
    """Read both splits of a data set and check them.

    name: key of the data set in the configuration. entry: its value, as the schema describes it; `files` wins over
    `hub`, so that an overlay can replace a download by local files.
    Raises: DataError naming the file, line or key, and the cure; ConfigError for an entry that fits no reader.
    """
    versions: Mapping[str, str] = {}
    classes = _classes(name, entry)
    if entry.get("files"):
        files = entry["files"]
        source = "files: " + ", ".join(Path(files[split]).name for split in SPLITS)
        frames = {split: read_file(Path(files[split]), name, entry, classes) for split in SPLITS}
    elif entry.get("docstrings"):
        corpus = build_corpus(**entry["docstrings"])
        versions = corpus.versions
        source = "docstrings of " + ", ".join(f"{library} {version}" for library, version in versions.items())
        frames = {
            split: split_frame(
                ((number, *pair) for number, pair in enumerate(getattr(corpus, split), 1)),
                f"datasets.{name}, docstrings ({split})",
                "row",
                classes,
            )
            for split in SPLITS
        }
    elif entry.get("hub"):
        source = f"Hugging Face hub {entry['hub']['repository']}@{entry['hub']['revision']}"
        frames = read_hub(name, entry, classes)
    else:
        raise ConfigError(f"datasets.{name}: no source; add one of `files`, `hub` and `docstrings`")
    dataset = Dataset(
        name=name,
        title=entry["title"],
        source=source,
        classes=tuple(classes.values()),
        train=frames["train"],
        test=frames["test"],
        max_tokens=entry["max_tokens"],
        versions=versions,
    )
    check_dataset(dataset, entry)
    return dataset


def _classes(name: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """Value in the file -> shown name, in label order. The docstring corpus names its classes after its libraries."""
    if entry.get("classes"):
        classes = {str(value): str(shown) for value, shown in entry["classes"].items()}
    elif entry.get("docstrings"):
        classes = {library: library for library in entry["docstrings"]["libraries"]}
    else:
        raise ConfigError(f"datasets.{name}.classes: missing; give the label values and their names, in order")
    if len(set(classes.values())) < len(classes):
        raise ConfigError(f"datasets.{name}.classes: two label values have the same name; give each its own")
    return classes
