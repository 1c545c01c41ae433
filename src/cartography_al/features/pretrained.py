"""Words looked up in a pretrained model or file of FastText (.bin, .vec, .vec.gz)."""

import gzip
import logging
import mmap
import os
import struct
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cartography_al.errors import ConfigError, DataError
from cartography_al.features.arrays import missing_file

_log = logging.getLogger(__name__)


def read_bin_vectors(path: str | os.PathLike[str], tokens: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Look words up in a FastText model (.bin); words outside its dictionary get the sum of their subwords.

    The model is held in memory as a whole (cc.en.300: 7.2 GB) and freed.
    Returns float32 [tokens, dimension] and bool [tokens], the word is in the model's dictionary.
    Raises: DataError if the file is missing, truncated, of another format, or holds a vector that is not finite.
    """
    from fasttext import FastText

    path = Path(path)
    _check_model_file(path)
    _log.info("loading %s ...", path.name)
    start = time.monotonic()
    try:
        model = FastText.load_model(str(path))
    except (ValueError, RuntimeError) as error:
        raise DataError(f"{path}: FastText cannot read this model: {error}") from error
    vectors, known = model_vectors(model, tokens)
    _log.info("loading %s: done in %.0f s", path.name, time.monotonic() - start)
    finite = np.isfinite(vectors).all(axis=1)
    if not finite.all():
        raise DataError(f"{path}: the vector of {tokens[int(finite.argmin())]!r} is not finite; fetch the file again")
    return vectors, known


def read_vec_vectors(path: str | os.PathLike[str], tokens: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Look words up in a FastText text file (.vec or .vec.gz), line by line; words that it lacks get the zero vector.

    The first line gives the number of words and the dimension. A line is read from the right: words with a space in
    them, which no token has, are skipped and counted in the log. Of a word that occurs twice, the first line counts.
    Returns float32 [tokens, dimension] and bool [tokens], the word is in the file.
    Raises: DataError, naming file and line, if the file is missing, truncated, of another format, or a needed
    vector is not finite.
    """
    path = Path(path)
    wanted = {token.encode(): row for row, token in enumerate(tokens)}
    _log.info("reading %s ...", path.name)
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb") as file:
            header = file.readline()
            try:
                words, dimension = (int(field) for field in header.split())
                if words < 1 or dimension < 1:
                    raise ValueError
            except ValueError:
                raise DataError(
                    f"{path}, line 1: expected the number of words and the dimension, found {header[:60]!r}; "
                    "is this a .vec file of FastText?"
                ) from None
            vectors = np.zeros((len(tokens), 0), dtype=np.float32)
            known = np.zeros(len(tokens), dtype=np.bool_)
            number, skipped = 1, 0
            for number, line in enumerate(file, start=2):
                word, *numbers = line.rstrip(b" \r\n").rsplit(b" ", dimension)
                if not line.endswith(b"\n"):
                    raise DataError(f"{path}, line {number}: the file is truncated; fetch it again")
                if len(numbers) != dimension or not word.strip():
                    raise DataError(
                        f"{path}, line {number}: expected a word and {dimension} numbers, separated by single spaces"
                    )
                if number == 2:  # not before a line has shown that the dimension is no mistake
                    vectors = np.zeros((len(tokens), dimension), dtype=np.float32)
                skipped += b" " in word  # no token holds a space
                row = wanted.get(word)
                if row is not None and not known[row]:
                    vectors[row] = _parse_vector(numbers, path, number)
                    known[row] = True
                if number % 500_000 == 0:
                    _log.info("reading %s: %s of %s words", path.name, f"{number:,}", f"{words:,}")
    except FileNotFoundError:
        raise missing_file(path) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path}: the compressed file is truncated or damaged ({error}); fetch it again") from error
    if number - 1 != words:
        raise DataError(f"{path}: line 1 announces {words} words, the file holds {number - 1}; fetch it again")
    if skipped > words / 2:
        raise DataError(f"{path}: most lines hold more than a word and {dimension} numbers, as line 1 says; correct it")
    if skipped:
        _log.warning("%s: %s words with a space in them are skipped", path.name, f"{skipped:,}")
    return vectors, known


def read_pretrained_vectors(path: str | os.PathLike[str], tokens: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Look words up in a file of `embedding.source`, by its name: .bin, .vec or .vec.gz. See the two readers."""
    name = Path(path).name
    if name.endswith(".bin"):
        return read_bin_vectors(path, tokens)
    if name.endswith((".vec", ".vec.gz")):
        return read_vec_vectors(path, tokens)
    raise ConfigError(f"embedding.source: {path} is neither a .bin nor a .vec nor a .vec.gz file of FastText")


def model_vectors(model: Any, tokens: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The model's vector of each token, float32 [tokens, dimension], and bool [tokens], it is in the dictionary."""
    vectors = np.empty((len(tokens), model.get_dimension()), dtype=np.float32)
    known = np.empty(len(tokens), dtype=np.bool_)
    for row, token in enumerate(tokens):
        vectors[row] = model.get_word_vector(token)
        known[row] = model.get_word_id(token) >= 0
    return vectors, known


def _check_model_file(path: Path) -> None:
    """Refuse a .bin file that does not follow from its own header: FastText trusts it, reads on forever or crashes.

    Layout (little-endian): magic and version; 12 int32 and a double of options; the dictionary; for input and output
    matrix one byte, rows and columns as int64, float32 values.
    """
    if not path.is_file():
        raise missing_file(path)
    damaged = DataError(f"{path}: the FastText model is truncated or damaged; fetch it again")
    if path.stat().st_size < 92:
        raise damaged
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        magic, version, dimension = struct.unpack_from("<3i", content)
        if magic != 793712314 or version not in (11, 12):
            raise DataError(f"{path}: not a FastText model (.bin)")
        loss, kind, buckets, _, longest = struct.unpack_from("<5i", content, 32)
        entries, words, labels, _, pruned = struct.unpack_from("<3i2q", content, 64)
        supervised = kind == 3
        if (
            not (1 <= loss <= 4 and 1 <= kind <= 3 and dimension >= 1 and words >= 1 and labels >= supervised)
            or words + labels != entries
            or buckets < (longest > 0)  # the hash of a subword is divided by their number
        ):
            raise damaged
        position = 92
        for entry in range(entries):
            end = content.find(b"\0", position)
            if end < 0 or end + 10 > len(content):
                raise damaged
            count, is_label = struct.unpack_from("<qb", content, end + 1)
            if not 0 <= count < 10**15 or is_label != (entry >= words):
                raise damaged
            position = end + 10
        for expected_rows in (words + buckets, labels if supervised else words):
            if position + 17 > len(content):
                raise damaged
            quantized, rows, columns = struct.unpack_from("<?2q", content, position)
            if quantized or pruned > 0:
                raise DataError(f"{path}: the model is compressed by quantization; use the original .bin file")
            if (rows, columns) != (expected_rows, dimension):
                raise damaged
            position += 17 + 4 * rows * columns
        if position != len(content):
            raise damaged


def _parse_vector(numbers: Sequence[bytes], path: Path, number: int) -> np.ndarray:
    try:
        vector = np.array([float(field) for field in numbers], dtype=np.float64)
    except ValueError as error:
        raise DataError(f"{path}, line {number}: {error}") from None
    if not (np.abs(vector) <= np.finfo(np.float32).max).all():
        raise DataError(f"{path}, line {number}: a number is not finite in float32")
    return vector.astype(np.float32)
