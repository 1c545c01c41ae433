"""Files as people have them: recognised where they can be, and refused with the cure where they cannot."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cartography_al.datasets.dataset import describe
from cartography_al.datasets.sources import read_dataset
from cartography_al.errors import ConfigError, DataError

ROWS = [("a “quoted” film", "good"), ("dull, and long", "bad"), ("semi; colon", "good"), ("tab and | bar", "bad")] * 3


def separated(delimiter: str, header: bool = True, quote: bool = True) -> str:
    def field(text: str) -> str:
        return f'"{text}"' if quote and (delimiter in text or '"' in text) else text

    lines = [f"{field(text)}{delimiter}{label}" for text, label in ROWS]
    return "\n".join([f"text{delimiter}label"] * header + lines) + "\n"


def entry(folder: Path, content: bytes | str, test: bytes | str | None = None, **changes: Any) -> dict[str, Any]:
    """An entry that says as little as it can of these two files."""
    for split, held in (("train", content), ("test", content if test is None else test)):
        (folder / split).write_bytes(held if isinstance(held, bytes) else held.encode())
    files = {"train": str(folder / "train"), "test": str(folder / "test")} | changes.pop("files", {})
    said = {"title": "Own", "files": files, "text_column": "text", "label_column": "label"}
    sizes = {"max_tokens": 9, "seed_set_size": 4, "batch_size": 2}
    return {key: value for key, value in (said | sizes | changes).items() if value is not None}


def pairs(made: dict[str, Any], split: str = "train") -> list[tuple[str, str]]:
    dataset = read_dataset("own", made)
    frame = dataset.split(split)
    return [(text, dataset.classes[label]) for text, label in zip(frame["text"], frame["label"], strict=True)]


def refused(made: dict[str, Any], error: type[Exception] = DataError) -> str:
    with pytest.raises(error) as caught:
        read_dataset("own", made)
    assert str(caught.value).isprintable()
    return str(caught.value)


OBJECTS = [{"text": text, "label": label} for text, label in ROWS]
PARQUET = io.BytesIO()
pd.DataFrame(OBJECTS).to_parquet(PARQUET)


@pytest.mark.parametrize(
    "content",
    [
        separated(","),
        separated("\t"),
        separated(";"),
        separated("|"),
        separated(",").replace("\n", "\r\n"),
        separated(",").replace("\n", "\r"),
        "\ufeff" + separated(";"),
        separated("\t").encode("utf-16"),
        separated(";").encode("utf-16-le"),
        separated(",").encode("utf-16-be"),
        gzip.compress(separated("\t").encode(), mtime=0),
        gzip.compress(separated(",").encode("utf-16"), mtime=0),
        "".join(json.dumps(row) + "\n" for row in OBJECTS),
        "\ufeff" + json.dumps(OBJECTS),
        json.dumps(OBJECTS, indent=1),
        PARQUET.getvalue(),
    ],
)
def test_a_file_is_recognised_by_its_beginning(tmp_path: Path, content: bytes | str) -> None:
    assert pairs(entry(tmp_path, content)) == ROWS


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|"])
def test_a_delimiter_is_recognised_without_a_header(tmp_path: Path, delimiter: str) -> None:
    changes: dict[str, Any] = {"text_column": 0, "label_column": 1, "files": {"header": False}}
    assert pairs(entry(tmp_path, separated(delimiter, header=False), **changes)) == ROWS


def test_what_the_bytes_say_wins_over_a_wrong_encoding(tmp_path: Path) -> None:
    for content in (separated(",").encode("utf-16"), gzip.compress(separated(",").encode("utf-8-sig"))):
        assert pairs(entry(tmp_path, content, files={"encoding": "latin-1"})) == ROWS


def test_windows_text_is_not_taken_for_latin_1(tmp_path: Path) -> None:
    content = separated(",").encode("cp1252")
    assert "byte 0x93 is not utf-8; if the file is in cp1252" in refused(entry(tmp_path, content))
    message = refused(entry(tmp_path, content, files={"encoding": "latin-1"}))
    assert "line 2: byte 0x93 is a control character in latin-1; the file is rather in cp1252: set" in message
    assert pairs(entry(tmp_path, content, files={"encoding": "cp1252"})) == ROWS


def test_quotes_in_tab_separated_values_are_characters_where_they_enclose_nothing(tmp_path: Path) -> None:
    rows = [('"Open and never closed', "good"), ('5" disk', "bad"), ('"A" and "B"', "good"), ("plain", "bad")]
    content = "text\tlabel\n" + "".join(f"{text}\t{label}\n" for text, label in rows)
    assert pairs(entry(tmp_path, content, seed_set_size=2)) == rows
    enclosed = "text\tlabel\n" + '"a ""b"" c"\tgood\nd\tbad\n' * 2
    assert pairs(entry(tmp_path, enclosed, seed_set_size=2))[:2] == [('a "b" c', "good"), ("d", "bad")]
    over_lines = "text\tlabel\n" + '"a\nb"\tgood\nd\tbad\n' * 2
    assert pairs(entry(tmp_path, over_lines, seed_set_size=2))[:2] == [("a\nb", "good"), ("d", "bad")]


def test_label_and_text_in_each_line(tmp_path: Path) -> None:
    """As SST-2's sentences are published."""
    content = "".join(f"{label} {text}\n" for text, label in ROWS)
    assert pairs(entry(tmp_path, content, files={"format": "lines"}, text_column=None, label_column=None)) == ROWS


