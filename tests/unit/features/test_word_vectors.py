"""features.word_vectors: what it promises, and what it refuses."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartography_al.errors import ConfigError, DataError, NumericError
from cartography_al.features.tokens import Vocabulary
from cartography_al.features.word_vectors import WordVectors, read_word_vectors, write_word_vectors
from tests.unit.features.support import WORDS, make_vectors, sums


def test_word_vectors_come_back_as_they_were_written(tmp_path: Path) -> None:
    words = Vocabulary(("</s>", "Cat", "cat", "é\u00a0x"), np.array([3, 0, 2, 1]), np.array([0, 4, 1, 0]))
    vectors = np.array([[1, 2], [0.1, 0], [3, 4], [0, 0]], dtype=np.float32)
    written = WordVectors(words, vectors, np.array([True, False, True, False]))
    paths = tmp_path / "vocabulary.parquet", tmp_path / "word_vectors.npy", tmp_path / "word_vectors.json"
    write_word_vectors(written, *paths, source="/some/where/model.vec", parameters={"max_tokens": 42})
    read = read_word_vectors(*paths[:2])
    assert read.tokens == words.tokens
    assert read.vocabulary.train_count.tolist() == [3, 0, 2, 1]
    assert read.vocabulary.test_count.tolist() == [0, 4, 1, 0]
    assert np.array_equal(read.vectors, vectors)
    assert isinstance(read.vectors, np.memmap)
    assert read.known.tolist() == [True, False, True, False]
    schema = pq.read_schema(paths[0])
    assert [(field.name, str(field.type)) for field in schema] == [
        ("token", "string"),
        ("train_count", "int64"),
        ("test_count", "int64"),
        ("known", "bool"),
    ]
    assert json.loads(paths[2].read_text()) == {
        "source": "model.vec",
        "dimension": 2,
        "tokens": 4,
        "parameters": {"max_tokens": 42},
        "sha256": hashlib.sha256(vectors.tobytes()).hexdigest(),
        "coverage": {
            "train": {
                "types": {"all": 3, "known": 2, "through_subwords": 0},
                "tokens": {"all": 6, "known": 5, "through_subwords": 0},
            },
            "test": {
                "types": {"all": 2, "known": 1, "through_subwords": 1},
                "tokens": {"all": 5, "known": 1, "through_subwords": 4},
            },
        },
    }
    before = [path.read_bytes() for path in paths]
    write_word_vectors(read, *paths, source="model.vec", parameters={"max_tokens": 42})
    assert [path.read_bytes() for path in paths] == before


def test_foreign_or_mixed_word_vectors_are_refused(tmp_path: Path) -> None:
    paths = tmp_path / "vocabulary.parquet", tmp_path / "word_vectors.npy", tmp_path / "word_vectors.json"
    with pytest.raises(DataError, match="no such file"):
        read_word_vectors(*paths[:2])
    write_word_vectors(make_vectors(), *paths, source="corpus", parameters={})
    np.save(paths[1], np.zeros((3, 2), np.float32))
    with pytest.raises(DataError, match="not of one run"):
        read_word_vectors(*paths[:2])
    paths[0].write_bytes(b"no parquet")
    with pytest.raises(DataError, match="not a vocabulary"):
        read_word_vectors(*paths[:2])


def test_word_vectors_must_be_finite_float32() -> None:
    words = Vocabulary(("a", "b"), np.ones(2, np.int64), np.ones(2, np.int64))
    known = np.array([True, True])
    with pytest.raises(NumericError, match=r"\['b'\]"):
        WordVectors(words, np.array([[0, 1], [0, np.inf]], np.float32), known)
    with pytest.raises(DataError, match="float64"):
        WordVectors(words, np.zeros((2, 2)), known)
    with pytest.raises(DataError, match="known"):
        WordVectors(words, np.zeros((2, 2), np.float32), known[:1])


texts_of_words = st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), min_size=1, max_size=9)


@settings(deadline=None)
@given(texts_of_words, st.integers(1, 10), st.integers(1, 8), st.sampled_from(["none", "first_word"]))
def test_sums_equal_a_naive_loop_to_the_last_bit(
    texts: list[str], max_tokens: int, block_rows: int, padding: str
) -> None:
    vectors = make_vectors()
    expected = []
    for text in texts:
        total = np.zeros(7)
        tokens = text.split()[:max_tokens]
        for token in tokens:
            total = total + vectors.vectors[WORDS.index(token)].astype(np.float64)
        if padding == "first_word":
            total = total + (max_tokens - len(tokens)) * vectors.vectors[WORDS.index("bee")].astype(np.float64)
        expected.append(total.astype(np.float32))
    found = sums(texts, vectors, max_tokens=max_tokens, block_rows=block_rows, padding=padding, first_token="bee")
    assert found.dtype == np.float32
    assert found.tobytes() == np.array(expected).tobytes()


@settings(deadline=None)
@given(texts_of_words, texts_of_words)
def test_a_joined_text_has_the_sum_of_the_sums(left: list[str], right: list[str]) -> None:
    vectors = make_vectors()
    joined = sums([" ".join(left) + " " + " ".join(right)], vectors)
    apart = sums(left, vectors).sum(axis=0) + sums(right, vectors).sum(axis=0)
    np.testing.assert_allclose(joined[0], apart, rtol=1e-5, atol=1e-4)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=30).flatmap(
        lambda words: st.tuples(st.just(words), st.permutations(words))
    )
)
def test_the_order_of_the_tokens_does_not_matter(orders: tuple[list[str], list[str]]) -> None:
    found = sums([" ".join(order) for order in orders], make_vectors(scale=100))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6, atol=1e-5)


@settings(deadline=None)
@given(texts_of_words, st.integers(1, 15))
def test_tokens_beyond_the_maximum_do_not_count(texts: list[str], max_tokens: int) -> None:
    cut = [" ".join(text.split()[:max_tokens]) for text in texts]
    vectors = make_vectors()
    assert np.array_equal(sums(texts, vectors, max_tokens=max_tokens), sums(cut, vectors))


def test_text_without_words_is_zero_or_padding_alone() -> None:
    vectors = make_vectors()
    assert not sums(["", " "], vectors).any()
    padded = sums([""], vectors, max_tokens=4, padding="first_word", first_token="cat")
    assert np.array_equal(padded[0], 4 * vectors.vectors[2])


def test_backslash_is_read_as_asked() -> None:
    vectors = make_vectors(("bee", "beecat", "cat", "zero"))
    rows = vectors.vectors
    np.testing.assert_array_equal(sums(["bee\\cat"], vectors)[0], rows[0] + rows[2])
    np.testing.assert_array_equal(sums(["bee\\cat"], vectors, backslashes="removed")[0], rows[1])


def test_sums_refuse_what_they_do_not_know() -> None:
    with pytest.raises(DataError, match="'fly' is not in the vocabulary"):
        sums(["cat fly"], make_vectors())
    with pytest.raises(DataError, match="'fly' is not in the vocabulary"):
        sums(["cat"], make_vectors(), max_tokens=3, padding="first_word", first_token="fly")
    with pytest.raises(ConfigError, match="max_tokens and first_token"):
        sums(["cat"], make_vectors(), padding="first_word", first_token="cat")
    with pytest.raises(ConfigError, match="max_tokens and first_token"):
        sums(["cat"], make_vectors(), max_tokens=3, padding="first_word")
