"""Rows of any source to the frame of a split, each row checked. Not for formats of files."""

import json
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from cartography_al.errors import ConfigError, DataError


class BadRow(NamedTuple):
    """A row that cannot be used: its number, the kind of its defect, and what is wrong and how to mend it."""

    number: int
    kind: str
    problem: str


Row = tuple[int, object, object] | BadRow
Column = str | int

_WHOLE = re.compile(r"-?\d+\.0+")
_NAMED_CLASSES = 12


@dataclass
class SplitRows:
    """One split as it was read, before its classes are known; unit ("line", "row") says what a number counts.

    numbers, texts, labels: of the sound rows, labels as `label_value` gives them. bad: the others.
    """

    source: str
    unit: str
    numbers: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)

    def error(self, bad: BadRow) -> DataError:
        """The error about one of its bad rows."""
        return DataError(f"{self.source}, {self.unit} {bad.number}: {bad.problem}")

    def select(self, positions: Iterable[int]) -> "SplitRows":
        """The sound rows at these positions."""
        kept = [(self.numbers[i], self.texts[i], self.labels[i]) for i in positions]
        numbers, texts, labels = map(list, zip(*kept, strict=True)) if kept else ([], [], [])
        return SplitRows(self.source, self.unit, numbers, texts, labels)


def check_rows(rows: Iterable[Row], source: str, unit: str) -> SplitRows:
    """Tell sound rows from bad ones by what a row alone can show: that it has a label and a text that is not empty."""
    split = SplitRows(source, unit)
    for row in rows:
        if isinstance(row, BadRow):
            split.bad.append(row)
            continue
        number, text, label = row
        value = label_value(label)
        if value is None:
            split.bad.append(BadRow(number, "no label", f"the label is missing; fill it in, or remove the {unit}"))
        elif isinstance(label, list | dict):
            problem = f"the label is a {type(label).__name__}; correct `label_column`, or remove the {unit}"
            split.bad.append(BadRow(number, "no label", problem))
        elif not isinstance(text, str):
            what = "missing" if text is None or text != text else f"{type(text).__name__}, not text"
            problem = f"the text is {what}; correct `text_column`, or remove the {unit}"
            split.bad.append(BadRow(number, "no text", problem))
        elif not (text := text.strip()):
            problem = f"the text is empty; remove the {unit}, or fill it in"
            split.bad.append(BadRow(number, "empty text", problem))
        elif not _is_unicode(text + value):
            what = "label" if _is_unicode(text) else "text"
            problem = f"the {what} holds half a surrogate pair; repair this character"
            split.bad.append(BadRow(number, "half a surrogate pair", problem))
        else:
            split.numbers.append(number)
            split.texts.append(text)
            split.labels.append(value)
    return split


def known_rows(split: SplitRows, classes: Collection[str], elsewhere: Collection[str] | None = None) -> SplitRows:
    """The split with each row of a label that `classes` does not list among its bad rows.

    elsewhere: the labels of the training split, where this is the test split: a label that is not there either is no
    matter of `classes`.
    """
    shown = ", ".join(list(classes)[:_NAMED_CLASSES]) + (", ..." if len(classes) > _NAMED_CLASSES else "")
    kept = []
    bad = list(split.bad)
    for position, (number, label) in enumerate(zip(split.numbers, split.labels, strict=True)):
        if label in classes:
            kept.append(position)
        elif elsewhere is not None and label not in elsewhere:
            problem = (
                f"the label {label!r} is not in the training split (known are {shown}), so no model can learn it; add "
                "training texts of it, or leave its rows out of the test split (`drop_invalid: true` does)"
            )
            bad.append(BadRow(number, "label that train lacks", problem))
        else:
            problem = f"unknown label {label!r}; known are {shown}: correct the file, or add it to `classes`"
            bad.append(BadRow(number, "unknown label", problem))
    known = split.select(kept)
    known.bad = sorted(bad)
    return known


def split_frame(split: SplitRows, classes: Sequence[str]) -> pd.DataFrame:
    """The sound rows as the frame of a split. classes: label values in the order of their codes.

    Raises: DataError for no sound row.
    """
    codes = {value: code for code, value in enumerate(classes)}
    if not split.texts:
        raise split.error(split.bad[0]) if split.bad else DataError(f"{split.source}: no rows; get the file again")
    return pd.DataFrame(
        {
            "instance_id": np.arange(len(split.texts), dtype=np.int64),
            "text": pd.array(split.texts, dtype="str"),
            "label": np.array([codes[label] for label in split.labels], dtype=np.int16),
        }
    )


def label_value(label: object) -> str | None:
    """The label as `classes` writes it: 3, 3.0, "3.0" and " 3" are all "3"; JSON's true is "true".

    None for no label: null, NaN and the empty string.
    """
    if label is None or (isinstance(label, float) and math.isnan(label)):
        return None
    if isinstance(label, bool):
        return str(label).lower()
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    value = str(label).strip()
    return (value.partition(".")[0] if _WHOLE.fullmatch(value) else value) or None


def sorted_labels(labels: Iterable[str]) -> list[str]:
    """The distinct labels in order: whole numbers by their value, before all others."""
    return sorted(set(labels), key=lambda label: (0, int(label), label) if _is_whole(label) else (1, 0, label))


def table_rows(table: pa.Table, text_column: str, label_column: str, names: list[str] | None) -> Iterator[Row]:
    """Rows of an Arrow table. names: of the labels, where these are positions in a Hugging Face ClassLabel."""
    labels = table.column(label_column).to_pylist()
    if names is not None:
        labels = [names[label] if isinstance(label, int) and 0 <= label < len(names) else label for label in labels]
    yield from zip(range(1, table.num_rows + 1), table.column(text_column).to_pylist(), labels, strict=True)


def class_names(metadata: Mapping[bytes, bytes] | None, column: str) -> list[str] | None:
    """The names that a parquet file from the Hugging Face hub keeps for the positions in a ClassLabel column."""
    try:
        features = json.loads((metadata or {})[b"huggingface"])["info"]["features"]
        return list(features[column]["names"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def named_columns(name: str, entry: Mapping[str, Any]) -> tuple[str, str]:
    """The names of the text and the label column.   Raises: ConfigError for one that is missing or a number."""
    columns = entry.get("text_column"), entry.get("label_column")
    for key, column in zip(("text_column", "label_column"), columns, strict=True):
        if column is None:
            raise ConfigError(f"datasets.{name}.{key}: missing; name the column")
        if not isinstance(column, str):
            raise ConfigError(
                f"datasets.{name}.{key}: {column!r} is a number, and only CSV columns have numbers; name it"
            )
    return columns  # type: ignore[return-value]


def sole_position(source: str, column: str, names: Sequence[str]) -> int | None:
    """The position of a column, None for one that is not there.   Raises: DataError for a name that occurs twice."""
    count = list(names).count(column)
    if count > 1:
        raise DataError(f"{source}: {count} columns are named {column!r}; rename them, so that one is meant")
    return list(names).index(column) if count else None


def no_column(column: str, there: Iterable[str]) -> str:
    """What is said of a column that is not there."""
    return f"no column {column!r}; there are {', '.join(there)}: correct `text_column` or `label_column`"


def _is_whole(label: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,15}", label) is not None


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