def test_one_class_in_each_file(tmp_path: Path) -> None:
    """As Subj is published, without a test split."""
    for label in ("good", "bad"):
        texts = [text for text, of in ROWS if of == label]
        (tmp_path / f"{label}.txt").write_text("\n".join(texts), encoding="utf-8")
    made = {
        "title": "Own",
        "files": {"train": {label: str(tmp_path / f"{label}.txt") for label in ("good", "bad")}},
        "test_fraction": 0.34,
        "max_tokens": 9,
        "seed_set_size": 4,
    }
    train, test = pairs(made), pairs(made, "test")
    assert sorted(train + test) == sorted(ROWS)
    assert [label for _, label in test] == ["good", "good", "bad", "bad"]


def test_a_test_split_is_drawn_by_class_with_its_seed(tmp_path: Path) -> None:
    made = entry(tmp_path, "text,label\n" + "".join(f"text {n},{'ab'[n % 4 == 0]}\n" for n in range(100)))
    del made["files"]["test"]
    assert "no test split; name its file, or set test_fraction" in refused(made, ConfigError)
    dataset = read_dataset("own", made | {"test_fraction": 0.2})
    assert dataset.test["label"].tolist().count(0) == 15
    assert dataset.test["label"].tolist().count(1) == 5
    assert not {*dataset.train["text"]} & {*dataset.test["text"]}
    assert "0.2 of the texts split off for testing (seed 0)" in dataset.source
    again = read_dataset("own", made | {"test_fraction": 0.2, "test_seed": 0})
    other = read_dataset("own", made | {"test_fraction": 0.2, "test_seed": 1})
    assert again.test["text"].tolist() == dataset.test["text"].tolist() != other.test["text"].tolist()


