"""Rows of any source to the frame of a split, each row checked. Not for formats of files."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from cartography_al.errors import ConfigError, DataError

Row = tuple[int, object, object]
Column = str | int


def split_frame(rows: Iterable[Row], source: str, unit: str, classes: Mapping[str, str]) -> pd.DataFrame:
    """Check every row and build a split's frame; source and unit ("line", "row") are for errors."""
    codes = {value: code for code, value in enumerate(classes)}
    texts: list[str] = []
    labels: list[int] = []
    for number, text, label in rows:
        value = _label_value(label)
        if value is None:
            raise DataError(f"{source}, {unit} {number}: the label is missing; fill it in, or remove the {unit}")
        if value not in codes:
            raise DataError(
                f"{source}, {unit} {number}: unknown label {value!r}; known are {', '.join(codes)}: correct the file, "
                "or add it to `classes`"
            )
        if not isinstance(text, str):
            what = "missing" if text is None or text != text else f"{type(text).__name__}, not text"
            raise DataError(
                f"{source}, {unit} {number}: the text is {what}; correct `text_column`, or remove the {unit}"
            )
        text = text.strip()
        if not text:
            raise DataError(f"{source}, {unit} {number}: the text is empty; remove the {unit}, or fill it in")
        if not _is_unicode(text):
            raise DataError(f"{source}, {unit} {number}: the text holds half a surrogate pair; repair this character")
        texts.append(text)
        labels.append(codes[value])
    if not texts:
        raise DataError(f"{source}: no rows; get the file again")
    return pd.DataFrame(
        {
            "instance_id": np.arange(len(texts), dtype=np.int64),
            "text": pd.array(texts, dtype="str"),
            "label": np.array(labels, dtype=np.int16),
        }
    )


def _label_value(label: object) -> str | None:
    """The label as `classes` writes it: 3, 3.0 and " 3" are all "3"; None for null and NaN."""
    if label is None:
        return None
    if isinstance(label, float):
        if math.isnan(label):
            return None
        if label.is_integer():
            return str(int(label))
    return str(label).strip()


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
    """The names of the text and the label column.   Raises: ConfigError for one that is a number."""
    columns = entry["text_column"], entry["label_column"]
    for key, column in zip(("text_column", "label_column"), columns, strict=True):
        if not isinstance(column, str):
            raise ConfigError(
                f"datasets.{name}.{key}: {column!r} is a number, and only CSV columns have numbers; name it"
            )
    return columns


def no_column(source: str, column: str, there: Iterable[str]) -> DataError:
    """The error about a column that is not there, with those that are."""
    return DataError(
        f"{source}: no column {column!r}; there are {', '.join(there)}: correct `text_column` or `label_column`"
    )


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
