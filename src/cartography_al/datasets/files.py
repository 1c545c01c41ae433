"""Local files, CSV, JSON lines, TREC's format and parquet, to rows."""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from cartography_al.datasets.rows import Column, Row, class_names, named_columns, no_column, split_frame, table_rows
from cartography_al.datasets.splits import first_line
from cartography_al.errors import ConfigError, DataError

TREC_LINE = re.compile(r"([A-Z]+):(\S+)(.*)", re.DOTALL)


def read_file(path: Path, name: str, entry: Mapping[str, Any], classes: Mapping[str, str]) -> pd.DataFrame:
    """Read one split from a local file of the configured format.

    Raises: DataError, naming file and line; ConfigError for an unknown format.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; correct datasets.{name}.files") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); correct datasets.{name}.files") from None
    if not content.strip():
        raise DataError(f"{path}: the file is empty; get it again")
    files = entry["files"]
    file_format = files["format"]
    if file_format == "parquet":
        return split_frame(_parquet_rows(path, content, *named_columns(name, entry)), str(path), "row", classes)
    encoding = files.get("encoding") or ("latin-1" if file_format == "trec" else "utf-8")
    text = _decode(path, content, encoding, f"datasets.{name}.files.encoding")
    if file_format == "csv":
        header = files.get("header", True)
        rows = _csv_rows(path, text, header, entry["text_column"], entry["label_column"])
    elif file_format == "jsonl":
        rows = _jsonl_rows(path, text, *named_columns(name, entry))
    elif file_format == "trec":
        rows = _trec_rows(path, text)
    else:
        raise ConfigError(f"datasets.{name}.files.format: {file_format!r} is none of csv, trec, jsonl and parquet")
    return split_frame(rows, str(path), "line", classes)


def _decode(path: Path, content: bytes, encoding: str, key: str) -> str:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        other = "latin-1" if encoding.lower().replace("_", "-") == "utf-8" else "utf-8"
        raise DataError(
            f"{path}, line {line}: byte 0x{content[error.start]:02X} is not {encoding}; if the file is in {other}, "
            f"set {key} to {other}"
        ) from None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers; only a line feed ends one (latin-1 text can hold others)."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def _csv_records(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """The records with the number of the line on which each begins; all must have the first one's width."""
    csv.field_size_limit(max(len(text), csv.field_size_limit()))  # by default, 131,072 characters of one field
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    width = 0
    while True:
        start = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise DataError(
                f'{path}, line {start}: not comma-separated values ({error}); quote a field as "..." and double '
                "the quotes inside it, or correct `format`"
            ) from None
        if record is None:
            return
        if not record:  # a blank line
            continue
        width = width or len(record)
        if len(record) != width:
            raise DataError(
                f"{path}, line {start}: {len(record)} columns where the lines before have {width}; quote fields that "
                "hold commas, or get the file again"
            )
        yield start, record


def _csv_rows(path: Path, text: str, header: bool, text_column: Column, label_column: Column) -> Iterator[Row]:
    records = _csv_records(path, text)
    first = next(records, None)
    if first is None:
        return
    names, width = (first[1] if header else None), len(first[1])
    text_at = _csv_position(path, text_column, names, width)
    label_at = _csv_position(path, label_column, names, width)
    for number, record in records if header else itertools.chain([first], records):
        yield number, record[text_at], record[label_at]


def _csv_position(path: Path, column: Column, names: list[str] | None, width: int) -> int:
    """The 0-based position of a column given by name or position. names: the header, None for a file without."""
    if isinstance(column, int):
        if 0 <= column < width:
            return column
    elif names is not None and column in names:
        return names.index(column)
    there = ", ".join(names) if names is not None else f"0 to {width - 1} (no header, so columns are numbered)"
    raise DataError(f"{path}: no column {column!r}; there are {there}: correct `text_column` or `label_column`")


def _jsonl_rows(path: Path, text: str, text_column: str, label_column: str) -> Iterator[Row]:
    for number, line in _lines(text):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DataError(
                f"{path}, line {number}: not JSON ({error}); JSON lines has one whole object on each line"
            ) from None
        if not isinstance(record, dict):
            raise DataError(f"{path}, line {number}: not a JSON object; JSON lines has one whole object on each line")
        for column in (text_column, label_column):
            if column not in record:
                raise no_column(f"{path}, line {number}", column, record)
        yield number, record[text_column], record[label_column]


def _trec_rows(path: Path, text: str) -> Iterator[Row]:
    """Lines like "DESC:manner How did serfdom develop ?", of which the class is DESC.

    Byte 0xF0, which stands once in the training file where a space belongs ("sister" + 0xF0 + "city"), becomes a
    space as on the Hugging Face hub, so that both sources give the same content.
    """
    for number, line in _lines(text.replace("\u00f0", " ")):
        match = TREC_LINE.fullmatch(line)
        if match is None:
            raise DataError(
                f"{path}, line {number}: not of the form COARSE:fine question; correct `format`, or get the file again"
            )
        yield number, match[3], match[1]


def _parquet_rows(path: Path, content: bytes, text_column: str, label_column: str) -> list[Row]:
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        names = file.schema_arrow.names
        for column in (text_column, label_column):
            if column not in names:
                raise no_column(str(path), column, names)
        table = file.read([text_column, label_column])
        return list(table_rows(table, text_column, label_column, class_names(table.schema.metadata, label_column)))
    except DataError:
        raise
    except Exception as error:  # Arrow meets damage, and values that Python has not, with errors of many kinds
        raise DataError(
            f"{path}: not a readable parquet file ({first_line(error)}); correct `format`, or get the file again"
        ) from None
