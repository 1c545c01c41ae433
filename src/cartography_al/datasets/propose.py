"""An overlay for a file that nobody has described yet: looks at it, and says what it chose."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cartography_al.datasets.recognise import decode, first_records, recognise_format, unpack
from cartography_al.datasets.rows import label_value, sorted_labels
from cartography_al.errors import DataError

MOST_CLASSES = 300
_DELIMITERS = "\t,;|"


class _Table:
    """The rows of a file, before it is known which column is what."""

    def __init__(self, rows: list[list[Any]], names: list[str] | None, files: dict[str, Any], notes: list[str]) -> None:
        self.rows, self.names, self.files, self.notes = rows, names, files, notes


def propose(train: Sequence[Path], test: Path | None = None, overlay: str = "<this file>") -> str:
    """The text of an overlay for these files, ready to run, with its choices as comments.

    train: one file, or one for each class.   test: None splits a fifth of the texts off.   overlay: where it will be
    written, for the commands in its comments.
    Raises: DataError for a file in which no text and label can be told.
    """
    if len(train) > 1:
        texts = {path.stem: [line for line in _text(path)[0].split("\n") if line.strip()] for path in train}
        files: dict[str, Any] = {"train": {path.stem: str(path) for path in train}, "format": "text"}
        encodings = {encoding for path in train if (encoding := _text(path)[1]) != "utf-8"}
        if encodings:
            files["encoding"] = encodings.pop()
        rows = [(text, label) for label, lines in texts.items() for text in lines]
        columns: dict[str, Any] = {}
        notes = ["one class in each file, named after it"]
    else:
        table = _read(train[0])
        files = {"train": str(train[0]), **table.files}
        text_at, label_at = _columns(train[0], table)
        rows = [(str(row[text_at]), label_value(row[label_at]) or "") for row in table.rows if len(row) > label_at]
        columns = {}
        if table.files["format"] not in ("lines", "trec"):
            named: Sequence[Any] = table.names or range(len(table.rows[0]))
            columns = {"text_column": named[text_at], "label_column": named[label_at]}
        notes = table.notes
    if test is not None:
        files["test"] = str(test)
    return _overlay(_name(train), files, columns, rows, notes, overlay)


def _name(train: Sequence[Path]) -> str:
    stem = train[0].name.split(".")[0] if len(train) == 1 else train[0].parent.name or "own"
    return re.sub(r"[^A-Za-z0-9_-]+", "_", re.sub(r"[_-]?train$", "", stem)).strip("_-") or "own"


def _text(path: Path) -> tuple[str, str]:
    """The text of a file and the encoding that must be said."""
    content = unpack(path, path.read_bytes())
    try:
        return decode(path, content, "utf-8", "encoding"), "utf-8"
    except DataError:
        return decode(path, content, "cp1252", "encoding"), "cp1252"


def _read(path: Path) -> _Table:
    try:
        content = unpack(path, path.read_bytes())
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from None
    if recognise_format(path, content) == "parquet":
        table = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)  # as _parquet_rows does
        rows = [list(row.values()) for row in table.to_pylist()]
        return _Table(rows, table.column_names, {"format": "parquet"}, ["a parquet file"])
    text, encoding = _text(path)
    files: dict[str, Any] = {"format": recognise_format(path, content, text)}
    notes = []
    if encoding != "utf-8":
        files["encoding"] = encoding
        notes.append("not UTF-8: taken for Windows' Western encoding, cp1252")
    match files["format"]:
        case "trec":
            lines = [line.partition(" ") for line in text.split("\n") if line.strip()]
            pairs = [[rest, label.partition(":")[0]] for label, _, rest in lines]
            return _Table(pairs, None, files, [*notes, "TREC's format, CLASS:fine question"])
        case "jsonl":
            is_array = text.lstrip().startswith("[")
            objects = json.loads(text) if is_array else map(json.loads, filter(str.strip, text.split("\n")))
            records = [record for record in objects if isinstance(record, dict)]
            names = list(dict.fromkeys(key for record in records for key in record))
            return _Table([[record.get(key) for key in names] for record in records], names, files, [*notes, "JSON"])
    parts = [line.split(None, 1) for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
    head = {delimiter: first_records(text, delimiter) for delimiter in _DELIMITERS}
    fitting = [d for d, records in head.items() if records and len({len(r) for r in records}) == 1 < len(records[0])]
    labels = {part[0] for part in parts}
    are_pairs = {len(part) for part in parts} == {2}
    if not fitting and are_pairs and 2 <= len(labels) <= min(MOST_CLASSES, len(parts) // 2):
        files["format"] = "lines"
        found = [[rest, label] for label, rest in parts]
        return _Table(found, None, files, [*notes, "a label, a space and a text"])
    delimiter = fitting[0] if fitting else ","
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    separators = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}[delimiter]
    if _is_header(rows):
        return _Table(rows[1:], rows[0], files, [*notes, f"columns separated by {separators}, names in the first line"])
    files["header"] = False
    return _Table(rows, None, files, [*notes, f"columns separated by {separators}, no names in the first line"])


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row's cells are short, distinct, no numbers, and none of them is a value of its column."""
    first, rest = rows[0], rows[1:]
    if len(set(first)) < len(first) or any(len(cell) > 40 or re.fullmatch(r"[\s\d.]*", cell) for cell in first):
        return False
    return not any(cell in {row[at] for row in rest if len(row) > at} for at, cell in enumerate(first))


