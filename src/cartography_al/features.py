"""FastText vectors of words and their sums over texts: the features of every model. Not for labels or downloads.

Two steps, each written to disk: one vector for each distinct token of a data set (`WordVectors`), then one sum for
each text (`write_features`), which later stages only map into memory (`read_features`).
"""

import ctypes
import gzip
import hashlib
import json
import logging
import mmap
import os
import struct
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple, TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy import sparse

from cartography_al.errors import ConfigError, DataError, NumericError
from cartography_al.files import atomic_path, no_space_named, write_text

Backslashes = Literal["space", "removed"]
Padding = Literal["none", "first_word"]

_log = logging.getLogger(__name__)

_BLOCK_ROWS = 2048  # about 25 MB of working memory with 300 dimensions; no result depends on it
_NAMED = 5  # how many offenders an error message names


class CorpusOptions(TypedDict):
    """How FastText is trained on the data set's own texts; the section `embedding.corpus` of the configuration."""

    dimension: int
    epochs: int
    learning_rate: float
    buckets: int  # rows shared, by hash, by all subwords
    min_count: int  # words seen less often get a vector through their subwords only
    window: int
    negatives: int
    min_ngram: int
    max_ngram: int
    seed: int  # FastText's generator takes 0 for 1, so these two give the same vectors


@dataclass(frozen=True)
class Vocabulary:
    """The distinct tokens of a data set, sorted by code point, and how often each split holds them.

    train_count, test_count: int64 [tokens].
    """

    tokens: tuple[str, ...]
    train_count: np.ndarray
    test_count: np.ndarray


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
            words = [self.tokens[i] for i in np.flatnonzero(~finite)[:_NAMED]]
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


class SummedTexts(NamedTuple):
    """Some consecutive texts: float32 [texts, dimension] sums; int64 [texts] summed tokens, of which known ones."""

    sums: np.ndarray
    tokens: np.ndarray
    known_tokens: np.ndarray


# ---------------------------------------------------------------- tokens


def tokenize(text: str, max_tokens: int | None, backslashes: Backslashes) -> list[str]:
    r"""Split a text on white space, keep its case and at most `max_tokens` tokens (None: all).

    AG News marks a line break by a backslash (`a second\team` is "a second / team"): "space" reads it as white
    space, "removed" deletes it and so joins the words around it, as the released code does (D16).
    Source: Zhang & Plank 2021, section 7.
    """
    tokens = text.replace("\\", " " if backslashes == "space" else "").split()
    return tokens if max_tokens is None else tokens[:max_tokens]


def vocabulary(
    train_texts: Iterable[str],
    test_texts: Iterable[str],
    max_tokens: int | None,
    backslashes: Backslashes,
    also: Sequence[Backslashes] = (),
) -> Vocabulary:
    """Count the tokens of both splits.

    also: further readings of the backslash whose tokens are added, because another protocol of the same experiment
    sums them; tokens that occur only there have the count 0, so every count is of `backslashes` alone.
    """
    counts: list[Counter[str]] = []
    others: set[str] = set()
    for texts in (train_texts, test_texts):
        count: Counter[str] = Counter()
        for text in texts:
            count.update(tokenize(text, max_tokens, backslashes))
            if "\\" in text:
                for other in also:
                    others.update(tokenize(text, max_tokens, other))
        counts.append(count)
    tokens = tuple(sorted(counts[0].keys() | counts[1].keys() | others))
    train_count, test_count = (np.array([count[token] for token in tokens], dtype=np.int64) for count in counts)
    return Vocabulary(tokens, train_count, test_count)


def first_word(train_texts: Iterable[str], backslashes: Backslashes) -> str:
    """Return the first token of the first training text: index 0 of the released code, which pads with it (D1)."""
    for text in train_texts:
        tokens = tokenize(text, 1, backslashes)
        if tokens:
            return tokens[0]
    raise DataError("no training text holds a word: check text_column of the data set")


# ---------------------------------------------------------------- vectors of words


