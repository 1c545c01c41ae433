"""Local files, CSV and its kin, JSON, label files and parquet, to rows."""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cartography_al.datasets.recognise import (
    FORMATS,
    TREC_LINE,
    decode,
    recognise_delimiter,
    recognise_format,
    unpack,
)
from cartography_al.datasets.rows import (
    BadRow,
    Column,
    Row,
    SplitRows,
    check_rows,
    class_names,
    named_columns,
    no_column,
    sole_position,
    table_rows,
)
from cartography_al.datasets.splits import first_line
from cartography_al.errors import ConfigError, DataError

LABELLED_LINE = re.compile(r"(\S+)\s+(.*)", re.DOTALL)
_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}


def read_file(path: Path, name: str, entry: Mapping[str, Any], label: str | None = None) -> SplitRows:
    """Read the rows of a local file; its format, encoding and delimiter are recognised where none is configured.

    name, entry: of the data set in the configuration. label: of all rows, for a file that holds one class.
    Raises: DataError, naming file and line; ConfigError for an unknown format.
    """
    key, files = f"datasets.{name}.files", entry["files"]
    content = unpack(path, _read_bytes(path, key))
    if not content.strip():
        raise DataError(f"{path}: the file is empty; get it again")
    file_format = files.get("format") or ("text" if label is not None else None)
    if file_format not in (None, *FORMATS):
        raise ConfigError(f"{key}.format: {file_format!r} is none of {', '.join(FORMATS)}")
    if (label is not None) != (file_format == "text"):
        raise ConfigError(f"{key}: format text, and it alone, is for files of one class each, as {{label: path}}")
    if file_format == "parquet" or (file_format is None and recognise_format(path, content) == "parquet"):
        return check_rows(_parquet_rows(path, content, *named_columns(name, entry)), str(path), "row")
    if content.startswith(b"PAR1"):
        raise DataError(f"{path}: this is a parquet file; set {key}.format to parquet, or leave it out")
    is_trec = file_format == "trec"
    encoding = files.get("encoding") or ("latin-1" if is_trec else "utf-8")
    text = decode(path, content, encoding, f"{key}.encoding", control_characters=is_trec)
    unit = "line"
    rows: Iterator[Row]
    match file_format or recognise_format(path, content, text):
        case "csv":
            header = files.get("header", True)
            rows = _csv_rows(path, text, header, entry.get("text_column"), entry.get("label_column"), name)
        case "jsonl":
            columns = named_columns(name, entry)
            array = _json_array(text)
            if array is not None:
                unit, rows = "record", _object_rows(enumerate(array, 1), *columns)
            else:
                rows = _object_rows(_json_lines(text), *columns)
        case "trec":
            rows = _trec_rows(text)
        case "lines":
            rows = _labelled_lines(text)
        case _:
            rows = ((number, line, label) for number, line in _lines(text))
    return check_rows(rows, str(path), unit)


def _read_bytes(path: Path, key: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; correct {key}") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); correct {key}") from None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers; only a line feed ends one (latin-1 text can hold others)."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


# Separated values


def _csv_rows(
    path: Path, text: str, header: bool, text_column: Column | None, label_column: Column | None, name: str
) -> Iterator[Row]:
    if text_column is None or label_column is None:
        missing = "text_column" if text_column is None else "label_column"
        raise ConfigError(f"datasets.{name}.{missing}: missing; name the column, or give its number from 0")
    delimiter = recognise_delimiter(text, (text_column, label_column), header)
    records = _tab_records(text) if delimiter == "\t" else _csv_records(path, text, delimiter)
    first = next(records, None)
    if first is None:
        return
    names, width = (first[1] if header else None), len(first[1])
    text_at = _csv_position(path, text_column, names, width)
    label_at = _csv_position(path, label_column, names, width)
    for number, record in records if header else itertools.chain([first], records):
        if len(record) == width:
            yield number, record[text_at], record[label_at]
        else:
            yield BadRow(
                number,
                "wrong number of columns",
                f"{len(record)} columns where the lines before have {width}; quote fields that hold a "
                f"{_DELIMITERS[delimiter]}, or get the file again",
            )