def _columns(path: Path, table: _Table) -> tuple[int, int]:
    """Where the text and the label are: the longest values on average; of the others, the fewest distinct ones."""
    width = min(map(len, table.rows), default=0)
    length = [np.mean([len(str(row[at])) for row in table.rows]) for at in range(width)]
    if width < 2:
        raise DataError(
            f"{path}: no column of texts beside one of labels; write the overlay by hand, docs/extending.md"
        )
    text_at = int(np.argmax(length))
    distinct = {at: len({label_value(row[at]) for row in table.rows}) for at in range(width) if at != text_at}
    fitting = {at: n for at, n in distinct.items() if 2 <= n <= min(MOST_CLASSES, len(table.rows) // 2)}
    if not fitting:
        raise DataError(f"{path}: no column with 2 to {MOST_CLASSES} different values, so none that could be the label")
    usual = re.compile(r"label|class|category|target|topic|sentiment|intent|y", re.IGNORECASE)
    named = [at for at in fitting if table.names and usual.fullmatch(str(table.names[at]))]
    return text_at, named[0] if named else min(fitting, key=lambda at: (fitting[at], at))


def _overlay(
    name: str, files: dict[str, Any], columns: dict[str, Any], rows: list[tuple[str, str]], notes: list[str], path: str
) -> str:
    labels = [label for text, label in rows if text.strip() and label]
    classes = sorted_labels(labels)
    train = len(labels) if "test" in files else round(0.8 * len(labels))
    tokens = np.array([len(text.split()) for text, _ in rows])
    max_tokens = int(min(max(10, -(-np.quantile(tokens, 0.98) // 10) * 10), 400))
    seed_set = int(max(2 * len(classes), min(500, train // 10), 2))
    query = int(min(50, max(1, (train - seed_set) // 30)))
    batch = 64 if train >= 20_000 else 16
    rare = [label for label, count in Counter(labels).items() if count < 4]

    def yaml(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)  # which YAML reads as well, with every doubtful word in quotes

    lines = [
        f"# Proposed for {files['train'] if isinstance(files['train'], str) else ', '.join(files['train'].values())}: "
        + "; ".join(notes)
        + ".",
        f"# See what it holds:  make check DATA={path}",
        f"# Run it:             .venv/bin/snakemake all --cores all --configfile {path}",
        f"experiment: {name}        # results are written to results/{name}",
        "run:",
        f"  datasets: [{name}]",
        f"  query_size: {query}          # {query} x 30 iterations of {train:,} training texts",
        "datasets:",
        f"  {name}:",
        f"    title: {yaml(name)}",
        "    files:",
        *(f"      {key}: {yaml(value)}" for key, value in files.items()),
        *(
            []
            if "test" in files
            else ["    test_fraction: 0.2     # no test file was named: a fifth of each class is split off"]
        ),
        *(f"    {key}: {yaml(value)}" for key, value in columns.items()),
        f"    classes: {yaml(classes)}   # {len(classes)}, of {len(labels):,} texts; {{value: name}} names them",
        *([f"    # rare, so that a split may lack them: {yaml(rare)}"] if rare else []),
        f"    max_tokens: {max_tokens}         # {np.mean(tokens > max_tokens):.1%} of the texts are longer: cut",
        f"    seed_set_size: {seed_set}      # labelled before the first query",
        f"    batch_size: {batch}",
        *(
            ["    drop_invalid: true     # rows without text or label are left out and counted"]
            if len(labels) < len(rows)
            else []
        ),
        "embedding:",
        "  source: corpus          # vectors trained on these texts, without a download",
    ]
    return "\n".join(lines) + "\n"
