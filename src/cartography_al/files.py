"""Atomic writing of result files: a reader sees the old file, the new file or none, never a part of one."""

import errno
import fcntl
import glob
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cartography_al.errors import StorageError

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # a full disk, and two kinds of limits that act like one


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path beside `path`; rename it to `path` if the block succeeds, delete it if not.

    The temporary name keeps the suffix of `path`, because writers choose their format by it, and is unique,
    so two processes that write the same file cannot mix their bytes. The file is flushed to disk before the rename.
    What killed processes left of the same file is deleted first.
    Raises: StorageError if the disk or a quota is full.
    """
    path = Path(path)
    with no_space_named(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _delete_abandoned(path)
        with _temporary_file(path) as temporary:
            yield temporary
            with open(temporary, "rb+") as file:
                os.fsync(file.fileno())
            temporary.chmod(0o666 & ~_umask())
            os.replace(temporary, path)


@contextmanager
def no_space_named(path: str | os.PathLike[str]) -> Iterator[None]:
    """Raise StorageError, naming `path`, where the block finds the disk or a quota full."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_SPACE:
            raise
        raise StorageError(
            f"{path}: cannot be written ({os.strerror(error.errno)}); free space on that disk and run the same command "
            "again: it continues"
        ) from error


@contextmanager
def _temporary_file(path: Path) -> Iterator[Path]:
    """Make an empty file beside `path`, locked while its writer lives; delete it at the end if it is still there."""
    while True:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
        temporary = Path(name)
        try:
            with suppress(OSError):  # a file system without locks: there nothing is taken for abandoned
                fcntl.flock(handle, fcntl.LOCK_EX)
            if temporary.exists():  # else another process took it for abandoned before it was locked
                yield temporary
                return
        finally:
            temporary.unlink(missing_ok=True)
            os.close(handle)


def _delete_abandoned(path: Path) -> None:
    """Delete the temporary files of `path` whose writers were killed; those of living writers are locked."""
    for abandoned in path.parent.glob(f".{glob.escape(path.stem)}-????????{glob.escape(path.suffix)}"):
        with suppress(OSError), open(abandoned, "rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            abandoned.unlink()


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write UTF-8 text atomically, with the line ends of `text` kept as they are."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def write_frame(path: str | os.PathLike[str], frame: pd.DataFrame) -> None:
    """Write a frame as parquet, atomically; the bytes depend on its columns and rows alone, its index is dropped."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    with atomic_path(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def checkpoint_name(iteration: int, what: str = "") -> str:
    """The name of an iteration's file in its chain: iteration-003.parquet; what: stands behind the number."""
    return f"iteration-{iteration:03d}{what}.parquet"
