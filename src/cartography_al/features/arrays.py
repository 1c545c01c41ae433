"""Arrays on disk: .npy files written in pieces and mapped into memory. Not for what they hold."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from cartography_al.errors import DataError
from cartography_al.files import atomic_path, write_text


def read_features(path: str | os.PathLike[str]) -> np.ndarray:
    """Map features into memory, read-only: float32 [texts, dimension].

    That they are finite was checked when they were written.
    Raises: DataError if the file is missing, truncated or not such an array.
    """
    return map_array(path)


@contextmanager
def new_array(path: str | os.PathLike[str], shape: tuple[int, ...]) -> Iterator[IO[bytes]]:
    """Open a .npy file of float32 to write its rows one after the other; it appears when they are complete.

    No memory map: a full disk ends a process that writes to one (SIGBUS), where a file gives an error.
    """
    with atomic_path(path) as temporary, open(temporary, "wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
        yield file


def map_array(path: str | os.PathLike[str]) -> np.ndarray:
    """Map a float32 .npy file of two dimensions into memory.   Raises: DataError for a file that is none."""
    try:
        array = np.lib.format.open_memmap(path, "r")  # unlike np.load, it knows neither archives nor pickles
    except FileNotFoundError:
        raise missing_file(Path(path)) from None
    except Exception as error:  # the header is parsed as Python, with errors of many kinds
        raise DataError(f"{path}: truncated, or not a .npy file ({error}); make it again") from error
    if array.ndim != 2 or array.dtype != np.float32:
        raise DataError(f"{path}: not a two-dimensional float32 array; make it again")
    return array


def missing_file(path: Path) -> DataError:
    """The error about a file that is not there."""
    return DataError(f"{path}: no such file")


def write_json(path: str | os.PathLike[str], content: Mapping[str, Any]) -> None:
    """Write an object as indented JSON."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
