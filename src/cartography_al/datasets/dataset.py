"""A data set in memory: checked as a whole, described, and written. Not for where it comes from."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cartography_al.datasets.splits import SPLIT_SCHEMA, SPLITS
from cartography_al.errors import DataError
from cartography_al.files import atomic_path, write_text
from cartography_al.tokenizer import tokenize


@dataclass(frozen=True, eq=False)
class Dataset:
    """A checked data set. `train` and `test` have the columns of SPLIT_SCHEMA; a label is a position in `classes`.

    source: where it comes from, as a fragment of a sentence. max_tokens: texts are truncated to this length later on.
    versions: versions of the libraries whose docstrings these are; else empty. dropped: of each split, how many rows of
    each kind were left out. wrong_ids: training instances whose label was made wrong on purpose.
    """

    name: str
    title: str
    source: str
    classes: tuple[str, ...]
    train: pd.DataFrame
    test: pd.DataFrame
    max_tokens: int
    versions: Mapping[str, str] = field(default_factory=dict)
    dropped: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    wrong_ids: tuple[int, ...] = ()

    def split(self, name: str) -> pd.DataFrame:
        """The frame of "train" or "test"."""
        return {"train": self.train, "test": self.test}[name]


def check_dataset(dataset: Dataset, entry: Mapping[str, Any]) -> None:
    """Check what concerns a whole split: classes, sizes and content against the configuration entry.

    Raises: DataError for a class without enough instances, a training split smaller than the seed set, and row counts
    or content hashes that differ from `expected`.
    """
    key = f"datasets.{dataset.name}"
    counts, in_test = (
        np.bincount(dataset.split(split)["label"], minlength=len(dataset.classes)).tolist() for split in SPLITS
    )
    for class_name, count, test_count in zip(dataset.classes, counts, in_test, strict=True):
        if count == 0 and test_count:
            raise DataError(
                f"{key}: no training instance has the class {class_name!r}, and {test_count:,} of the test split have "
                f"it: add training texts of it, or take it out of {key}.classes and its rows out of the test split "
                "(`drop_invalid: true` does)"
            )
        if count == 0:
            raise DataError(
                f"{key}: class {class_name!r} is declared in {key}.classes but no training instance has it: "
                "correct `classes`, or check that the file is complete"
            )
        if count == 1:
            raise DataError(
                f"{key}: class {class_name!r} has one training instance; a stratified seed set and a pool need two: "
                "add instances, or remove the class and its instance"
            )
    expected = entry.get("expected") or {}
    for split in SPLITS:
        rows = len(dataset.split(split))
        if expected.get(split) is not None and rows != expected[split]:
            raise DataError(
                f"{key}: {split} has {rows:,} rows, expected {expected[split]:,} ({key}.expected.{split}): the file is "
                "incomplete or another version; get it again, or set the key to the rows you mean to use"
            )
        wanted = expected.get(f"{split}_sha256")
        if wanted is not None:
            found = content_hash(dataset.split(split), dataset.classes)
            if found != wanted.lower():
                raise DataError(
                    f"{key}: the content of {split} has SHA-256 {found}, expected {wanted} "
                    f"({key}.expected.{split}_sha256): texts, labels or their order differ; get the official file, or "
                    "set the key to null to use this one"
                )
    if entry["seed_set_size"] < len(dataset.classes):
        raise DataError(
            f"{key}.seed_set_size: {entry['seed_set_size']:,} is less than the {len(dataset.classes)} classes, of "
            "each of which the seed set has at least one text: raise it"
        )
    if len(dataset.train) <= entry["seed_set_size"]:
        raise DataError(
            f"{key}: train has {len(dataset.train):,} rows, and {key}.seed_set_size = {entry['seed_set_size']:,} "
            "leaves no pool: lower it, or use a larger training file"
        )


def exhausting_iteration(train_rows: int, seed_set_size: int, query_size: int) -> int:
    """The iteration whose batch, full or not, takes the last instances of the pool: later ones find it empty."""
    return -(-(train_rows - seed_set_size) // query_size)


def content_hash(frame: pd.DataFrame, classes: Iterable[str]) -> str:
    """SHA-256 (hex) of a split's content: class name and text of every row, in order, whatever file held them.

    Each string goes in as its length in UTF-8 bytes (8 bytes, little-endian) and these bytes, so that no two contents
    share an encoding.
    """
    names = [_length_prefixed(name) for name in classes]
    digest = hashlib.sha256()
    for label, text in zip(frame["label"], frame["text"], strict=True):
        digest.update(names[label])
        digest.update(_length_prefixed(text))
    return digest.hexdigest()


def describe(dataset: Dataset) -> dict[str, Any]:
    """The content of dataset.json: source, classes, and each split's rows, content hash and token counts.

    Tokens as the paper reads them, so that a backslash parts words; `truncated` counts the texts with more than
    max_tokens.
    """
    description: dict[str, Any] = {
        "name": dataset.name,
        "title": dataset.title,
        "source": dataset.source,
        "classes": list(dataset.classes),
        "splits": {},
    }
    for split in SPLITS:
        frame = dataset.split(split)
        tokens = np.array([len(tokenize(text, None, "space")) for text in frame["text"]])
        counts = np.bincount(frame["label"], minlength=len(dataset.classes))
        description["splits"][split] = {
            "rows": len(frame),
            "rows_per_class": dict(zip(dataset.classes, counts.tolist(), strict=True)),
            "sha256": content_hash(frame, dataset.classes),
            "mean_tokens": float(tokens.mean()),
            "longest": int(tokens.max()),
            "truncated": int((tokens > dataset.max_tokens).sum()),
        }
        dropped = dataset.dropped.get(split)
        if dropped:
            description["splits"][split]["dropped"] = dict(dropped)
    if dataset.wrong_ids:
        description["wrong_ids"] = list(dataset.wrong_ids)
    if dataset.versions:
        description["versions"] = dict(dataset.versions)
    return description


def write_dataset(dataset: Dataset, train_path: Path | str, test_path: Path | str, json_path: Path | str) -> None:
    """Write both splits as parquet and the description as JSON, each atomically; same data, same bytes."""
    for frame, path in ((dataset.train, train_path), (dataset.test, test_path)):
        columns = [pa.array(frame[column], type=SPLIT_SCHEMA.field(column).type) for column in SPLIT_SCHEMA.names]
        with atomic_path(path) as temporary:
            pq.write_table(pa.Table.from_arrays(columns, schema=SPLIT_SCHEMA), temporary, compression="zstd")
    write_text(json_path, json.dumps(describe(dataset), indent=2, ensure_ascii=False) + "\n")


def _length_prefixed(text: str) -> bytes:
    encoded = text.encode("utf-8")
    return len(encoded).to_bytes(8, "little") + encoded
