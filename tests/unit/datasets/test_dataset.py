"""datasets.dataset: what it promises, and what it refuses."""

import pandas as pd
import pytest

from cartography_al.datasets.dataset import Dataset, content_hash, describe, exhausting_iteration
from cartography_al.datasets.sources import read_dataset
from tests.unit.datasets.support import SHARED_DATA, TEXTS, EntryMaker, as_csv, needs_shared_data


@pytest.mark.parametrize(("query_size", "last"), [(10, 3), (15, 2), (16, 2), (29, 2), (30, 1), (99, 1)])
def test_exhausting_iteration(query_size: int, last: int) -> None:
    assert exhausting_iteration(50, seed_set_size=20, query_size=query_size) == last


def test_content_hash_sees_every_boundary() -> None:
    def digest(rows: list[tuple[int, str]]) -> str:
        frame = pd.DataFrame({"label": [label for label, _ in rows], "text": [text for _, text in rows]})
        return content_hash(frame, ["a", "aa", "b"])

    variants = [[(0, "ab")], [(1, "b")], [(0, "a"), (2, "")], [(0, ""), (0, "b")], [(0, "ab"), (0, "ab")]]
    assert len({digest(rows) for rows in variants}) == len(variants)


def test_description(make_entry: EntryMaker) -> None:
    description = describe(read_dataset("toy", make_entry(as_csv([*TEXTS, ("one two  three\tfour", "1")]))))
    assert description["classes"] == ["negative", "positive"]
    train = description["splits"]["train"]
    assert train["rows"] == 5
    assert train["rows_per_class"] == {"negative": 2, "positive": 3}
    assert train["mean_tokens"] == (2 + 3 + 2 + 3 + 4) / 5
    assert (train["longest"], train["truncated"]) == (4, 1)
    assert "versions" not in description


@pytest.fixture(scope="module")
def ag_news() -> Dataset:
    entry = {
        "title": "AG News",
        "files": {
            "train": str(SHARED_DATA / "agnews_train_partial.csv"),
            "test": str(SHARED_DATA / "agnews_test.csv"),
            "format": "csv",
            "header": False,
        },
        "text_column": 2,
        "label_column": 0,
        "classes": {"1": "World", "2": "Sports", "3": "Business", "4": "Sci/Tech"},
        "expected": {"test": 7600},
        "max_tokens": 200,
        "seed_set_size": 1000,
    }
    return read_dataset("agnews", entry)


@needs_shared_data
def test_partial_ag_news_reports_its_real_size(ag_news: Dataset) -> None:
    splits = describe(ag_news)["splits"]
    assert list(splits["train"]["rows_per_class"].values()) == [12830, 12741, 12948, 13072]
    assert splits["train"]["rows"] == 51591
    assert set(splits["test"]["rows_per_class"].values()) == {1900}
    assert splits["test"]["sha256"] == "0a4df6c63e9efa83c4634f391648fb439ba5bcba1fb434392841e69c7a67eac9"


@needs_shared_data
def test_ag_news_equals_what_pandas_reads(ag_news: Dataset) -> None:
    """An independent reader of the same CSV."""
    other = pd.read_csv(SHARED_DATA / "agnews_test.csv", header=None, keep_default_na=False)
    assert ag_news.test["text"].tolist() == other[2].str.strip().tolist()
    assert (ag_news.test["label"] + 1).tolist() == other[0].tolist()
    assert sum("\\" in text for text in ag_news.test["text"]) > 700  # kept as read
