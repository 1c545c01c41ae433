"""features.precomputed: what it takes, and what it refuses with which words."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cartography_al.errors import ConfigError, DataError
from cartography_al.features.arrays import read_features
from cartography_al.features.download import file_sha256
from cartography_al.features.precomputed import check_dimensions, describe_precomputed, write_precomputed
from cartography_al.features.switches import WITHOUT_EFFECT

ROWS = np.random.default_rng(0).normal(size=(5000, 3))  # more than two blocks


def write_source(path: Path, values: Any) -> Path:
    if path.suffix == ".npy":
        np.save(path, values)
    else:
        pq.write_table(pa.table({"text": ["a"] * len(values), "vector": list(values)}), path)
    return path


@pytest.mark.parametrize("suffix", [".npy", ".parquet"])
@pytest.mark.parametrize("kind", ["float64", "float32", "int16"])
def test_vectors_become_features_in_their_order(tmp_path: Path, suffix: str, kind: str) -> None:
    values = (ROWS * 100).astype(kind)
    source = write_source(tmp_path / f"mine{suffix}", values)
    summary = write_precomputed(tmp_path / "train.npy", source, len(values), "vector")
    read = read_features(tmp_path / "train.npy")
    assert np.array_equal(read, values.astype(np.float32))
    assert (summary["rows"], summary["dimension"]) == (5000, 3)
    assert summary["file_sha256"] == file_sha256(source)


def test_both_kinds_of_files_and_lists_give_the_same_bytes(tmp_path: Path) -> None:
    sources = [write_source(tmp_path / f"mine{suffix}", ROWS) for suffix in (".npy", ".parquet")]
    fixed = pa.FixedSizeListArray.from_arrays(pa.array(ROWS.ravel()), 3)
    pq.write_table(pa.table({"vector": fixed}), tmp_path / "fixed.parquet")
    hashes = {
        write_precomputed(tmp_path / "out.npy", source, len(ROWS), "vector")["sha256"]
        for source in [*sources, tmp_path / "fixed.parquet"]
    }
    assert len(hashes) == 1


@pytest.mark.parametrize("suffix", [".npy", ".parquet"])
@pytest.mark.parametrize("rows", [4999, 5001])
def test_another_number_of_rows_is_refused(tmp_path: Path, suffix: str, rows: int) -> None:
    source = write_source(tmp_path / f"mine{suffix}", ROWS)
    with pytest.raises(DataError, match=rf"mine\{suffix}: 5,000 rows, and the split has {rows:,} texts; give one"):
        write_precomputed(tmp_path / "train.npy", source, rows, "vector")
    assert not (tmp_path / "train.npy").exists()


@pytest.mark.parametrize("suffix", [".npy", ".parquet"])
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_a_number_that_is_not_finite_is_refused_with_its_row(tmp_path: Path, suffix: str, value: float) -> None:
    values = ROWS.copy()
    values[2051, 1] = value
    source = write_source(tmp_path / f"mine{suffix}", values)
    with pytest.raises(DataError, match=rf"mine\{suffix}, row 2051 .from 0.: the vector holds .* no finite float32"):
        write_precomputed(tmp_path / "train.npy", source, 5000, "vector")
    assert not (tmp_path / "train.npy").exists()


@pytest.mark.parametrize(("row", "told"), [([1.0], "1 numbers"), (None, "no vector"), ([1.0, None, 2.0], "a missing")])
def test_a_missing_or_shorter_vector_is_refused_with_its_row(tmp_path: Path, row: Any, told: str) -> None:
    source = write_source(tmp_path / "mine.parquet", [*ROWS[:2100].tolist(), row])
    with pytest.raises(DataError, match=rf"row 2100 .from 0., column 'vector': {told}"):
        write_precomputed(tmp_path / "train.npy", source, 2101, "vector")


def test_another_dimension_in_test_is_refused(tmp_path: Path) -> None:
    sources = {"train": tmp_path / "train_mine.npy", "test": tmp_path / "test_mine.npy"}
    splits = {}
    for name, columns in (("train", 3), ("test", 2)):
        write_source(sources[name], ROWS[:, :columns])
        splits[name] = write_precomputed(tmp_path / f"{name}.npy", sources[name], 5000)
    with pytest.raises(DataError, match=r"train_mine.npy .of train. has 3, .*test_mine.npy .of test. has 2; compute"):
        check_dimensions(sources, splits)
    check_dimensions(sources, {"train": splits["train"], "test": splits["train"]})


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (np.array([[{}]], dtype=object), "not a .npy file"),
        (np.ones(5), "expected real numbers of shape"),
        (np.ones((5, 2), dtype=complex), "expected real numbers of shape"),
        (np.ones((5, 0)), "expected real numbers of shape"),
    ],
)
def test_other_arrays_are_refused(tmp_path: Path, values: np.ndarray, told: str) -> None:
    source = write_source(tmp_path / "mine.npy", values)
    with pytest.raises(DataError, match=told):
        write_precomputed(tmp_path / "train.npy", source, 5)


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone.npy: no such file"):
        write_precomputed(tmp_path / "train.npy", tmp_path / "gone.npy", 5)
    for suffix in (".npy", ".parquet"):
        (tmp_path / f"cut{suffix}").write_bytes(write_source(tmp_path / f"mine{suffix}", ROWS).read_bytes()[:900])
        with pytest.raises(DataError, match=rf"cut\{suffix}: truncated, or not a"):
            write_precomputed(tmp_path / "train.npy", tmp_path / f"cut{suffix}", 5000, "vector")
    (tmp_path / "mine.csv").write_text("1,2\n")
    with pytest.raises(ConfigError, match=r"neither a .npy nor a .parquet"):
        write_precomputed(tmp_path / "train.npy", tmp_path / "mine.csv", 5)


def test_columns_that_are_none_are_refused(tmp_path: Path) -> None:
    source = write_source(tmp_path / "mine.parquet", ROWS)
    with pytest.raises(ConfigError, match=r"precomputed.column: name the column"):
        write_precomputed(tmp_path / "train.npy", source, 5000)
    with pytest.raises(DataError, match=r"no column 'vectors'; there are text, vector"):
        write_precomputed(tmp_path / "train.npy", source, 5000, "vectors")
    with pytest.raises(DataError, match=r"column 'text': string, expected a list of numbers"):
        write_precomputed(tmp_path / "train.npy", source, 5000, "text")


def test_description_keeps_names_and_hashes(tmp_path: Path) -> None:
    source = write_source(tmp_path / "mine.npy", ROWS)
    summary = write_precomputed(tmp_path / "train.npy", source, 5000)
    describe_precomputed(tmp_path / "features.json", {"train": source}, None, {"train": summary})
    assert json.loads((tmp_path / "features.json").read_text()) == {
        "precomputed": {"files": {"train": "mine.npy"}, "column": None},
        "without_effect": dict(WITHOUT_EFFECT),
        "splits": {"train": dict(summary)},
    }
