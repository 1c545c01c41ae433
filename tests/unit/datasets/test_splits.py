"""datasets.splits: what it promises, and what it refuses."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from cartography_al.datasets.dataset import describe, write_dataset
from cartography_al.datasets.sources import read_dataset
from cartography_al.datasets.splits import SPLIT_SCHEMA, read_description, read_labels, read_split
from cartography_al.errors import DataError
from tests.unit.datasets.support import TEXTS, EntryMaker, as_csv


def test_written_files_are_read_back_and_repeatable(make_entry: EntryMaker, tmp_path: Path) -> None:
    dataset = read_dataset("toy", make_entry(as_csv([*TEXTS, ("\u00e9t\u00e9", "1")])))
    written = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        paths = [folder / name for name in ("train.parquet", "test.parquet", "dataset.json")]
        write_dataset(dataset, *paths)
        written.append([path.read_bytes() for path in paths])
        assert_frame_equal(read_split(paths[0]), dataset.train)
        assert_frame_equal(read_split(paths[1]), dataset.test)
        assert read_labels(paths[0]).tolist() == dataset.train["label"].tolist()
        assert read_description(paths[2]) == describe(dataset)
        assert sorted(os.listdir(folder)) == sorted(path.name for path in paths)
    assert written[0] == written[1]
    assert str(tmp_path).encode() not in b"".join(written[0])
    assert pq.read_schema(tmp_path / "a" / "train.parquet").metadata is None


def test_damaged_split_is_refused(make_entry: EntryMaker, tmp_path: Path) -> None:
    dataset = read_dataset("toy", make_entry(as_csv()))
    path = tmp_path / "train.parquet"
    with pytest.raises(DataError, match="no such file; run the rule"):
        read_split(path)
    write_dataset(dataset, path, tmp_path / "test.parquet", tmp_path / "dataset.json")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="not a readable parquet file"):
        read_split(path)
    dataset.train.to_parquet(path)
    with pytest.raises(DataError, match=r"the columns are .*, not instance_id int64 not null, text string not null"):
        read_split(path)
    for change, message in (
        ({"instance_id": [0, 1, 3, 2]}, "instance ids are not 0 to"),
        ({"label": [0, 1, -1, 0]}, "a label is negative"),
    ):
        frame = dataset.train.assign(**{key: np.array(value) for key, value in change.items()})
        columns = [pa.array(frame[name], type=SPLIT_SCHEMA.field(name).type) for name in frame]
        pq.write_table(pa.Table.from_arrays(columns, schema=SPLIT_SCHEMA), path)
        for read in (read_split, read_labels):
            with pytest.raises(DataError, match=message):
                read(path)
    pq.write_table(SPLIT_SCHEMA.empty_table(), path)
    with pytest.raises(DataError, match="instance ids"):
        read_split(path)


def test_labels_are_read_without_the_texts(make_entry: EntryMaker, tmp_path: Path) -> None:
    """A chain needs the labels alone: the bytes of the texts may even be damaged."""
    train = tmp_path / "train.parquet"
    write_dataset(
        read_dataset("toy", make_entry(as_csv())), train, tmp_path / "test.parquet", tmp_path / "dataset.json"
    )
    column = pq.ParquetFile(train).metadata.row_group(0).column(1)
    start = column.dictionary_page_offset or column.data_page_offset
    content = bytearray(train.read_bytes())
    content[start : start + column.total_compressed_size] = bytes(column.total_compressed_size)
    train.write_bytes(content)
    assert len(read_labels(train)) == 4
    with pytest.raises(DataError, match="not a readable parquet file"):
        read_split(train)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        ("{", "not JSON"),
        ("[]", "top level: .* is not of type 'object'"),
        ("{}", "top level: 'name' is a required property"),
        ('{"name": "", "title": "", "source": "", "classes": [], "splits": 3}', "splits: 3 is not of type 'object'"),
    ],
)
def test_damaged_description_is_refused(tmp_path: Path, content: str | None, message: str) -> None:
    path = tmp_path / "dataset.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(DataError, match=message):
        read_description(path)