def train_corpus_vectors(
    train_texts: Iterable[str],
    tokens: Sequence[str],
    options: CorpusOptions,
    max_tokens: int | None,
    backslashes: Backslashes,
) -> tuple[np.ndarray, np.ndarray]:
    """Train FastText (skip-gram, negative sampling) on the training texts; return the vectors of all `tokens`.

    Words that the model has not seen get the sum of their subwords. One thread: more make the result differ from run
    to run. The same texts and options give the same bytes. Needs 4 bytes x dimension x (buckets + 2 x words) memory.
    Returns float32 [tokens, dimension] and bool [tokens], the word is in the model's dictionary.
    Raises: DataError if the texts hold too few words; NumericError if the training diverges.
    Source: Bojanowski et al. 2017.
    """
    from fasttext import FastText  # here, because only two rules need it

    if options["max_ngram"] > 0 and options["buckets"] < 1:
        raise ConfigError("embedding.corpus.buckets must be at least 1 unless embedding.corpus.max_ngram is 0")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.txt"
        with no_space_named(corpus):
            texts, words = _write_corpus(train_texts, corpus, options["min_count"], max_tokens, backslashes)
        _log.info("training FastText on %s texts, %s words ...", f"{texts:,}", f"{words:,}")
        start = time.monotonic()
        with _zeroed_memory(), _default_seed(FastText.unsupervised_default, options["seed"]):
            try:
                model = FastText.train_unsupervised(
                    str(corpus),
                    model="skipgram",
                    loss="ns",
                    dim=options["dimension"],
                    epoch=options["epochs"],
                    lr=options["learning_rate"],
                    bucket=options["buckets"],
                    minCount=options["min_count"],
                    ws=options["window"],
                    neg=options["negatives"],
                    minn=options["min_ngram"],
                    maxn=options["max_ngram"],
                    label=" ",  # no token starts so: by default, words that start with __label__ are left out
                    thread=1,
                    verbose=0,
                )
            except RuntimeError as error:
                raise NumericError(
                    f"FastText's training diverged ({error}): lower embedding.corpus.learning_rate, "
                    f"now {options['learning_rate']}"
                ) from error
        _log.info("training FastText: done in %.0f s", time.monotonic() - start)
    return _model_vectors(model, tokens)


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
    vectors, known = _model_vectors(model, tokens)
    _log.info("loading %s: done in %.0f s", path.name, time.monotonic() - start)
    finite = np.isfinite(vectors).all(axis=1)
    if not finite.all():
        raise DataError(f"{path}: the vector of {tokens[int(finite.argmin())]!r} is not finite; fetch the file again")
    return vectors, known


def read_vec_vectors(path: str | os.PathLike[str], tokens: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Look words up in a FastText text file (.vec or .vec.gz), line by line; words that it lacks get the zero vector.

    The first line gives the number of words and the dimension. Of a word that occurs twice, the first line counts.
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
            number = 1
            for number, line in enumerate(file, start=2):
                word, _, text = line.rstrip(b" \r\n").partition(b" ")
                if not line.endswith(b"\n"):
                    raise DataError(f"{path}, line {number}: the file is truncated; fetch it again")
                if text.count(b" ") != dimension - 1 or not text:
                    raise DataError(
                        f"{path}, line {number}: expected a word and {dimension} numbers, separated by single spaces"
                    )
                if number == 2:  # not before a line has shown that the dimension is no mistake
                    vectors = np.zeros((len(tokens), dimension), dtype=np.float32)
                row = wanted.get(word)
                if row is not None and not known[row]:
                    vectors[row] = _parse_vector(text, path, number)
                    known[row] = True
                if number % 500_000 == 0:
                    _log.info("reading %s: %s of %s words", path.name, f"{number:,}", f"{words:,}")
    except FileNotFoundError:
        raise _missing(path) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path}: the compressed file is truncated or damaged ({error}); fetch it again") from error
    if number - 1 != words:
        raise DataError(f"{path}: line 1 announces {words} words, the file holds {number - 1}; fetch it again")
    return vectors, known