def test_classes_may_be_a_list_or_left_out(tmp_path: Path) -> None:
    numbered = "text,label\n" + "a,10\nb,9\nc,2\n" * 2
    assert read_dataset("own", entry(tmp_path, numbered)).classes == ("2", "9", "10")
    assert read_dataset("own", entry(tmp_path, numbered, classes=[9, 10, "2"])).classes == ("9", "10", "2")
    one = "text,label\n" + "a,10\n" * 9
    assert "every label is '10', and a model needs two" in refused(entry(tmp_path, one))


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ("1.0 0.0", {"1": "one", "0": "zero"}),
        ("1 0", {"1.0": "one", "0.00": "zero"}),
        ("true false", {"true": "one", "false": "zero"}),
    ],
)
def test_one_rule_for_labels(tmp_path: Path, labels: str, classes: dict[str, str]) -> None:
    first, second = labels.split()
    made = entry(tmp_path, "text,label\n" + f"a,{first}\nb,{second}\n" * 3, classes=classes)
    assert pairs(made)[:2] == [("a", "one"), ("b", "zero")]
    as_json = "".join(f'{{"text": "{text}", "label": {label}}}\n' for text, label in (("a", first), ("b", second)) * 3)
    assert pairs(entry(tmp_path, as_json, classes=classes))[:2] == [("a", "one"), ("b", "zero")]


BAD = "text,label\nfine,good\n ,bad\nno label,\nunknown,ugly\ntoo,many,bad\nalso fine,bad\n" + "x,good\ny,bad\n" * 3


def test_bad_rows_are_refused_one_by_one_or_left_out_and_counted(tmp_path: Path) -> None:
    made = entry(tmp_path, BAD, classes=["good", "bad"])
    assert "line 3: the text is empty" in refused(made)
    dataset = read_dataset("own", made | {"drop_invalid": True})
    assert dataset.train["text"].tolist() == ["fine", "also fine", *"xyxyxy"]
    assert describe(dataset)["splits"]["train"]["dropped"] == {
        "empty text": 1,
        "no label": 1,
        "unknown label": 1,
        "wrong number of columns": 1,
    }


def test_refusals_name_the_cure(tmp_path: Path) -> None:
    assert "line 3: the label is missing" in refused(entry(tmp_path, "text,label\na,1\nb,\nc,1\n"))
    assert "2 columns are named 'text'; rename them" in refused(entry(tmp_path, "text,text,label\na,b,1\nc,d,2\n"))
    sound, wider = "text,label\n" + "a,1\nb,2\n" * 3, "text,label\na,1\nb,3\n"
    for classes in (None, ["1", "2"]):
        message = refused(entry(tmp_path, sound, wider, classes=classes))
        assert "test, line 3: the label '3' is not in the training split (known are 1, 2), so no model can" in message
        assert "`classes`" not in message
    message = refused(entry(tmp_path, sound, wider, classes=["1", "2", "3"]))
    assert (
        "no training instance has the class '3', and 1 of the test split have it: add training texts of it" in message
    )
    assert pairs(entry(tmp_path, sound, wider, drop_invalid=True), "test") == [("a", "1")]
    many = "text,label\n" + "".join(f"t,{n}\n" for n in range(5)) * 4
    message = refused(entry(tmp_path, many))
    assert "datasets.own.seed_set_size: 4 is less than the 5 classes" in message
    assert "no column 'text'" in refused(entry(tmp_path, "body;label\na;1\n"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04" + bytes(range(256)), "a zip archive or an Excel workbook; unpack it, or save the sheet as CSV"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "this is an Excel workbook"),
        (b"BZh9" + bytes(99), "compressed by bzip2"),
        (gzip.compress(b"text,label\n" * 99, mtime=0)[:-9], "the gzip file is truncated or damaged"),
        (b"\x1f\x8b" + bytes(range(99)), "the gzip file is truncated or damaged"),
        (bytes(range(256)) * 9, "is not utf-8"),
    ],
)
def test_what_is_no_text_never_reaches_the_terminal(tmp_path: Path, content: bytes, message: str) -> None:
    found = refused(entry(tmp_path, content))
    assert message in found
    assert len(found) < 400


def test_files_of_one_class_and_formats_must_fit(tmp_path: Path) -> None:
    assert "format text, and it alone" in refused(entry(tmp_path, "a\n", files={"format": "text"}), ConfigError)
    assert "text_column: missing" in refused(entry(tmp_path, separated(","), text_column=None), ConfigError)
