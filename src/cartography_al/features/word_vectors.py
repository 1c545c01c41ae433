"""One vector for each token of a data set, checked, on disk and back. Not for where they come from."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cartography_al.errors import DataError, NumericError
from cartography_al.features.arrays import map_array, missing_file, new_array, write_json
from cartography_al.features.tokens import Vocabulary
from cartography_al.files import atomic_path

NAMED = 5  # how many offenders an error message names


@dataclass(frozen=True)
class WordVectors:
    """One vector for each token of a vocabulary.

    vectors: float32 [tokens, dimension], finite; zero for a word without a vector.
    known: bool [tokens], the word stands in the dictionary of the model or file that the vectors come from.
    Raises: DataError if the shapes or types do not fit; NumericError for a vector that is not finite.
    """

    vocabulary: Vocabulary
    vectors: np.ndarray
    known: np.ndarray

    def __post_init__(self) -> None:
        """Check shapes, types and values once, so that nobody has to check them again."""
        rows = len(self.vocabulary.tokens)
        if self.vectors.ndim != 2 or len(self.vectors) != rows or self.vectors.dtype != np.float32:
            raise DataError(
                f"word vectors are {self.vectors.dtype} {self.vectors.shape}, expected float32 ({rows}, dimension): "
                "the vocabulary and the vectors are not of one run; make both again"
            )
        if self.known.shape != (rows,) or self.known.dtype != np.bool_:
            raise DataError(f"`known` is {self.known.dtype} {self.known.shape}, expected bool ({rows},)")
        finite = np.isfinite(self.vectors).all(axis=1)
        if not finite.all():
            words = [self.tokens[i] for i in np.flatnonzero(~finite)[:NAMED]]
            raise NumericError(
                f"{int((~finite).sum())} word vectors are not finite, first: {words}; "
                "lower embedding.corpus.learning_rate, or use undamaged vectors"
            )

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words, in the order of the vectors' rows."""
        return self.vocabulary.tokens

    @property
    def dimension(self) -> int:
        """Number of components of a vector."""
        return int(self.vectors.shape[1])


def write_word_vectors(
    word_vectors: WordVectors,
    vocabulary_path: str | os.PathLike[str],
    vectors_path: str | os.PathLike[str],
    description_path: str | os.PathLike[str],
    source: str,
    parameters: Mapping[str, Any],
) -> None:
    """Write the vocabulary (Parquet), the vectors (.npy) and what they are (JSON).

    source: "corpus", "cc.en.300" or a file, of which only the name is kept. parameters: whatever else made the
    vectors: training options, reading of the text, hash of the file.
    """
    words = word_vectors.vocabulary
    table = pa.table(
        {
            "token": pa.array(words.tokens, pa.string()),
            "train_count": pa.array(words.train_count, pa.int64()),
            "test_count": pa.array(words.test_count, pa.int64()),
            "known": pa.array(word_vectors.known, pa.bool_()),
        }
    )
    with atomic_path(vocabulary_path) as temporary:
        pq.write_table(table, temporary)
    with new_array(vectors_path, word_vectors.vectors.shape) as file:
        file.write(np.ascontiguousarray(word_vectors.vectors).data)
    write_json(
        description_path,
        {
            "source": Path(source).name,
            "dimension": word_vectors.dimension,
            "tokens": len(words.tokens),
            "parameters": dict(parameters),
            "sha256": hashlib.sha256(np.ascontiguousarray(word_vectors.vectors).data).hexdigest(),
            "coverage": {
                "train": coverage(word_vectors, words.train_count),
                "test": coverage(word_vectors, words.test_count),
            },
        },
    )


def read_word_vectors(vocabulary_path: str | os.PathLike[str], vectors_path: str | os.PathLike[str]) -> WordVectors:
    """Read what `write_word_vectors` wrote; the vectors stay on disk, mapped into memory.

    Raises: DataError if a file is missing, damaged or does not fit the other; NumericError as `WordVectors`.
    """
    if not Path(vocabulary_path).exists():
        raise missing_file(Path(vocabulary_path))
    columns = {"train_count": pa.int64(), "test_count": pa.int64(), "known": pa.bool_()}
    try:
        table = pq.read_table(vocabulary_path, columns=["token", *columns], partitioning=None)
        tokens = tuple(table.column("token").cast(pa.string()).to_pylist())
        arrays = {name: table.column(name).cast(kind).to_numpy() for name, kind in columns.items()}
    except Exception as error:  # Arrow meets damage with errors of many kinds
        raise DataError(f"{vocabulary_path}: not a vocabulary of this project ({error}); make it again") from error
    words = Vocabulary(tokens, arrays["train_count"], arrays["test_count"])
    return WordVectors(words, map_array(vectors_path), arrays["known"])


def coverage(word_vectors: WordVectors, count: np.ndarray) -> dict[str, dict[str, int]]:
    """Types (distinct words) and tokens of a split: all, in the dictionary, and else with a vector from subwords."""
    through_subwords = ~word_vectors.known & word_vectors.vectors.any(axis=1)
    return {
        name: {
            "all": int(weight.sum()),
            "known": int(weight[word_vectors.known].sum()),
            "through_subwords": int(weight[through_subwords].sum()),
        }
        for name, weight in (("types", (count > 0).astype(np.int64)), ("tokens", count))
    }
