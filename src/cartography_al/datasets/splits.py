"""A data set on disk, splits (parquet) and description (JSON): their schemas, and how they are read."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from jsonschema import Draft202012Validator

from cartography_al.errors import DataError

SPLITS = ("train", "test")
SPLIT_SCHEMA = pa.schema(
    [
        pa.field("instance_id", pa.int64(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("label", pa.int16(), nullable=False),
    ]
)
DESCRIPTION_SCHEMA = {
    "type": "object",
    "required": ["name", "title", "source", "classes", "splits"],
    "properties": {
        **{key: {"type": "string"} for key in ("name", "title", "source")},
        "classes": {"type": "array", "items": {"type": "string"}},
        "splits": {
            "type": "object",
            "required": [*SPLITS],
            "properties": {
                split: {
                    "type": "object",
                    "required": ["rows", "sha256"],
                    "properties": {"rows": {"type": "integer", "minimum": 1}, "sha256": {"type": "string"}},
                }
                for split in SPLITS
            },
        },
    },
}


def read_split(path: Path | str) -> pd.DataFrame:
    """Read one split that write_dataset wrote: instance_id int64 (0 ... N-1), text str, label int16.

    Raises: DataError for a file that is missing, damaged or of another schema.
    """
    return _read(path, SPLIT_SCHEMA.names)


def read_labels(path: Path | str) -> np.ndarray:
    """Read the labels of a split, int16 [N], row = instance id, without its texts.   Raises: as read_split."""
    return _read(path, ["instance_id", "label"])["label"].to_numpy()


def read_description(path: Path | str) -> dict[str, Any]:
    """Read the dataset.json that write_dataset wrote.

    Raises: DataError for a file that is missing, damaged or lacks a part.
    """
    again = "delete it, so that the pipeline writes it again"
    try:
        description = json.loads(Path(path).read_bytes())
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; run the rule that writes it") from None
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path}: not JSON ({first_line(error)}); {again}") from None
    problem = next(Draft202012Validator(DESCRIPTION_SCHEMA).iter_errors(description), None)
    if problem is not None:
        where = ".".join(map(str, problem.absolute_path)) or "top level"
        raise DataError(f"{path}, {where}: {problem.message}; {again}")
    return description


def _read(path: Path | str, columns: list[str]) -> pd.DataFrame:
    """Some columns of a split's file, checked."""
    again = "delete it, so that the pipeline writes it again"
    try:
        file = pq.ParquetFile(path)
        schema = file.schema_arrow
        frame = file.read(columns).to_pandas() if schema.equals(SPLIT_SCHEMA) else None
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; run the rule that writes it") from None
    except Exception as error:  # Arrow meets damage with errors of many kinds
        raise DataError(f"{path}: not a readable parquet file ({first_line(error)}); {again}") from None
    if frame is None:
        raise DataError(f"{path}: the columns are {_columns(schema)}, not {_columns(SPLIT_SCHEMA)}; {again}")
    if not np.array_equal(frame["instance_id"], np.arange(len(frame))) or frame.empty:
        raise DataError(f"{path}: the instance ids are not 0 to the number of rows less one; {again}")
    if frame["label"].min() < 0:
        raise DataError(f"{path}: a label is negative; {again}")
    return frame


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"{column.name} {column.type}{'' if column.nullable else ' not null'}" for column in schema)


def first_line(error: BaseException) -> str:
    """The first line of an error of another library."""
    return next(iter(str(error).splitlines()), "no details")
