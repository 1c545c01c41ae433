"""datasets.sources: what it promises, and what it refuses."""

import csv
import hashlib
import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import datasets as hugging_face
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from cartography_al.datasets import hub as hub_reader
from cartography_al.datasets.dataset import content_hash, describe
from cartography_al.datasets.sources import read_dataset
from cartography_al.errors import ConfigError, DataError
from tests.unit.datasets.support import (
    POLARITY,
    SHARED_DATA,
    TEXTS,
    EntryMaker,
    as_csv,
    needs_shared_data,
    texts_and_labels,
)

TREC_CLASSES = {name: name for name in ("ABBR", "ENTY", "DESC", "HUM", "LOC", "NUM")}


def as_jsonl(rows: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_csv_with_header_gives_the_contracts_frame(make_entry: EntryMaker) -> None:
    dataset = read_dataset("toy", make_entry(as_csv()))
    assert_frame_equal(
        dataset.train,
        pd.DataFrame(
            {
                "instance_id": np.arange(4, dtype=np.int64),
                "text": pd.array(["first text", "second text here", "a third", "and a fourth"], dtype="str"),
                "label": np.array([0, 1, 0, 1], dtype=np.int16),
            }
        ),
    )
    assert (dataset.name, dataset.title, dataset.classes) == ("toy", "Toy", ("negative", "positive"))
    assert dataset.source == "files: train.csv, test.csv"


def test_csv_without_header_as_ag_news_has_it(make_entry: EntryMaker) -> None:
    content = (
        '"1","A title","Text, with a comma and ""quotes"""\n"2","","  Back\\slashes  stay;\nso do line ends "\n' * 2
    )
    entry = make_entry(content, text_column=2, label_column=0, classes={"1": "A", "2": "B"}, files={"header": False})
    frame = read_dataset("toy", entry).train
    assert texts_and_labels(frame)[:2] == [
        ('Text, with a comma and "quotes"', 0),
        ("Back\\slashes  stay;\nso do line ends", 1),
    ]


def test_csv_columns_can_be_numbered_with_a_header_and_lines_can_end_in_crlf(make_entry: EntryMaker) -> None:
    entry = make_entry("\ufeff" + as_csv().replace("\n", "\r\n") + "\r\n", text_column=1)
    assert texts_and_labels(read_dataset("toy", entry).train)[0] == ("first text", 0)


def test_trec_label_file(make_entry: EntryMaker) -> None:
    lines = [
        b"DESC:manner How did it develop ?",
        b"LOC:city Which city is a sister\xf0city of Caf\xe9 ?",
        b"DESC:def What is \x85 this ?",
        b"LOC:other Where ?  ",
    ]
    classes = {"DESC": "description", "LOC": "location"}
    frame = read_dataset("toy", make_entry(b"\n".join(lines) + b"\n", format="trec", classes=classes)).train
    assert texts_and_labels(frame) == [
        ("How did it develop ?", 0),
        ("Which city is a sister city of Caf\u00e9 ?", 1),
        ("What is \x85 this ?", 0),
        ("Where ?", 1),
    ]


def test_json_lines_with_numbers_as_labels(make_entry: EntryMaker) -> None:
    content = as_jsonl([{"text": f"text {n}", "label": label, "title": ""} for n, label in enumerate([0, 1, 1.0, "0"])])
    frame = read_dataset("toy", make_entry(content + "\n", format="jsonl")).train
    assert frame["label"].tolist() == [0, 1, 1, 0]


def test_parquet_with_and_without_the_hubs_label_names(make_entry: EntryMaker, tmp_path: Path) -> None:
    path = tmp_path / "plain.parquet"
    pd.DataFrame({"text": ["a", "b", "c", "d"], "label": [1, 0, 0, 1], "other": 1}).to_parquet(path)
    assert read_dataset("toy", make_entry(path, format="parquet")).train["label"].tolist() == [1, 0, 0, 1]

    features = hugging_face.Features(
        {"text": hugging_face.Value("string"), "label": hugging_face.ClassLabel(names=["LOC", "DESC"])}
    )
    named = hugging_face.Dataset.from_dict({"text": ["a", "b", "c", "d"], "label": [1, 0, 0, 1]}, features=features)
    path = tmp_path / "named.parquet"
    named.to_parquet(path)
    entry = make_entry(path, format="parquet", classes={"DESC": "description", "LOC": "location"})
    assert read_dataset("toy", entry).train["label"].tolist() == [0, 1, 1, 0]


COUNT_THREADS = """
import os, sys
from pathlib import Path
from cartography_al.datasets.files import read_file
from cartography_al.datasets.propose import propose
path = Path(sys.argv[1])
before = len(os.listdir("/proc/self/task"))
read_file(path, "toy", {"files": {"format": "parquet"}, "text_column": "text", "label_column": "label"})
propose([path])
print(len(os.listdir("/proc/self/task")) - before)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no list of the threads of a process")
def test_reading_parquet_leaves_no_thread_of_arrows(tmp_path: Path) -> None:
    """One that lets go of an object of Python while the process ends aborts it: a job would fail after its work."""
    path = tmp_path / "rows.parquet"
    pd.DataFrame({"text": [f"text {row}" for row in range(40)], "label": [0, 1] * 20}).to_parquet(path)
    command = [sys.executable, "-c", COUNT_THREADS, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout) == (0, "0\n"), done.stderr


def test_one_content_in_every_container(make_entry: EntryMaker, tmp_path: Path) -> None:
    """The content hash of the same texts does not depend on the file format."""
    rows = [{"text": text, "label": label} for text, label in TEXTS]
    parquet = tmp_path / "rows.parquet"
    pd.DataFrame(rows).to_parquet(parquet)
    entries = [
        make_entry(as_csv()),
        make_entry(as_jsonl(rows), format="jsonl"),
        make_entry(parquet, format="parquet"),
    ]
    hashes = set()
    for entry in entries:
        dataset = read_dataset("toy", entry)
        hashes.add(content_hash(dataset.train, dataset.classes))
    assert len(hashes) == 1


unicode_text = st.text(st.characters(codec="utf-8"), max_size=40).filter(lambda text: text.strip() != "")


latin_1_text = st.text(st.characters(codec="latin-1", exclude_characters="\n\u00f0"), max_size=40).filter(
    lambda text: text.strip() != ""
)


labelled = st.sampled_from(sorted(POLARITY))


def read_back(content: bytes, file_format: str, files: Mapping[str, Any], **changes: Any) -> list[tuple[str, int]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        entry = {
            "title": "Toy",
            "files": {"train": str(path), "test": str(path), "format": file_format, **files},
            "text_column": "text",
            "label_column": "label",
            "classes": POLARITY,
            "max_tokens": 3,
            "seed_set_size": 2,
            **changes,
        }
        return texts_and_labels(read_dataset("toy", entry).train)


def with_both_classes(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Rows that pass the check of classes."""
    return [*rows, ("a", "0"), ("b", "0"), ("c", "1"), ("d", "1")]


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(unicode_text, labelled), max_size=6), quoting=st.sampled_from([0, 1]))
def test_csv_round_trip(rows: list[tuple[str, str]], quoting: int) -> None:
    rows = with_both_classes(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL).writerows(rows)
        content = path.read_bytes()
    found = read_back(content, "csv", {"header": False}, text_column=0, label_column=1)
    assert found == [(text.strip(), int(label)) for text, label in rows]


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(unicode_text, labelled), max_size=6), ascii_only=st.booleans())
def test_json_lines_round_trip(rows: list[tuple[str, str]], ascii_only: bool) -> None:
    rows = with_both_classes(rows)
    lines = [json.dumps({"label": int(label), "text": text}, ensure_ascii=ascii_only) for text, label in rows]
    found = read_back("\n".join(lines).encode("utf-8"), "jsonl", {})
    assert found == [(text.strip(), int(label)) for text, label in rows]


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(latin_1_text, st.sampled_from(["A", "B"])), max_size=6))
def test_trec_round_trip(rows: list[tuple[str, str]]) -> None:
    rows = [*rows, ("a ?", "A"), ("b ?", "A"), ("c ?", "B"), ("d ?", "B")]
    content = "".join(f"{label}:fine {text}\n" for text, label in rows).encode("latin-1")
    found = read_back(content, "trec", {}, classes={"A": "a", "B": "b"})
    assert found == [(text.strip(), "AB".index(label)) for text, label in rows]