def _csv_records(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records that are not blank, with the number of the line on which each begins."""
    csv.field_size_limit(max(len(text), csv.field_size_limit()))  # by default, 131,072 characters of one field
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise DataError(
                f"{path}, line {start}: not {_DELIMITERS[delimiter]}-separated values ({error}); quote a field as "
                '"..." and double the quotes inside it, or correct `format`'
            ) from None
        if record is None:
            return
        if record:
            yield start, record


def _tab_records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Records of tab-separated values, in which a quote is often just a quote.

    A record is a line, unless the lines differ in their tabs and the quotes make sense of that. Quotes are taken as
    such where those of every line make sense; else they are characters like others.
    """
    lines = [(number, line) for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1) if line.strip()]
    if len({line.count("\t") for _, line in lines}) > 1:
        try:
            quoted = list(_csv_records(Path(), text, "\t"))
        except DataError:
            quoted = []
        if quoted and len({len(record) for _, record in quoted}) == 1:
            yield from quoted
            return
    csv.field_size_limit(max(len(text), csv.field_size_limit()))
    try:
        yield from [(n, next(csv.reader([line], delimiter="\t", strict=True))) for n, line in lines]
    except csv.Error:
        yield from ((number, line.split("\t")) for number, line in lines)


def _csv_position(path: Path, column: Column, names: list[str] | None, width: int) -> int:
    """The 0-based position of a column given by name or position. names: the header, None for a file without."""
    if isinstance(column, int):
        if 0 <= column < width:
            return column
    elif names is not None:
        exact = column in names  # else spaces around the names are no part of them
        found = sole_position(str(path), column, names if exact else [name.strip() for name in names])
        if found is not None:
            return found
    there = ", ".join(names) if names is not None else f"0 to {width - 1} (no header, so columns are numbered)"
    raise DataError(f"{path}: no column {column!r}; there are {there}: correct `text_column` or `label_column`")


# JSON


def _json_array(text: str) -> list[object] | None:
    """The elements of a file that is one JSON array with objects in it; None for any other."""
    if not text.lstrip().startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) and any(isinstance(element, dict) for element in value) else None


def _json_lines(text: str) -> Iterator[tuple[int, object]]:
    for number, line in _lines(text):
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError) as error:
            yield (
                number,
                BadRow(number, "not JSON", f"not JSON ({error}); JSON lines has one whole object on each line"),
            )


def _object_rows(records: Iterable[tuple[int, object]], text_column: str, label_column: str) -> Iterator[Row]:
    for number, record in records:
        if isinstance(record, BadRow):
            yield record
        elif not isinstance(record, dict):
            problem = "not a JSON object; JSON lines has one whole object on each line"
            yield BadRow(number, "not a JSON object", problem)
        elif missing := [column for column in (text_column, label_column) if column not in record]:
            yield BadRow(number, "no such column", no_column(missing[0], record))
        else:
            yield number, record[text_column], record[label_column]


# Lines with labels, and parquet


def _trec_rows(text: str) -> Iterator[Row]:
    """Lines like "DESC:manner How did serfdom develop ?", of which the class is DESC.

    Byte 0xF0, which stands once in the training file where a space belongs ("sister" + 0xF0 + "city"), becomes a
    space as on the Hugging Face hub, so that both sources give the same content.
    """
    for number, line in _lines(text.replace("\u00f0", " ")):
        match = TREC_LINE.fullmatch(line)
        if match is None:
            problem = "not of the form COARSE:fine question; correct `format`, or get the file again"
            yield BadRow(number, "not COARSE:fine question", problem)
        else:
            yield number, match[3], match[1]


def _labelled_lines(text: str) -> Iterator[Row]:
    """Lines like "1 a stirring film", of which the class is 1, as SST-2's sentences are published."""
    for number, line in _lines(text):
        match = LABELLED_LINE.fullmatch(line.strip())
        yield (number, match[2], match[1]) if match else (number, "", line)


def _parquet_rows(path: Path, content: bytes, text_column: str, label_column: str) -> list[Row]:
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        names = file.schema_arrow.names
        for column in (text_column, label_column):
            if sole_position(str(path), column, names) is None:
                raise DataError(f"{path}: {no_column(column, names)}")
        # From a buffer of Arrow's, without threads: one that still holds an object of Python as the process ends aborts
        # it now and then (26.0: 1 in 60), and a file of Python's is read by such a thread.
        table = file.read([text_column, label_column], use_threads=False)
        return list(table_rows(table, text_column, label_column, class_names(table.schema.metadata, label_column)))
    except DataError:
        raise
    except Exception as error:  # Arrow meets damage, and values that Python has not, with errors of many kinds
        raise DataError(
            f"{path}: not a readable parquet file ({first_line(error)}); correct `format`, or get the file again"
        ) from None
