"""Features: tokens, vectors of words and their sums, against independent computations."""

import gzip
import hashlib
import json
import pickle
import struct
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartography_al import features
from cartography_al.errors import ConfigError, DataError, NumericError
from cartography_al.features import (
    CorpusOptions,
    Vocabulary,
    WordVectors,
    describe_features,
    first_word,
    read_bin_vectors,
    read_features,
    read_pretrained_vectors,
    read_vec_vectors,
    read_word_vectors,
    sum_embeddings,
    tokenize,
    train_corpus_vectors,
    vocabulary,
    write_features,
    write_word_vectors,
)

OPTIONS: CorpusOptions = {
    "dimension": 12,
    "epochs": 2,
    "learning_rate": 0.05,
    "buckets": 500,
    "min_count": 1,
    "window": 5,
    "negatives": 5,
    "min_ngram": 3,
    "max_ngram": 6,
    "seed": 3,
}
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


# ---------------------------------------------------------------- tokens


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


# ---------------------------------------------------------------- training on the corpus


def test_training_twice_gives_the_same_bytes_whatever_the_memory_held_before() -> None:
    tokens = vocabulary(TEXTS, ["unseen words"], None, "space").tokens
    first, known = train_corpus_vectors(TEXTS, tokens, OPTIONS, None, "space")
    for size in (1_000, 10_000, 24_000, 25_000, 30_000, 100_000):
        dirt = [b"\x7f" * size for _ in range(50)]  # 0x7f7f7f7f is 3.4e38 as a float
        del dirt
        again, known_again = train_corpus_vectors(TEXTS, tokens, OPTIONS, None, "space")
        assert again.tobytes() == first.tobytes()
        assert (known_again == known).all()
    assert first.dtype == np.float32
    assert np.abs(first).max() < 1


def test_seed_changes_the_vectors_and_leaves_the_package_as_it_was() -> None:
    tokens = vocabulary(TEXTS, [], None, "space").tokens
    first, _ = train_corpus_vectors(TEXTS, tokens, OPTIONS, None, "space")
    other, _ = train_corpus_vectors(TEXTS, tokens, OPTIONS | {"seed": 4}, None, "space")
    assert not np.array_equal(first, other)
    assert fasttext.FastText.unsupervised_default["seed"] == 0


def test_only_training_words_are_known_and_others_get_their_subwords() -> None:
    tokens = ("cat", "catty", "Who", "q")
    vectors, known = train_corpus_vectors(TEXTS, tokens, OPTIONS, None, "space")
    assert known.tolist() == [True, False, True, False]
    assert vectors.any(axis=1).tolist() == [True, True, True, True]
    without_subwords: CorpusOptions = OPTIONS | {"min_ngram": 0, "max_ngram": 0}
    vectors, known = train_corpus_vectors(TEXTS, tokens, without_subwords, None, "space")
    assert known.tolist() == [True, False, True, False]
    assert not vectors[~known].any()


def test_training_sees_truncated_texts_only() -> None:
    _, known = train_corpus_vectors(TEXTS, ("the", "sat", "mat", "runner"), OPTIONS, 3, "space")
    assert known.tolist() == [True, True, False, False]


def test_training_options_reach_fasttext(tmp_path: Path) -> None:
    # the same training, asked of the package by hand; large enough for fresh memory, see _zeroed_memory
    options: CorpusOptions = OPTIONS | {"buckets": 800_000, "seed": 0, "min_count": 2, "negatives": 3, "window": 2}
    corpus = tmp_path / "corpus"
    corpus.write_text("".join(f"{text}\n" for text in TEXTS), encoding="utf-8")
    model = fasttext.train_unsupervised(
        str(corpus),
        model="skipgram",
        dim=12,
        epoch=2,
        lr=0.05,
        bucket=800_000,
        minCount=2,
        ws=2,
        neg=3,
        minn=3,
        maxn=6,
        thread=1,
        verbose=0,
    )
    tokens = ("cat", "the", "unseen", "?")
    vectors, _ = train_corpus_vectors(TEXTS, tokens, options, None, "space")
    assert np.array_equal(vectors, [model.get_word_vector(token) for token in tokens])


