"""What several test modules of this folder make and compare with."""

from typing import Any

import numpy as np

from cartography_al.features.sums import sum_embeddings
from cartography_al.features.tokens import Vocabulary
from cartography_al.features.word_vectors import WordVectors

TEXTS = ["the cat sat on the mat", "a dog ran , a cat ran", "Who was the first runner ?"] * 20


WORDS = ("ant", "bee", "cat", "dog", "emu")


def make_vectors(words: tuple[str, ...] = WORDS, dimension: int = 7, scale: float = 1.0) -> WordVectors:
    """Random vectors; the last word is unknown and has the zero vector."""
    vectors = (np.random.default_rng(1).normal(size=(len(words), dimension)) * scale).astype(np.float32)
    vectors[-1] = 0
    known = np.array([True] * (len(words) - 1) + [False])
    return WordVectors(Vocabulary(words, np.ones(len(words), np.int64), np.ones(len(words), np.int64)), vectors, known)


def sums(texts: list[str], word_vectors: WordVectors, **options: Any) -> np.ndarray:
    """All sums at once."""
    options = {"max_tokens": None, "backslashes": "space"} | options
    return np.concatenate([block.sums for block in sum_embeddings(texts, word_vectors, **options)])
