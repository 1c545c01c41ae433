"""features.corpus_vectors: what it promises, and what it refuses."""

from pathlib import Path

import fasttext
import numpy as np
import pytest

from cartography_al.errors import ConfigError, DataError, NumericError
from cartography_al.features.corpus_vectors import CorpusOptions, train_corpus_vectors
from cartography_al.features.tokens import vocabulary
from tests.unit.features.support import TEXTS

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