def read_pretrained_vectors(path: str | os.PathLike[str], tokens: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Look words up in a file of `embedding.source`, by its name: .bin, .vec or .vec.gz. See the two readers."""
    name = Path(path).name
    if name.endswith(".bin"):
        return read_bin_vectors(path, tokens)
    if name.endswith((".vec", ".vec.gz")):
        return read_vec_vectors(path, tokens)
    raise ConfigError(f"embedding.source: {path} is neither a .bin nor a .vec nor a .vec.gz file of FastText")


# ---------------------------------------------------------------- word vectors on disk


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
    with _new_array(vectors_path, word_vectors.vectors.shape) as file:
        file.write(np.ascontiguousarray(word_vectors.vectors).data)
    _write_json(
        description_path,
        {
            "source": Path(source).name,
            "dimension": word_vectors.dimension,
            "tokens": len(words.tokens),
            "parameters": dict(parameters),
            "sha256": hashlib.sha256(np.ascontiguousarray(word_vectors.vectors).data).hexdigest(),
            "coverage": {
                "train": _coverage(word_vectors, words.train_count),
                "test": _coverage(word_vectors, words.test_count),
            },
        },
    )


def read_word_vectors(vocabulary_path: str | os.PathLike[str], vectors_path: str | os.PathLike[str]) -> WordVectors:
    """Read what `write_word_vectors` wrote; the vectors stay on disk, mapped into memory.

    Raises: DataError if a file is missing, damaged or does not fit the other; NumericError as `WordVectors`.
    """
    if not Path(vocabulary_path).exists():
        raise _missing(Path(vocabulary_path))
    columns = {"train_count": pa.int64(), "test_count": pa.int64(), "known": pa.bool_()}
    try:
        table = pq.read_table(vocabulary_path, columns=["token", *columns], partitioning=None)
        tokens = tuple(table.column("token").cast(pa.string()).to_pylist())
        arrays = {name: table.column(name).cast(kind).to_numpy() for name, kind in columns.items()}
    except Exception as error:  # Arrow meets damage with errors of many kinds
        raise DataError(f"{vocabulary_path}: not a vocabulary of this project ({error}); make it again") from error
    words = Vocabulary(tokens, arrays["train_count"], arrays["test_count"])
    return WordVectors(words, _map_array(vectors_path), arrays["known"])


# ---------------------------------------------------------------- sums over texts


def sum_embeddings(
    texts: Iterable[str],
    word_vectors: WordVectors,
    *,
    max_tokens: int | None,
    backslashes: Backslashes,
    padding: Padding = "none",
    first_token: str | None = None,
    block_rows: int = _BLOCK_ROWS,
) -> Iterator[SummedTexts]:
    """Sum the word vectors of each text, in blocks of `block_rows` texts.

    x_i = sum over the tokens of text i, in their order, in float64, then rounded to float32: so no sum depends on
    the size of the blocks. padding="first_word" adds (max_tokens - n_i) x the vector of `first_token`, for n_i
    tokens (D1 of the released code). A text without words gives zeros.
    Raises: DataError for a token without a row; ConfigError for a padding without max_tokens or first_token.
    Source: Zhang & Plank 2021, section 7.
    """
    rows = {token: row for row, token in enumerate(word_vectors.tokens)}
    length, pad = 0, np.zeros(0)
    if padding == "first_word":
        if max_tokens is None or first_token is None:
            raise ConfigError("padding first_word needs max_tokens and first_token")
        if first_token not in rows:
            raise DataError(f"the padding word {first_token!r} is not in the vocabulary")
        length, pad = max_tokens, word_vectors.vectors[rows[first_token]].astype(np.float64)
    remaining = iter(texts)
    while block := list(islice(remaining, block_rows)):
        tokenized = [tokenize(text, max_tokens, backslashes) for text in block]
        lengths = np.array([len(tokens) for tokens in tokenized], dtype=np.int64)
        try:
            flat = np.array([rows[token] for tokens in tokenized for token in tokens], dtype=np.int64)
        except KeyError as error:
            raise DataError(
                f"{error.args[0]!r} is not in the vocabulary: make the word vectors again, from the same texts, "
                "max_tokens and backslashes"
            ) from None
        used, columns = np.unique(flat, return_inverse=True)
        ends = np.concatenate([[0], np.cumsum(lengths)])
        # One stored 1 for each token, duplicates kept: the product adds exact terms one by one, in the text's order.
        ones = sparse.csr_array((np.ones(len(flat)), columns, ends), shape=(len(block), len(used)))
        sums = ones @ word_vectors.vectors[used].astype(np.float64)
        if padding == "first_word":
            sums += (length - lengths)[:, None] * pad
        known = (ones @ word_vectors.known[used].astype(np.float64)).astype(np.int64)
        with np.errstate(over="ignore"):  # becomes infinite, which the writer reports with its instance ids
            rounded = sums.astype(np.float32)
        yield SummedTexts(rounded, lengths, known)


def write_features(
    path: str | os.PathLike[str],
    texts: Sequence[str],
    instance_ids: Sequence[int] | np.ndarray,
    word_vectors: WordVectors,
    *,
    max_tokens: int | None,
    backslashes: Backslashes,
    padding: Padding = "none",
    first_token: str | None = None,
    block_rows: int = _BLOCK_ROWS,
) -> dict[str, int | str]:
    """Write the sums of all texts to a .npy file, float32 [texts, dimension], block by block; see `sum_embeddings`.

    Returns what `describe_features` says of this split: rows, dimension, tokens, texts_without_known_words (empty
    texts included), sha256 of the array's bytes.
    Raises: NumericError, naming instance ids, if a sum is not finite; DataError if there is no text.
    """
    if not len(texts) or len(texts) != len(instance_ids):
        raise DataError(f"{len(texts)} texts and {len(instance_ids)} instance ids: expected as many, and at least one")
    ids = np.asarray(instance_ids)
    digest = hashlib.sha256()
    row = tokens = unknown = 0
    with _new_array(path, (len(texts), word_vectors.dimension)) as file:
        for block in sum_embeddings(
            texts,
            word_vectors,
            max_tokens=max_tokens,
            backslashes=backslashes,
            padding=padding,
            first_token=first_token,
            block_rows=block_rows,
        ):
            finite = np.isfinite(block.sums).all(axis=1)
            if not finite.all():
                named = ids[row : row + len(finite)][~finite][:_NAMED].tolist()
                raise NumericError(f"the features of instances {named} are not finite: the word vectors are too large")
            file.write(block.sums.data)
            digest.update(block.sums.data)
            row += len(finite)
            tokens += int(block.tokens.sum())
            unknown += int((block.known_tokens == 0).sum())
    return {
        "rows": row,
        "dimension": word_vectors.dimension,
        "tokens": tokens,
        "texts_without_known_words": unknown,
        "sha256": digest.hexdigest(),
    }


def read_features(path: str | os.PathLike[str]) -> np.ndarray:
    """Map features into memory, read-only: float32 [texts, dimension].

    That they are finite was checked when they were written.
    Raises: DataError if the file is missing, truncated or not such an array.
    """
    return _map_array(path)


def describe_features(
    path: str | os.PathLike[str],
    word_vectors_description: str | os.PathLike[str],
    splits: Mapping[str, Mapping[str, int | str]],
    parameters: Mapping[str, Any],
) -> None:
    """Write features.json: the word vectors (source, dimension, sha256), the parameters and each split's summary.

    word_vectors_description: the JSON file beside the word vectors. splits: what `write_features` returned, by name.
    parameters: max_tokens, backslashes, padding, first_token.
    """
    described = json.loads(Path(word_vectors_description).read_text("utf-8"))
    _write_json(
        path,
        {
            "word_vectors": {key: described[key] for key in ("source", "dimension", "sha256")},
            "parameters": dict(parameters),
            "splits": {name: dict(summary) for name, summary in splits.items()},
        },
    )


# ---------------------------------------------------------------- helpers


def _write_corpus(
    texts: Iterable[str], path: Path, min_count: int, max_tokens: int | None, backslashes: Backslashes
) -> tuple[int, int]:
    """Write one text a line for FastText; return the number of texts and of words.

    FastText takes `</s>` for the end of a line and splits at NUL: such tokens are left out, so they cannot shift the
    rest of the text. Its sampling of negatives never ends with a single word, hence the check.
    """
    counts: Counter[str] = Counter()
    lines = 0
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for text in texts:
            tokens = [t for t in tokenize(text, max_tokens, backslashes) if t != "</s>" and "\0" not in t]
            if tokens:
                counts.update(tokens)
                lines += 1
                file.write(" ".join(tokens) + "\n")
    if sum(count >= min_count for count in counts.values()) < 2:
        raise DataError(
            f"FastText needs at least two words that occur {min_count} times in the training texts: "
            "check text_column of the data set, or lower embedding.corpus.min_count"
        )
    return lines, counts.total()


@contextmanager
def _default_seed(defaults: dict[str, Any], seed: int) -> Iterator[None]:
    """Set the seed for the block: `train_unsupervised` takes no seed, but reads it from its defaults."""
    before = defaults["seed"]
    defaults["seed"] = seed
    try:
        yield
    finally:
        defaults["seed"] = before


@contextmanager
def _zeroed_memory() -> Iterator[None]:
    """Have the C library fill new memory with zeros during the block.

    With one thread, FastText fills a tenth of its input matrix with random numbers (facebookresearch/fastText, issue
    1061) and leaves the rest as it was allocated. Large matrices come from the kernel, as zeros; smaller ones may
    hold what earlier objects left, and the vectors would then differ from run to run, up to 1e38. Only glibc has
    this switch (M_PERTURB); elsewhere, a matrix of the default size is fresh memory all the same.
    """
    mallopt: Callable[[int, int], int] | None = getattr(ctypes.CDLL(None), "mallopt", None)
    m_perturb, zeros = -6, 0xFF  # glibc fills with the complement of the low byte
    if mallopt is None:
        yield
        return
    mallopt(m_perturb, zeros)
    try:
        yield
    finally:
        mallopt(m_perturb, 0)


def _model_vectors(model: Any, tokens: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
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
        raise _missing(path)
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


def _parse_vector(text: bytes, path: Path, number: int) -> np.ndarray:
    try:
        vector = np.array([float(field) for field in text.split(b" ")], dtype=np.float64)
    except ValueError as error:
        raise DataError(f"{path}, line {number}: {error}") from None
    if not (np.abs(vector) <= np.finfo(np.float32).max).all():
        raise DataError(f"{path}, line {number}: a number is not finite in float32")
    return vector.astype(np.float32)


def _coverage(word_vectors: WordVectors, count: np.ndarray) -> dict[str, dict[str, int]]:
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


@contextmanager
def _new_array(path: str | os.PathLike[str], shape: tuple[int, ...]) -> Iterator[IO[bytes]]:
    """Open a .npy file of float32 to write its rows one after the other; it appears when they are complete.

    No memory map: a full disk ends a process that writes to one (SIGBUS), where a file gives an error.
    """
    with atomic_path(path) as temporary, open(temporary, "wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
        yield file


def _map_array(path: str | os.PathLike[str]) -> np.ndarray:
    try:
        array = np.lib.format.open_memmap(path, "r")  # unlike np.load, it knows neither archives nor pickles
    except FileNotFoundError:
        raise _missing(Path(path)) from None
    except Exception as error:  # the header is parsed as Python, with errors of many kinds
        raise DataError(f"{path}: truncated, or not a .npy file ({error}); make it again") from error
    if array.ndim != 2 or array.dtype != np.float32:
        raise DataError(f"{path}: not a two-dimensional float32 array; make it again")
    return array


def _missing(path: Path) -> DataError:
    return DataError(f"{path}: no such file")


def _write_json(path: str | os.PathLike[str], content: Mapping[str, Any]) -> None:
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
