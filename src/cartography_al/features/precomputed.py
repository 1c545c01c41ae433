"""Vectors that the user brings, one for each text: a .npy file or a parquet column for each split. Not for making any.

Row i is the vector of the split's instance i; only their number can be checked, their order cannot.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cartography_al.errors import ConfigError, DataError
from cartography_al.features.arrays import missing_file, new_array, write_json
from cartography_al.features.download import file_sha256
from cartography_al.features.switches import WITHOUT_EFFECT

BLOCK_ROWS = 2048


class Vectors(NamedTuple):
    """A file of vectors that has been opened: how many, of which dimension, and block by block as [rows, dimension]."""

    rows: int
    dimension: int
    blocks: Iterator[np.ndarray]


def write_precomputed(
    path: str | os.PathLike[str], source: str | os.PathLike[str], rows: int, column: str | None = None
) -> dict[str, int | str]:
    """Check the vectors in `source` and write them to a .npy file, float32 [rows, dimension], block by block.

    source: .npy, two-dimensional, of numbers; or .parquet, `column` a list of numbers of one length in each row.
    rows: of the split. Returns rows, dimension, file_sha256 of the source and sha256 of the array's bytes.
    Raises: DataError, naming file, row and cure, for a missing or damaged file, another number of rows, a missing or
    shorter vector, or a number that is not finite in float32; ConfigError for another kind of file or a missing column.
    """
    source = Path(source)
    digest, row = hashlib.sha256(), 0
    with _opened(source, column) as vectors:
        if vectors.rows != rows:
            raise DataError(
                f"{source}: {vectors.rows:,} rows, and the split has {rows:,} texts; give one vector for each text, in "
                "the order of the split's instance ids"
            )
        with new_array(path, (rows, vectors.dimension)) as file:
            for block in vectors.blocks:
                with np.errstate(over="ignore"):  # becomes infinite, which the next lines report
                    converted = np.ascontiguousarray(block, dtype="<f4")
                finite = np.isfinite(converted).all(axis=1)
                if not finite.all():
                    at = int(finite.argmin())
                    value = block[at][~np.isfinite(converted[at])][0]
                    raise DataError(
                        f"{source}, row {row + at} (from 0): the vector holds {value}, which is no finite float32; "
                        f"compute the vector of instance {row + at} again"
                    )
                file.write(converted.data)
                digest.update(converted.data)
                row += len(converted)
    return {
        "rows": rows,
        "dimension": vectors.dimension,
        "file_sha256": file_sha256(source),
        "sha256": digest.hexdigest(),
    }


def check_dimensions(sources: Mapping[str, str | os.PathLike[str]], splits: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise DataError if the splits' vectors differ in dimension. splits: what `write_precomputed` returned."""
    dimensions = {name: summary["dimension"] for name, summary in splits.items()}
    if len(set(dimensions.values())) > 1:
        told = ", ".join(f"{sources[name]} (of {name}) has {dimension}" for name, dimension in dimensions.items())
        raise DataError(f"the vectors differ in dimension: {told}; compute both splits with the same model")


def describe_precomputed(
    path: str | os.PathLike[str],
    sources: Mapping[str, str | os.PathLike[str]],
    column: str | None,
    splits: Mapping[str, Mapping[str, Any]],
) -> None:
    """Write features.json: the files' names, switches of the protocol without effect, and each split's summary."""
    write_json(
        path,
        {
            "precomputed": {"files": {name: Path(file).name for name, file in sources.items()}, "column": column},
            "without_effect": dict(WITHOUT_EFFECT),
            "splits": {name: dict(summary) for name, summary in splits.items()},
        },
    )


@contextmanager
def _opened(source: Path, column: str | None) -> Iterator[Vectors]:
    if not source.is_file():
        raise missing_file(source)
    if source.suffix == ".npy":
        yield _numpy_vectors(source)
    elif source.suffix == ".parquet":
        if column is None:
            raise ConfigError(f"precomputed.column: name the column of {source} that holds the vectors")
        try:
            file = pq.ParquetFile(source)
        except Exception as error:  # Arrow meets damage with errors of many kinds
            raise _damaged(source, error) from error
        with file:
            yield _parquet_vectors(source, file, column)
    else:
        raise ConfigError(f"precomputed: {source} is neither a .npy nor a .parquet file")


def _numpy_vectors(source: Path) -> Vectors:
    try:
        array = np.lib.format.open_memmap(source, "r")  # unlike np.load, it knows neither archives nor pickles
    except Exception as error:  # the header is parsed as Python, with errors of many kinds
        raise _damaged(source, error) from error
    if array.ndim != 2 or array.dtype.kind not in "fiu" or 0 in array.shape:
        raise DataError(
            f"{source}: {array.dtype} of shape {array.shape}, expected real numbers of shape (rows, dimension); save a "
            "two-dimensional array"
        )
    rows, dimension = array.shape
    return Vectors(rows, dimension, (array[start : start + BLOCK_ROWS] for start in range(0, rows, BLOCK_ROWS)))


def _parquet_vectors(source: Path, file: pq.ParquetFile, column: str) -> Vectors:
    schema = file.schema_arrow
    if column not in schema.names:
        raise DataError(f"{source}: no column {column!r}; there are {', '.join(schema.names)}: correct the column")
    kind = schema.field(column).type
    lists = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    if not lists or not (pa.types.is_floating(kind.value_type) or pa.types.is_integer(kind.value_type)):
        raise DataError(f"{source}, column {column!r}: {kind}, expected a list of numbers in each row")
    arrays = _parquet_blocks(source, file, column)
    first = next(arrays, None)
    if first is None:
        raise DataError(f"{source}: no rows")
    return Vectors(file.metadata.num_rows, first.shape[1], chain([first], arrays))


def _parquet_blocks(source: Path, file: pq.ParquetFile, column: str) -> Iterator[np.ndarray]:
    """The vectors, BLOCK_ROWS at a time; all must have the first one's dimension."""
    row, dimension = 0, None
    for batch in _batches(source, file, column):
        lengths = batch.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
        dimension = int(lengths[0]) if dimension is None else dimension
        values = batch.flatten()
        whole = lengths == dimension
        if dimension == 0 or not whole.all() or values.null_count:
            if dimension == 0 or not whole.all():
                at = 0 if dimension == 0 else int(whole.argmin())
                told = f"{lengths[at]} numbers" if lengths[at] else "no vector"
            else:
                at, told = int(np.flatnonzero(values.is_null())[0]) // dimension, "a missing number"
            raise DataError(
                f"{source}, row {row + at} (from 0), column {column!r}: {told}, expected a list of "
                f"{dimension or 'some'} numbers; compute the vector of instance {row + at} again"
            )
        yield values.to_numpy(zero_copy_only=False).reshape(len(batch), dimension)
        row += len(batch)


def _batches(source: Path, file: pq.ParquetFile, column: str) -> Iterator[Any]:
    try:
        for batch in file.iter_batches(BLOCK_ROWS, columns=[column]):
            yield batch.column(0)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(source, error) from error


def _damaged(source: Path, error: Exception) -> DataError:
    told = next(iter(str(error).splitlines()), "no details")
    return DataError(f"{source}: truncated, or not a {source.suffix} file ({told}); write it again")
