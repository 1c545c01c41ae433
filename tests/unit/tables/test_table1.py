"""tables.table1: what it promises, and what it refuses."""

from typing import Any

import pytest

from cartography_al.errors import DataError
from cartography_al.naming import Subject
from cartography_al.tables.areas import areas_table
from cartography_al.tables.calibration import calibration_table
from cartography_al.tables.labels import labels_table
from cartography_al.tables.table1 import table1
from cartography_al.tables.table2 import table2
from cartography_al.tables.table3 import table3
from cartography_al.tables.table4 import table4
from tests.unit.tables.support import description, of, read_csv, texts


def test_table1_says_what_was_read():
    table = table1([description(), description("trec", "TREC", source="hub", versions={"numpy": "2.4.6"})])
    assert texts(table)[0] == ["AG News", "51,591", "7,600", "2", "1,000", "64", "200", "213", "3"]
    assert table.notes[0] == "AG News was read from files: train.csv, test.csv."
    rows = {(row["dataset"], row["split"], row["measure"], row["class"]): row["value"] for row in read_csv(table)}
    assert rows["agnews", "train", "rows", ""] == "51591"
    assert rows["agnews", "train", "rows_per_class", "Sports"] == "1591"
    assert rows["agnews", "train", "mean_tokens", ""] == "31.1235"
    assert rows["agnews", "test", "sha256", ""] == "cd" * 32
    assert rows["agnews", "", "seed_set_size", ""] == "1000"
    assert rows["trec", "", "version of numpy", ""] == "2.4.6"
    assert len(rows) == len(table.data)


def test_table1_says_what_an_encoder_cut():
    about = {"word_pieces": 900, "longest_text": 300, "cut_texts": 2}
    features: dict[str, Any] = {
        "encoder": {"source": "owner/tiny", "longest": 256},
        "splits": {"train": about, "test": about},
    }
    subject = Subject("agnews", "AG News", "minilm", "MiniLM")
    table = table1([description()], [(subject, features)])
    assert table.notes[-1] == (
        "AG News, MiniLM: the encoder owner/tiny reads at most 256 word pieces of a text, and cuts 4 texts."
    )
    rows = {(row["dataset"], row["split"], row["measure"]): row["value"] for row in read_csv(table)}
    assert rows["agnews", "test", "cut_texts of owner/tiny"] == "2"
    features["encoder"]["longest"] = None
    assert "reads whole texts, and cuts" in table1([description()], [(subject, features)]).notes[-1]


def test_large_counts_stay_exact_in_csv():
    big = description()
    big["splits"]["train"]["rows"] = 12_345_678
    assert "12345678" in {row["value"] for row in read_csv(table1([big]))}


@pytest.mark.parametrize(
    "build",
    [
        lambda: table1([]),
        lambda: table2(of({}), 0.05, 9),
        lambda: table3(of({})),
        lambda: table4(of({})),
        lambda: areas_table(of({})),
        lambda: labels_table(of({})),
        lambda: calibration_table({}),
    ],
)
def test_no_data_set(build):
    with pytest.raises(DataError, match="at least one data set"):
        build()
