"""features.tokens: what it promises, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest

from cartography_al.errors import DataError, NumericError
from cartography_al.features.sums import write_features
from cartography_al.features.tokens import Vocabulary, first_word, vocabulary
from cartography_al.features.word_vectors import WordVectors
from cartography_al.tokenizer import tokenize


def test_tokenize_splits_on_white_space_keeps_case_and_truncates() -> None:
    assert tokenize("  Who was\tthe\n first?\u00a0x ", None, "space") == ["Who", "was", "the", "first?", "x"]
    assert tokenize("a b c", 2, "space") == ["a", "b"]
    assert tokenize("", 2, "space") == []


def test_backslash_is_a_space_or_nothing() -> None:
    assert tokenize("a second\\team won\\", None, "space") == ["a", "second", "team", "won"]
    assert tokenize("a second\\team won\\", None, "removed") == ["a", "secondteam", "won"]


def test_truncation_counts_tokens_after_the_backslash_is_read() -> None:
    assert tokenize("a\\b c", 2, "space") == ["a", "b"]
    assert tokenize("a\\b c", 2, "removed") == ["ab", "c"]


def test_vocabulary_is_sorted_and_counts_each_split() -> None:
    words = vocabulary(["b a b", "B z"], ["b c z"], max_tokens=2, backslashes="space")
    assert words.tokens == ("B", "a", "b", "c", "z")
    assert words.train_count.tolist() == [1, 1, 1, 0, 1]
    assert words.test_count.tolist() == [0, 0, 1, 1, 0]
    assert words.train_count.dtype == words.test_count.dtype == np.int64


def test_vocabulary_adds_the_tokens_of_another_reading_with_count_zero() -> None:
    one = vocabulary(["x\\y z"], ["z"], None, "space")
    both = vocabulary(["x\\y z"], ["z"], None, "space", also=["removed"])
    assert one.tokens == ("x", "y", "z")
    assert both.tokens == ("x", "xy", "y", "z")
    assert both.train_count.tolist() == [1, 0, 1, 1]


def test_first_word_is_the_first_token_of_the_first_text_that_has_one() -> None:
    assert first_word([" ", "How did serfdom develop", "x"], "space") == "How"
    assert first_word(["\\Wall\\St x"], "removed") == "WallSt"
    with pytest.raises(DataError, match="text_column"):
        first_word(["", " "], "space")


def test_a_sum_that_is_not_finite_names_its_instances_and_leaves_no_file(tmp_path: Path) -> None:
    words = Vocabulary(("big", "cat"), np.ones(2, np.int64), np.ones(2, np.int64))
    vectors = WordVectors(words, np.array([[3e38], [1]], np.float32), np.array([True, True]))
    with pytest.raises(NumericError, match=r"instances \[12, 14\]"):
        write_features(
            tmp_path / "x.npy",
            ["cat", "big", "big big", "cat", "big big big"],
            [10, 11, 12, 13, 14],
            vectors,
            max_tokens=None,
            backslashes="space",
        )
    assert list(tmp_path.iterdir()) == []
