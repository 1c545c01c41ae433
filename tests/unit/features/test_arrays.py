"""features.arrays: what it promises, and what it refuses."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from cartography_al.errors import DataError
from cartography_al.features.arrays import read_features


def test_files_that_are_no_features_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    with pytest.raises(DataError, match="no such file"):
        read_features(path)
    np.save(path, np.zeros((50, 3), np.float32))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError, match="truncated"):
        read_features(path)
    for array in (np.zeros((2, 2)), np.zeros(3, np.float32)):
        np.save(path, array)
        with pytest.raises(DataError, match="two-dimensional float32"):
            read_features(path)
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match=r"x\.npy"):
        read_features(path)
    path.write_bytes(pickle.dumps(np.zeros((2, 2), np.float32)))
    with pytest.raises(DataError, match=r"x\.npy"):
        read_features(path)
    path.write_bytes(b"")
    with pytest.raises(DataError, match=r"x\.npy"):
        read_features(path)
    with open(path, "wb") as file:
        np.savez(file, x=np.zeros((2, 2), np.float32))
    with pytest.raises(DataError, match=r"x\.npy"):
        read_features(path)
