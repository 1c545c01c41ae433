"""features.pretrained: what it promises, and what it refuses."""

import gzip
import struct
from pathlib import Path

import fasttext
import numpy as np
import pytest

from cartography_al.errors import ConfigError, DataError
from cartography_al.features import corpus_vectors
from cartography_al.features.pretrained import read_bin_vectors, read_pretrained_vectors, read_vec_vectors
from tests.unit.features.support import TEXTS


@pytest.fixture(scope="module")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small FastText model."""
    folder = tmp_path_factory.mktemp("model")
    (folder / "corpus").write_text("".join(f"{text}\n" for text in TEXTS), encoding="utf-8")
    with corpus_vectors._zeroed_memory():
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
        ("2 3\ncat 1 2\ndog 1 2 3\n", "line 2: expected a word and 3 numbers"),
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


def test_words_with_a_space_are_skipped_and_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "words.vec"
    path.write_text("6 2\ncat 1 2\nNew York 3 4\nat name @ 5 6\ndog 7 8\n York 9 9\nhen 0 1\n")
    vectors, known = read_vec_vectors(path, ["cat", "dog", "New", "York", "at"])
    assert vectors[:2].tolist() == [[1, 2], [7, 8]]
    assert known.tolist() == [True, True, False, False, False]
    assert "words.vec: 3 words with a space in them are skipped" in caplog.text
    path.write_text("3 2\ncat 1 2\nNew York 3 4\ndog 7\n")
    with pytest.raises(DataError, match="line 4: expected a word and 2 numbers"):
        read_vec_vectors(path, ["cat"])
    path.write_text("3 2\ncat 1 2 3\ndog 4 5 6\nhen 7 8 9\n")
    with pytest.raises(DataError, match="most lines hold more than a word and 2 numbers, as line 1 says"):
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