@pytest.mark.parametrize("token", ["</s>", "a\0b", "__label__x"])
def test_no_token_can_break_the_training_file(token: str) -> None:
    texts = [f"one {token} two three"] * 30
    tokens = ("one", "three", "two", token)
    vectors, known = train_corpus_vectors(texts, tokens, OPTIONS, None, "space")
    assert known[:3].all()
    assert np.isfinite(vectors).all()
    if token == "__label__x":  # a word like any other
        assert known[3]
    else:  # left out, so the text is trained on as if it were not there
        without, _ = train_corpus_vectors(["one two three"] * 30, tokens, OPTIONS, None, "space")
        assert np.array_equal(vectors[:3], without[:3])


def test_training_prints_nothing_and_logs_two_plain_lines(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    train_corpus_vectors(TEXTS, ["cat"], OPTIONS, None, "space")
    captured = capfd.readouterr()
    assert captured.out == captured.err == ""
    assert caplog.messages[0] == "training FastText on 60 texts, 380 words ..."
    assert len(caplog.messages) == 2


@pytest.mark.parametrize("texts", [[], ["", " "], ["word word word"], ["a b c d"]])
def test_training_refuses_texts_with_too_few_words(texts: list[str]) -> None:
    # FastText would never return: it looks for a negative among one word
    with pytest.raises(DataError, match="at least two words that occur 2 times"):
        train_corpus_vectors(texts, ["word"], OPTIONS | {"min_count": 2}, None, "space")


def test_training_refuses_subwords_without_buckets() -> None:
    # FastText would divide by zero and end the process
    with pytest.raises(ConfigError, match="buckets"):
        train_corpus_vectors(TEXTS, ["cat"], OPTIONS | {"buckets": 0}, None, "space")


def test_diverging_training_is_a_numeric_error() -> None:
    with pytest.raises(NumericError, match="learning_rate"):
        train_corpus_vectors(TEXTS, ["cat"], OPTIONS | {"learning_rate": 1e38}, None, "space")


# ---------------------------------------------------------------- pretrained models


@pytest.fixture(scope="module")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small FastText model."""
    folder = tmp_path_factory.mktemp("model")
    (folder / "corpus").write_text("".join(f"{text}\n" for text in TEXTS), encoding="utf-8")
    with features._zeroed_memory():
        model = fasttext.train_unsupervised(
            str(folder / "corpus"), dim=6, epoch=1, minCount=1, bucket=300, thread=1, verbose=0
        )
    model.save_model(str(folder / "model.bin"))
    return folder / "model.bin"


def test_bin_vectors_are_the_models_own_out_of_vocabulary_included(model_path: Path) -> None:
    tokens = ["cat", "catz", "Runner", "the", "</s>", "é"]
    model = fasttext.load_model(str(model_path))
    vectors, known = read_bin_vectors(model_path, tokens)
    assert np.array_equal(vectors, [model.get_word_vector(token) for token in tokens])
    assert known.tolist() == [True, False, False, True, True, False]
    # the definition: an unknown word is the mean of its subwords' rows
    _, rows = model.get_subwords("catz")
    expected = np.mean([model.get_input_vector(row) for row in rows], axis=0)
    np.testing.assert_allclose(vectors[1], expected, rtol=1e-5)


def test_bin_cut_at_any_place_is_refused(model_path: Path, tmp_path: Path) -> None:
    whole = model_path.read_bytes()
    cut = tmp_path / "cut.bin"
    for length in [0, 3, 8, 60, 91, 92, 93, 100, 150, 250, 300, 400, len(whole) // 2, len(whole) - 1]:
        cut.write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"cut\.bin.*truncated"):
            read_bin_vectors(cut, ["cat"])
    cut.write_bytes(whole + b"\0")
    with pytest.raises(DataError, match="damaged"):
        read_bin_vectors(cut, ["cat"])


def test_bin_of_another_format_missing_or_quantized_is_refused(model_path: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.bin: no such file"):
        read_bin_vectors(tmp_path / "none.bin", ["cat"])
    other = tmp_path / "other.bin"
    other.write_bytes(b"x" * 1000)
    with pytest.raises(DataError, match="not a FastText model"):
        read_bin_vectors(other, ["cat"])
    content = bytearray(model_path.read_bytes())
    words = struct.unpack_from("<i", content, 64)[0]
    position = 92
    for _ in range(words):
        position = content.index(0, position) + 10
    content[position] = 1
    other.write_bytes(content)
    with pytest.raises(DataError, match="quantization"):
        read_bin_vectors(other, ["cat"])


def test_bin_with_a_vector_that_is_not_finite_is_refused(model_path: Path, tmp_path: Path) -> None:
    model = fasttext.load_model(str(model_path))
    matrix = model.get_input_matrix()
    matrix[model.get_word_id("mat")] = np.nan
    model.set_matrices(matrix, model.get_output_matrix())
    model.save_model(str(tmp_path / "nan.bin"))
    assert read_bin_vectors(tmp_path / "nan.bin", ["cat"])[1].all()
    with pytest.raises(DataError, match=r"nan\.bin: the vector of 'mat'"):
        read_bin_vectors(tmp_path / "nan.bin", ["cat", "mat"])


# ---------------------------------------------------------------- .vec files

VEC = "4 3\ncat 1 2 3\nd\u00a0g 0.5 -1e-3 7 \ncat 9 9 9\nThe 0.1 0.2 0.3\n"


@pytest.mark.parametrize("name", ["words.vec", "words.vec.gz"])
def test_vec_keeps_needed_words_and_gives_zeros_for_others(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(VEC.encode()) if name.endswith(".gz") else VEC.encode())
    vectors, known = read_pretrained_vectors(path, ["The", "the", "cat", "d\u00a0g"])
    expected = np.array([[0.1, 0.2, 0.3], [0, 0, 0], [1, 2, 3], [0.5, -1e-3, 7]], dtype=np.float32)
    assert vectors.dtype == np.float32
    assert np.array_equal(vectors, expected)
    assert known.tolist() == [True, False, True, True]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: expected the number of words"),
        ("cat 1 2 3\n", "line 1: expected the number of words"),
        ("2\ncat 1\n", "line 1: expected the number of words"),
        ("2 0\ncat\n", "line 1: expected the number of words"),
        ("2 3\ncat 1 2 3\ndog 1 2\n", "line 3: expected a word and 3 numbers"),
        ("2 3\ncat 1 2 3 4\ndog 1 2 3\n", "line 2: expected a word and 3 numbers"),
        ("1 1\ncat\n", "line 2: expected a word and 1 numbers"),
        ("2 3\ncat 1 2 3\n", "announces 2 words, the file holds 1"),
        ("1 3\ncat 1 2 3\ndog 1 2 3\n", "announces 1 words, the file holds 2"),
        ("2 3\ncat 1 2 3\ndog 1 2 0.", "line 3: the file is truncated"),
        ("1 3\ncat 1 two 3\n", "line 2: could not convert"),
        ("1 3\ncat 1 nan 3\n", "line 2: a number is not finite"),
        ("1 3\ncat 1 1e39 3\n", "line 2: a number is not finite"),
    ],
)
def test_damaged_vec_is_refused_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "bad.vec"
    path.write_text(content)
    with pytest.raises(DataError, match=rf"bad\.vec.*{message}"):
        read_vec_vectors(path, ["cat"])


def test_damaged_vec_gz_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(VEC.encode() * 50, mtime=0)
    path = tmp_path / "bad.vec.gz"
    for content in (whole[:-12], whole[:-6] + b"\0" + whole[-5:], b"plain text\n"):
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"bad\.vec\.gz"):
            read_vec_vectors(path, ["cat"])


def test_unknown_kinds_of_vectors_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_vec_vectors(tmp_path / "none.vec", ["cat"])
    with pytest.raises(ConfigError, match=r"embedding\.source"):
        read_pretrained_vectors(tmp_path / "vectors.npy", ["cat"])


# ---------------------------------------------------------------- word vectors on disk


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


# ---------------------------------------------------------------- sums

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


# ---------------------------------------------------------------- features on disk


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 12))
def test_file_does_not_depend_on_the_size_of_the_blocks(
    tmp_path_factory: pytest.TempPathFactory, block_rows: int
) -> None:
    folder = tmp_path_factory.mktemp("features")
    texts = ["ant bee", "", "cat " * 30, "emu", "dog ant dog"] * 2
    files = []
    for rows in (block_rows, 1000):
        write_features(
            folder / f"{rows}.npy",
            texts,
            range(10),
            make_vectors(),
            max_tokens=20,
            backslashes="space",
            padding="first_word",
            first_token="ant",
            block_rows=rows,
        )
        files.append((folder / f"{rows}.npy").read_bytes())
    assert files[0] == files[1]


def test_features_are_mapped_and_described(tmp_path: Path) -> None:
    vectors = make_vectors()
    texts = ["ant bee", "emu", "cat", ""]
    path = tmp_path / "train.npy"
    summary = write_features(path, texts, [4, 5, 6, 7], vectors, max_tokens=9, backslashes="space")
    read = read_features(path)
    assert isinstance(read, np.memmap)
    assert not read.flags.writeable
    assert np.array_equal(read, sums(texts, vectors))
    digest = hashlib.sha256(read.tobytes()).hexdigest()
    assert summary == {"rows": 4, "dimension": 7, "tokens": 4, "texts_without_known_words": 2, "sha256": digest}
    assert [p.name for p in tmp_path.iterdir()] == ["train.npy"]

    words_paths = tmp_path / "v.parquet", tmp_path / "v.npy", tmp_path / "v.json"
    write_word_vectors(vectors, *words_paths, source="corpus", parameters={"seed": 0})
    describe_features(tmp_path / "features.json", words_paths[2], {"train": summary}, {"padding": "none"})
    words = json.loads(words_paths[2].read_text())
    assert json.loads((tmp_path / "features.json").read_text()) == {
        "word_vectors": {"source": "corpus", "dimension": 7, "sha256": words["sha256"]},
        "parameters": {"padding": "none"},
        "splits": {"train": summary},
    }


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


def test_no_texts_or_wrong_ids_are_refused(tmp_path: Path) -> None:
    for texts, ids in (([], []), (["cat"], [1, 2])):
        with pytest.raises(DataError, match="instance ids"):
            write_features(tmp_path / "x.npy", texts, ids, make_vectors(), max_tokens=None, backslashes="space")


def test_files_that_are_no_features_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    with pytest.raises(DataError, match="no such file"):
        read_features(path)
    np.save(path, np.zeros((50, 3), np.float32))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError, match="truncated"):
        read_features(path)
    for array in (np.zeros((2, 2)), np.zeros(3, np.float32)):
        np.save(path, array)
        with pytest.raises(DataError, match="two-dimensional float32"):
            read_features(path)
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match=r"x\.npy"):
        read_features(path)
    path.write_bytes(pickle.dumps(np.zeros((2, 2), np.float32)))
    with pytest.raises(DataError, match=r"x\.npy"):
        read_features(path)
    path.write_bytes(b"")
    with pytest.raises(DataError, match=r"x\.npy"):
        read_features(path)
    with open(path, "wb") as file:
        np.savez(file, x=np.zeros((2, 2), np.float32))
    with pytest.raises(DataError, match=r"x\.npy"):
        read_features(path)
