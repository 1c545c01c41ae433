"""The vocabulary of a data set. Not for vectors."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cartography_al.errors import DataError
from cartography_al.tokenizer import Backslashes, tokenize

Padding = Literal["none", "first_word"]


@dataclass(frozen=True)
class Vocabulary:
    """The distinct tokens of a data set, sorted by code point, and how often each split holds them.

    train_count, test_count: int64 [tokens].
    """

    tokens: tuple[str, ...]
    train_count: np.ndarray
    test_count: np.ndarray


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
