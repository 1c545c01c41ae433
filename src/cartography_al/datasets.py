"""Data sets: read from files, the hub or installed packages, checked, and written as parquet (text, label, split).

Nothing here splits text into words for features, and nothing draws seed sets: see features and active_learning.

Every reader yields (number, text, label) rows, with the 1-based line or row number that an error names; one function
turns them into a split's frame. No reader runs anything that comes with the data.
"""

import csv
import hashlib
import io
import itertools
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from jsonschema import Draft202012Validator

from cartography_al.docstring_corpus import build_corpus
from cartography_al.errors import ConfigError, DataError
from cartography_al.files import atomic_path, write_text

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
TREC_LINE = re.compile(r"([A-Z]+):(\S+)(.*)", re.DOTALL)
HUB_FILE_SUFFIXES = frozenset({".csv", ".json", ".jsonl", ".parquet"})

Row = tuple[int, object, object]
Column = str | int


@dataclass(frozen=True, eq=False)
class Dataset:
    """A checked data set. `train` and `test` have the columns of SPLIT_SCHEMA; a label is a position in `classes`.

    source: where it comes from, as a fragment of a sentence. max_tokens: texts are truncated to this length later on.
    versions: versions of the libraries whose docstrings these are; else empty.
    """

    name: str
    title: str
    source: str
    classes: tuple[str, ...]
    train: pd.DataFrame
    test: pd.DataFrame
    max_tokens: int
    versions: Mapping[str, str] = field(default_factory=dict)

    def split(self, name: str) -> pd.DataFrame:
        """The frame of "train" or "test"."""
        return {"train": self.train, "test": self.test}[name]


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
        frames = {split: _read_file(Path(files[split]), name, entry, classes) for split in SPLITS}
    elif entry.get("docstrings"):
        corpus = build_corpus(**entry["docstrings"])
        versions = corpus.versions
        source = "docstrings of " + ", ".join(f"{library} {version}" for library, version in versions.items())
        frames = {
            split: _frame(
                ((number, *pair) for number, pair in enumerate(getattr(corpus, split), 1)),
                f"datasets.{name}, docstrings ({split})",
                "row",
                classes,
            )
            for split in SPLITS
        }
    elif entry.get("hub"):
        source = f"Hugging Face hub {entry['hub']['repository']}@{entry['hub']['revision']}"
        frames = _read_hub(name, entry, classes)
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


def check_dataset(dataset: Dataset, entry: Mapping[str, Any]) -> None:
    """Check what concerns a whole split: classes, sizes and content against the configuration entry.

    Raises: DataError for a class without enough instances, a training split smaller than the seed set, and row counts
    or content hashes that differ from `expected`.
    """
    key = f"datasets.{dataset.name}"
    counts = np.bincount(dataset.train["label"], minlength=len(dataset.classes))
    for class_name, count in zip(dataset.classes, counts, strict=True):
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

    Tokens are split on white space, as features does; `truncated` counts the texts with more than max_tokens.
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
        tokens = np.array([len(text.split()) for text in frame["text"]])
        counts = np.bincount(frame["label"], minlength=len(dataset.classes))
        description["splits"][split] = {
            "rows": len(frame),
            "rows_per_class": dict(zip(dataset.classes, counts.tolist(), strict=True)),
            "sha256": content_hash(frame, dataset.classes),
            "mean_tokens": float(tokens.mean()),
            "longest": int(tokens.max()),
            "truncated": int((tokens > dataset.max_tokens).sum()),
        }
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


def read_split(path: Path | str) -> pd.DataFrame:
    """Read one split that write_dataset wrote: instance_id int64 (0 ... N-1), text str, label int16.

    Raises: DataError for a file that is missing, damaged or of another schema.
    """
    again = "delete it, so that the pipeline writes it again"
    try:
        table = pq.read_table(path, partitioning=None)
        is_split = table.schema.equals(SPLIT_SCHEMA)
        found = _columns(table.schema)
        frame = table.to_pandas()
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; run the rule that writes it") from None
    except Exception as error:  # Arrow meets damage with errors of many kinds
        raise DataError(f"{path}: not a readable parquet file ({_first_line(error)}); {again}") from None
    if not is_split:
        raise DataError(f"{path}: the columns are {found}, not {_columns(SPLIT_SCHEMA)}; {again}")
    if not np.array_equal(frame["instance_id"], np.arange(len(frame))) or frame.empty:
        raise DataError(f"{path}: the instance ids are not 0 to the number of rows less one; {again}")
    if frame["label"].min() < 0:
        raise DataError(f"{path}: a label is negative; {again}")
    return frame


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
        raise DataError(f"{path}: not JSON ({_first_line(error)}); {again}") from None
    problem = next(Draft202012Validator(DESCRIPTION_SCHEMA).iter_errors(description), None)
    if problem is not None:
        where = ".".join(map(str, problem.absolute_path)) or "top level"
        raise DataError(f"{path}, {where}: {problem.message}; {again}")
    return description


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


def _frame(rows: Iterable[Row], source: str, unit: str, classes: Mapping[str, str]) -> pd.DataFrame:
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


