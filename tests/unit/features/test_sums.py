"""features.sums: what it promises, and what it refuses."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartography_al.errors import DataError
from cartography_al.features.arrays import read_features
from cartography_al.features.sums import describe_features, write_features
from cartography_al.features.word_vectors import write_word_vectors
from tests.unit.features.support import make_vectors, sums


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 12))
def test_file_does_not_depend_on_the_size_of_the_blocks(
    tmp_path_factory: pytest.TempPathFactory, block_rows: int
) -> None:
    folder = tmp_path_factory.mktemp("features")
    texts = ["ant bee", "", "cat " * 30, "emu", "dog ant dog"] * 2
    files = []
    for rows in (block_rows, 1000):
        write_features(
            folder / f"{rows}.npy",
            texts,
            range(10),
            make_vectors(),
            max_tokens=20,
            backslashes="space",
            padding="first_word",
            first_token="ant",
            block_rows=rows,
        )
        files.append((folder / f"{rows}.npy").read_bytes())
    assert files[0] == files[1]


def test_features_are_mapped_and_described(tmp_path: Path) -> None:
    vectors = make_vectors()
    texts = ["ant bee", "emu", "cat", ""]
    path = tmp_path / "train.npy"
    summary = write_features(path, texts, [4, 5, 6, 7], vectors, max_tokens=9, backslashes="space")
    read = read_features(path)
    assert isinstance(read, np.memmap)
    assert not read.flags.writeable
    assert np.array_equal(read, sums(texts, vectors))
    digest = hashlib.sha256(read.tobytes()).hexdigest()
    assert summary == {"rows": 4, "dimension": 7, "tokens": 4, "texts_without_known_words": 2, "sha256": digest}
    assert [p.name for p in tmp_path.iterdir()] == ["train.npy"]

    words_paths = tmp_path / "v.parquet", tmp_path / "v.npy", tmp_path / "v.json"
    write_word_vectors(vectors, *words_paths, source="corpus", parameters={"seed": 0})
    describe_features(tmp_path / "features.json", words_paths[2], {"train": summary}, {"padding": "none"})
    words = json.loads(words_paths[2].read_text())
    assert json.loads((tmp_path / "features.json").read_text()) == {
        "word_vectors": {"source": "corpus", "dimension": 7, "sha256": words["sha256"]},
        "parameters": {"padding": "none"},
        "splits": {"train": summary},
    }


def test_no_texts_or_wrong_ids_are_refused(tmp_path: Path) -> None:
    for texts, ids in (([], []), (["cat"], [1, 2])):
        with pytest.raises(DataError, match="instance ids"):
            write_features(tmp_path / "x.npy", texts, ids, make_vectors(), max_tokens=None, backslashes="space")
