"""The features of the paper: for each text the sum of its words' vectors. Not for labels."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from cartography_al.errors import ConfigError, DataError, NumericError
from cartography_al.features.arrays import new_array, write_json
from cartography_al.features.tokens import Padding
from cartography_al.features.word_vectors import NAMED, WordVectors
from cartography_al.tokenizer import Backslashes, tokenize

BLOCK_ROWS = 2048  # about 25 MB of working memory with 300 dimensions; no result depends on it


class SummedTexts(NamedTuple):
    """Some consecutive texts: float32 [texts, dimension] sums; int64 [texts] summed tokens, of which known ones."""

    sums: np.ndarray
    tokens: np.ndarray
    known_tokens: np.ndarray


def sum_embeddings(
    texts: Iterable[str],
    word_vectors: WordVectors,
    *,
    max_tokens: int | None,
    backslashes: Backslashes,
    padding: Padding = "none",
    first_token: str | None = None,
    block_rows: int = BLOCK_ROWS,
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
    block_rows: int = BLOCK_ROWS,
) -> dict[str, Any]:
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
    with new_array(path, (len(texts), word_vectors.dimension)) as file:
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
                named = ids[row : row + len(finite)][~finite][:NAMED].tolist()
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


def describe_features(
    path: str | os.PathLike[str],
    word_vectors_description: str | os.PathLike[str],
    splits: Mapping[str, Mapping[str, Any]],
    parameters: Mapping[str, Any],
) -> None:
    """Write features.json: the word vectors (source, dimension, sha256), the parameters and each split's summary.

    word_vectors_description: the JSON file beside the word vectors. splits: what `write_features` returned, by name.
    parameters: max_tokens, backslashes, padding, first_token.
    """
    described = json.loads(Path(word_vectors_description).read_text("utf-8"))
    write_json(
        path,
        {
            "word_vectors": {key: described[key] for key in ("source", "dimension", "sha256")},
            "parameters": dict(parameters),
            "splits": {name: dict(summary) for name, summary in splits.items()},
        },
    )