def _read_file(path: Path, name: str, entry: Mapping[str, Any], classes: Mapping[str, str]) -> pd.DataFrame:
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
        return _frame(_parquet_rows(path, content, *_named_columns(name, entry)), str(path), "row", classes)
    encoding = files.get("encoding") or ("latin-1" if file_format == "trec" else "utf-8")
    text = _decode(path, content, encoding, f"datasets.{name}.files.encoding")
    if file_format == "csv":
        header = files.get("header", True)
        rows = _csv_rows(path, text, header, entry["text_column"], entry["label_column"])
    elif file_format == "jsonl":
        rows = _jsonl_rows(path, text, *_named_columns(name, entry))
    elif file_format == "trec":
        rows = _trec_rows(path, text)
    else:
        raise ConfigError(f"datasets.{name}.files.format: {file_format!r} is none of csv, trec, jsonl and parquet")
    return _frame(rows, str(path), "line", classes)


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
                raise _no_column(f"{path}, line {number}", column, record)
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
                raise _no_column(str(path), column, names)
        table = file.read([text_column, label_column])
        return list(_table_rows(table, text_column, label_column, _class_names(table.schema.metadata, label_column)))
    except DataError:
        raise
    except Exception as error:  # Arrow meets damage, and values that Python has not, with errors of many kinds
        raise DataError(
            f"{path}: not a readable parquet file ({_first_line(error)}); correct `format`, or get the file again"
        ) from None


def _table_rows(table: pa.Table, text_column: str, label_column: str, names: list[str] | None) -> Iterator[Row]:
    """Rows of an Arrow table. names: of the labels, where these are positions in a Hugging Face ClassLabel."""
    labels = table.column(label_column).to_pylist()
    if names is not None:
        labels = [names[label] if isinstance(label, int) and 0 <= label < len(names) else label for label in labels]
    yield from zip(range(1, table.num_rows + 1), table.column(text_column).to_pylist(), labels, strict=True)


def _class_names(metadata: Mapping[bytes, bytes] | None, column: str) -> list[str] | None:
    """The names that a parquet file from the Hugging Face hub keeps for the positions in a ClassLabel column."""
    try:
        features = json.loads((metadata or {})[b"huggingface"])["info"]["features"]
        return list(features[column]["names"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def _read_hub(name: str, entry: Mapping[str, Any], classes: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """Both splits from the Hugging Face hub at a pinned revision; `splits` names splits, or files of the repository."""
    repository, revision, splits = (entry["hub"][key] for key in ("repository", "revision", "splits"))
    where = f"{repository} at revision {revision}"
    if Path(repository).exists():
        raise DataError(
            f"datasets.{name}: the local folder {repository} would be read instead of the hub's data set of that "
            "name; rename it, or name its files under `files`"
        )
    text_column, label_column = _named_columns(name, entry)
    are_files = all(Path(splits[split]).suffix in HUB_FILE_SUFFIXES for split in SPLITS)
    options = {"data_files": {split: splits[split] for split in SPLITS}} if are_files else {}
    try:
        import datasets

        loaded = datasets.load_dataset(repository, revision=revision, **options)
    except Exception as error:  # the hub's clients raise errors of many libraries
        raise DataError(
            f"datasets.{name}: cannot load {where} from the Hugging Face hub ({type(error).__name__}: "
            f"{_first_line(error)}). Without a network, name local copies in the configuration:\n"
            f"datasets:\n  {name}:\n    files:\n"
            "      train: path/to/train.csv\n      test: path/to/test.csv\n"
            "      format: csv    # or trec, jsonl, parquet\n"
            "`make demo` needs neither network nor files."
        ) from error
    frames = {}
    for split in SPLITS:
        key = split if are_files else splits[split]
        if key not in loaded:
            raise DataError(
                f"{where}: no split {key!r}; there are {', '.join(loaded)}: correct datasets.{name}.hub.splits"
            )
        for column in (text_column, label_column):
            if column not in loaded[key].column_names:
                raise _no_column(f"{where}, {key}", column, loaded[key].column_names)
        names = getattr(loaded[key].features[label_column], "names", None)
        rows = _table_rows(loaded[key].with_format("arrow")[:], text_column, label_column, names)
        frames[split] = _frame(rows, f"{where}, {key}", "row", classes)
    return frames


def _named_columns(name: str, entry: Mapping[str, Any]) -> tuple[str, str]:
    columns = entry["text_column"], entry["label_column"]
    for key, column in zip(("text_column", "label_column"), columns, strict=True):
        if not isinstance(column, str):
            raise ConfigError(
                f"datasets.{name}.{key}: {column!r} is a number, and only CSV columns have numbers; name it"
            )
    return columns


def _no_column(source: str, column: str, there: Iterable[str]) -> DataError:
    return DataError(
        f"{source}: no column {column!r}; there are {', '.join(there)}: correct `text_column` or `label_column`"
    )


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"{column.name} {column.type}{'' if column.nullable else ' not null'}" for column in schema)


def _length_prefixed(text: str) -> bytes:
    encoded = text.encode("utf-8")
    return len(encoded).to_bytes(8, "little") + encoded


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "no details")