HUB_ENTRY: dict[str, Any] = {
    "title": "Toy",
    "hub": {"repository": "someone/toy", "revision": "0123abc", "splits": {"train": "train", "test": "test"}},
    "text_column": "text",
    "label_column": "coarse_label",
    "classes": {"ABBR": "abbreviation", "ENTY": "entity"},
    "max_tokens": 42,
    "seed_set_size": 2,
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stands for the hub: what load_dataset returns (key "returns"), and how it was called (key "call")."""
    state: dict[str, Any] = {}

    def load_dataset(*arguments: Any, **options: Any) -> Any:
        state["call"] = (arguments, options)
        if isinstance(state["returns"], Exception):
            raise state["returns"]
        return state["returns"]

    monkeypatch.setattr(hugging_face, "load_dataset", load_dataset)
    monkeypatch.setattr(hub_reader, "can_connect", lambda _: True)
    return state


def hub_splits(labels: list[Any], feature: Any) -> hugging_face.DatasetDict:
    features = hugging_face.Features({"text": hugging_face.Value("string"), "coarse_label": feature})
    rows = {"text": [f" text {number} " for number in range(len(labels))], "coarse_label": labels}
    split = hugging_face.Dataset.from_dict(rows, features=features)
    return hugging_face.DatasetDict({"train": split, "test": split})


def test_hub_split_with_label_names(hub: dict[str, Any]) -> None:
    hub["returns"] = hub_splits([0, 1, 1, 0], hugging_face.ClassLabel(names=["ABBR", "ENTY"]))
    dataset = read_dataset("toy", HUB_ENTRY)
    assert texts_and_labels(dataset.train) == [("text 0", 0), ("text 1", 1), ("text 2", 1), ("text 3", 0)]
    assert dataset.source == "Hugging Face hub someone/toy@0123abc"
    assert hub["call"] == (("someone/toy",), {"revision": "0123abc"})


def test_files_win_over_the_hub(make_entry: EntryMaker, hub: dict[str, Any]) -> None:
    entry = make_entry(as_csv(), hub=HUB_ENTRY["hub"])
    assert read_dataset("toy", entry).source.startswith("files:")
    assert "call" not in hub


@pytest.mark.parametrize(
    "failure", [ConnectionError("Couldn't reach 'someone/toy' on the Hub\n(more)"), ValueError("odd"), RuntimeError()]
)
def test_failed_download_says_how_to_name_files(hub: dict[str, Any], failure: Exception) -> None:
    hub["returns"] = failure
    with pytest.raises(DataError) as caught:
        read_dataset("toy", HUB_ENTRY)
    message = str(caught.value)
    assert "someone/toy at revision 0123abc" in message
    assert type(failure).__name__ in message
    assert "(more)" not in message
    assert "    files:\n      train: path/to/train.csv\n      test: path/to/test.csv\n      format: csv" in message
    assert "make demo" in message


def test_no_network_is_needed_for_files(make_entry: EntryMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a reader of local files opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    assert len(read_dataset("toy", make_entry(as_csv())).train) == 4


def test_hub_errors_name_split_column_label_and_folder(
    hub: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub["returns"] = hub_splits([0, 1, 1, -1], hugging_face.ClassLabel(names=["ABBR", "ENTY"]))
    with pytest.raises(DataError, match=r"train, row 4: unknown label '-1'"):
        read_dataset("toy", HUB_ENTRY)
    with pytest.raises(DataError, match=r"no column 'question'; there are text, coarse_label"):
        read_dataset("toy", {**HUB_ENTRY, "text_column": "question"})
    splits = {"train": "train", "test": "validation"}
    good = hub_splits([0, 1, 1, 0], hugging_face.ClassLabel(names=["ABBR", "ENTY"]))
    hub["returns"] = good
    with pytest.raises(DataError, match=r"no split 'validation'; there are train, test.*hub\.splits"):
        read_dataset("toy", {**HUB_ENTRY, "hub": {**HUB_ENTRY["hub"], "splits": splits}})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "someone" / "toy").mkdir(parents=True)
    with pytest.raises(DataError, match="local folder someone/toy would be read instead"):
        read_dataset("toy", HUB_ENTRY)


def test_column_numbers_are_for_csv_only(hub: dict[str, Any], make_entry: EntryMaker) -> None:
    with pytest.raises(ConfigError, match=r"datasets\.toy\.text_column: 2 is a number"):
        read_dataset("toy", {**HUB_ENTRY, "text_column": 2})
    with pytest.raises(ConfigError, match=r"datasets\.toy\.label_column: 0 is a number"):
        read_dataset("toy", make_entry("{}", format="jsonl", label_column=0))


def refused(entry: Mapping[str, Any]) -> str:
    """The message of the DataError that reading the entry ends with."""
    with pytest.raises(DataError) as caught:
        read_dataset("toy", entry)
    return str(caught.value)


def test_missing_file_and_folder(make_entry: EntryMaker, tmp_path: Path) -> None:
    entry = make_entry(as_csv(), tmp_path / "absent.csv")
    assert refused(entry) == f"{tmp_path / 'absent.csv'}: no such file; correct datasets.toy.files"
    assert "cannot be read" in refused(make_entry(tmp_path))


@pytest.mark.parametrize("format", ["csv", "jsonl", "trec", "parquet"])
@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_empty_file(make_entry: EntryMaker, format: str, content: bytes) -> None:
    assert refused(make_entry(content, format=format)).endswith("the file is empty; get it again")


def test_file_without_rows(make_entry: EntryMaker) -> None:
    assert "no rows" in refused(make_entry("label,text\n"))
    assert "no rows" in refused(make_entry("\ufeff"))


def test_file_of_another_format(make_entry: EntryMaker, tmp_path: Path) -> None:
    parquet = tmp_path / "rows.parquet"
    pd.DataFrame({"text": ["\u00e9" * 50], "label": ["0"]}).to_parquet(parquet, compression=None)
    assert "this is a parquet file; set datasets.toy.files.format" in refused(make_entry(parquet))
    assert "line 1: not JSON" in refused(make_entry(as_csv(), format="jsonl"))
    assert "line 1: not a JSON object" in refused(make_entry('["text", "0"]\n', format="jsonl"))
    assert "line 1: not of the form COARSE:fine question" in refused(make_entry(as_csv(), format="trec"))
    assert "not a readable parquet file" in refused(make_entry(as_csv(), format="parquet"))
    with pytest.raises(ConfigError, match="'xlsx' is none of csv, jsonl, lines, parquet, text, trec"):
        read_dataset("toy", make_entry(as_csv(), format="xlsx"))


def test_truncated_parquet(make_entry: EntryMaker, tmp_path: Path) -> None:
    whole = tmp_path / "rows.parquet"
    pd.DataFrame({"text": ["a"] * 99, "label": ["0"] * 99}).to_parquet(whole)
    assert "not a readable parquet file" in refused(make_entry(whole.read_bytes()[:-20], format="parquet"))


def test_parquet_text_that_is_not_utf_8(make_entry: EntryMaker, tmp_path: Path) -> None:
    wrong = pa.StringArray.from_buffers(1, pa.py_buffer(np.array([0, 1], dtype=np.int32)), pa.py_buffer(b"\xff"))
    path = tmp_path / "wrong.parquet"
    pq.write_table(pa.table({"text": wrong, "label": ["0"]}), path)
    assert "not a readable parquet file" in refused(make_entry(path, format="parquet"))


def test_csv_that_breaks_the_rules_of_quoting(make_entry: EntryMaker) -> None:
    assert "line 3: not comma-separated values" in refused(make_entry('label,text\n0,fine\n1,"open\nquote\n'))
    assert "line 2: not comma-separated values" in refused(make_entry('label,text\n0,"a" b\n'))
    assert "line 3: 3 columns where the lines before have 2" in refused(make_entry("label,text\n0,fine\n1,a,b\n"))


def test_wrong_encoding_names_the_line_and_the_cure(make_entry: EntryMaker) -> None:
    message = refused(make_entry(b"label,text\n0,fine\n1,caf\xe9\n"))
    assert message.endswith(
        "train.csv, line 3: byte 0xE9 is not utf-8; if the file is in cp1252 (Windows' Western encoding), set "
        "datasets.toy.files.encoding to cp1252"
    )
    content = b"label,text\n0,caf\xe9\n0,b\n1,c\n1,d\n"
    frame = read_dataset("toy", make_entry(content, files={"encoding": "latin-1"})).train
    assert frame["text"][0] == "caf\u00e9"


def test_missing_column_lists_those_there_are(make_entry: EntryMaker, tmp_path: Path) -> None:
    assert "no column 'body'; there are label, text" in refused(make_entry(as_csv(), text_column="body"))
    numbered = {"text_column": 2, "label_column": 0, "files": {"header": False}}
    assert "no column 2; there are 0 to 1 (no header" in refused(make_entry(as_csv(header=False), **numbered))
    assert "no column 'text'; there are 0 to 1" in refused(make_entry(as_csv(), files={"header": False}))
    rows = as_jsonl([{"text": "a", "label": 0}, {"txet": "b", "label": 0}])
    assert "line 2: no column 'text'; there are txet, label" in refused(make_entry(rows, format="jsonl"))
    path = tmp_path / "rows.parquet"
    pd.DataFrame({"text": ["a"], "gold": [1]}).to_parquet(path)
    assert "no column 'label'; there are text, gold" in refused(make_entry(path, format="parquet"))


def test_line_numbers_count_lines_not_records(make_entry: EntryMaker) -> None:
    """A quoted field over three lines and a blank line stand before the bad one."""
    assert "line 6: unknown label '7'" in refused(make_entry('label,text\n0,"a\nb\nc"\n\n7,d\n'))


@pytest.mark.parametrize("blank", ["", "   ", "\t\u00a0\u2003"])
def test_blank_text(make_entry: EntryMaker, blank: str) -> None:
    assert "line 3: the text is empty" in refused(make_entry(f"label,text\n0,a\n1,{blank}\n"))
    assert "line 1: the text is empty" in refused(make_entry("DESC:manner\n", format="trec", classes={"DESC": "d"}))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"text": "a", "label": None}, "line 2: the label is missing"),
        ({"text": "a", "label": float("nan")}, "line 2: the label is missing"),
        ({"text": "a", "label": 0.5}, "line 2: unknown label '0.5'; known are 0, 1"),
        ({"text": "a", "label": True}, "line 2: unknown label 'true'"),
        ({"text": None, "label": 0}, "line 2: the text is missing"),
        ({"text": float("nan"), "label": 0}, "line 2: the text is missing"),
        ({"text": 5, "label": 0}, "line 2: the text is int, not text"),
        ({"text": "a \ud800", "label": 0}, "line 2: the text holds half a surrogate pair"),
    ],
)
def test_bad_cells_of_json_lines(make_entry: EntryMaker, row: dict[str, Any], message: str) -> None:
    assert message in refused(make_entry(as_jsonl([{"text": "a", "label": 0}, row]), format="jsonl"))


def test_nan_label_of_parquet(make_entry: EntryMaker, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pd.DataFrame({"text": ["a", "b"], "label": [1.0, np.nan]}).to_parquet(path)
    assert "row 2: the label is missing" in refused(make_entry(path, format="parquet"))


def test_unknown_label_lists_the_known_ones(make_entry: EntryMaker) -> None:
    message = refused(make_entry(as_csv([*TEXTS, ("fifth", "2")])))
    assert message.endswith("line 6: unknown label '2'; known are 0, 1: correct the file, or add it to `classes`")


def test_class_without_enough_instances(make_entry: EntryMaker) -> None:
    classes = {**POLARITY, "2": "mixed"}
    assert "class 'mixed' is declared in datasets.toy.classes but no" in refused(make_entry(as_csv(), classes=classes))
    once = as_csv([*TEXTS, ("only one", "2")])
    assert "class 'mixed' has one training instance" in refused(make_entry(once, classes=classes))


def test_class_may_be_absent_from_the_test_split(make_entry: EntryMaker) -> None:
    dataset = read_dataset("toy", make_entry(as_csv(), as_csv(TEXTS[:1])))
    assert describe(dataset)["splits"]["test"]["rows_per_class"] == {"negative": 1, "positive": 0}


def test_expected_rows_and_content(make_entry: EntryMaker) -> None:
    sound = read_dataset("toy", make_entry(as_csv()))
    sha256 = content_hash(sound.train, sound.classes)
    expected = {"train": 4, "test": 4, "train_sha256": sha256, "test_sha256": sha256.upper()}
    assert len(read_dataset("toy", make_entry(as_csv(), expected=expected)).train) == 4
    nothing = dict.fromkeys(expected)
    assert len(read_dataset("toy", make_entry(as_csv(), expected=nothing)).train) == 4

    message = refused(make_entry(as_csv(), expected={"train": 120000}))
    assert "train has 4 rows, expected 120,000 (datasets.toy.expected.train)" in message
    swapped = as_csv([TEXTS[1], TEXTS[0], *TEXTS[2:]])
    message = refused(make_entry(as_csv(), swapped, expected=expected))
    assert f"the content of test has SHA-256 {hash_of(swapped, make_entry)}, expected" in message
    assert "datasets.toy.expected.test_sha256" in message


def hash_of(content: str, make_entry: EntryMaker) -> str:
    dataset = read_dataset("toy", make_entry(content))
    return content_hash(dataset.train, dataset.classes)


def test_seed_set_larger_than_train(make_entry: EntryMaker) -> None:
    for size in (4, 5):
        message = refused(make_entry(as_csv(), seed_set_size=size))
        assert f"train has 4 rows, and datasets.toy.seed_set_size = {size} leaves no pool" in message


def test_entry_without_source_or_with_doubtful_classes(make_entry: EntryMaker) -> None:
    entry = make_entry(as_csv())
    with pytest.raises(ConfigError, match="no source"):
        read_dataset("toy", {**entry, "files": None})
    with pytest.raises(ConfigError, match="two label values have the same name"):
        read_dataset("toy", {**entry, "classes": {"0": "same", "1": "same"}})


def test_content_hash_is_what_its_docstring_says(make_entry: EntryMaker) -> None:
    content = b""
    for text, label in TEXTS:
        for part in (POLARITY[label], text):
            content += len(part).to_bytes(8, "little") + part.encode()
    assert hash_of(as_csv(), make_entry) == hashlib.sha256(content).hexdigest()


TREC_ENTRY: dict[str, Any] = {
    "title": "TREC",
    "files": {
        "train": str(SHARED_DATA / "trec_train_5500.label"),
        "test": str(SHARED_DATA / "trec_10.label"),
        "format": "trec",
    },
    "classes": TREC_CLASSES,
    "expected": {"train": 5452, "test": 500},
    "max_tokens": 42,
    "seed_set_size": 500,
}


@needs_shared_data
def test_official_trec_files() -> None:
    dataset = read_dataset("trec", TREC_ENTRY)
    train, test = (describe(dataset)["splits"][split] for split in ("train", "test"))
    assert train["rows_per_class"] == {"ABBR": 86, "ENTY": 1250, "DESC": 1162, "HUM": 1223, "LOC": 835, "NUM": 896}
    assert test["rows"] == 500
    sisters = [text for text in dataset.train["text"] if "sister city" in text]
    assert sisters == ["Which city has the oldest relationship as a sister city with Los Angeles ?"]
    assert train["sha256"] == "f61862426bbcd49503fb576a721a069b698fc354881cf65b55546631b3f03096"
    assert test["sha256"] == "2372f3a23727961796cf69a735afaf6898b057dd43a4955423d2ca193712d1a5"
