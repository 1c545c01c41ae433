"""features.encoder: our rows beside the library's own, the same bytes on each run, and after a kill."""

import builtins
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cartography_al.errors import ConfigError, DataError, NumericError
from cartography_al.features.arrays import read_features
from cartography_al.features.encoder import (
    BLOCK_TEXTS,
    Encoder,
    count_word_pieces,
    describe_encoded,
    load_encoder,
    write_encoded,
)
from cartography_al.features.encoder_files import check_encoder
from cartography_al.features.switches import WITHOUT_EFFECT
from tests.unit.features.encoders import LONGEST, REAL, WORDS, build_tiny_encoder, loaded, real_encoder


def make_texts(count: int) -> list[str]:
    random = np.random.default_rng(3)
    words = [word for word in WORDS if not word.startswith("##")]
    return ["", *(" ".join(random.choice(words, random.integers(1, 20))) for _ in range(count - 1))]


TEXTS = make_texts(3 * BLOCK_TEXTS - 7)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_encoder(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return loaded(folder)


@pytest.fixture(scope="module")
def written(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """All texts encoded in one go, and what is said of them."""
    path = tmp_path_factory.mktemp("features") / "train.npy"
    return path, write_encoded(path, TEXTS, range(len(TEXTS)), encoder, path.parent / "unfinished")


class Killed(BaseException):
    """Stands for a signal that ends the process."""


def kill_after(encoder: Encoder, batches: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have the model die after so many batches; return the sizes of those that it encodes."""
    sizes: list[int] = []
    encode = encoder.model.encode

    def dying(texts: list[str], **options: Any) -> Any:
        if len(sizes) == batches:
            raise Killed
        sizes.append(len(texts))
        return encode(texts, **options)

    monkeypatch.setattr(encoder.model, "encode", dying)
    return sizes


def test_rows_are_those_of_the_library(written: tuple[Path, dict[str, Any]], encoder: Encoder) -> None:
    read = read_features(written[0])
    direct = encoder.model.encode(TEXTS, show_progress_bar=False)
    assert read.shape == direct.shape == (len(TEXTS), 16)
    np.testing.assert_allclose(read, direct, atol=1e-6)
    assert np.abs(read[1:6] - read[:5]).max() > 1e-2  # else any order would have passed


def test_summary(written: tuple[Path, dict[str, Any]], encoder: Encoder) -> None:
    pieces = count_word_pieces(encoder, TEXTS)
    assert pieces[0] == 2  # an empty text is [CLS] [SEP]
    assert pieces[:40].tolist() == [len(text.split()) + 2 for text in TEXTS[:40]]
    assert written[1]["cut_texts"] == int((pieces > LONGEST).sum()) > 0
    assert written[1]["word_pieces"] == int(np.minimum(pieces, LONGEST).sum())
    assert (written[1]["rows"], written[1]["longest_text"]) == (len(TEXTS), int(pieces.max()))
    assert [path.name for path in written[0].parent.iterdir()] == ["train.npy"]


def test_a_cut_text_is_its_beginning(encoder: Encoder, tmp_path: Path) -> None:
    beginning = " ".join(["ant bee"] * ((LONGEST - 2) // 2))
    texts = [beginning, beginning + " cat dog"]
    summary = write_encoded(tmp_path / "train.npy", texts, range(2), encoder, tmp_path / "unfinished")
    read = read_features(tmp_path / "train.npy")
    assert np.array_equal(read[0], read[1])
    assert summary["cut_texts"] == 1


def test_second_run_gives_the_same_bytes(written: tuple[Path, dict[str, Any]], folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "train.npy"
    again = write_encoded(path, TEXTS, range(len(TEXTS)), loaded(folder), tmp_path / "unfinished")
    assert path.read_bytes() == written[0].read_bytes()
    assert again == written[1]


@pytest.mark.parametrize("batches", [0, 1, 16, 20, 40])  # 16 batches are a block
def test_a_killed_run_goes_on_at_its_block_and_gives_the_same_bytes(
    written: tuple[Path, dict[str, Any]],
    encoder: Encoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    batches: int,
) -> None:
    path, workspace = tmp_path / "train.npy", tmp_path / "unfinished"
    with monkeypatch.context() as patch:
        kill_after(encoder, batches, patch)
        with pytest.raises(Killed):
            write_encoded(path, TEXTS, range(len(TEXTS)), encoder, workspace)
    assert not path.exists()
    assert len(list(workspace.rglob("block-*.npy"))) == batches // 16
    with monkeypatch.context() as patch:
        sizes = kill_after(encoder, -1, patch)
        write_encoded(path, TEXTS, range(len(TEXTS)), encoder, workspace)
    assert sum(sizes) == len(TEXTS) - batches // 16 * BLOCK_TEXTS
    assert path.read_bytes() == written[0].read_bytes()
    assert not workspace.exists()


def test_blocks_of_other_texts_code_or_models_are_not_used(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = tmp_path / "unfinished"
    with monkeypatch.context() as patch:
        kill_after(encoder, 16, patch)
        with pytest.raises(Killed):
            write_encoded(tmp_path / "train.npy", TEXTS, range(len(TEXTS)), encoder, workspace)
    other_files = Encoder(**{**vars(encoder), "files": check_encoder(encoder.files.folder, "tiny")})
    object.__setattr__(other_files.files, "files_sha256", "0" * 64)
    for texts, code, model in ((TEXTS[::-1], "", encoder), (TEXTS, "x", encoder), (TEXTS, "", other_files)):
        with monkeypatch.context() as patch:
            sizes = kill_after(model, 1, patch)
            with pytest.raises(Killed):  # it would have gone on behind the block that is there
                write_encoded(tmp_path / "train.npy", texts, range(len(texts)), model, workspace, code)
            assert len(sizes) == 1
    assert len([path for path in workspace.iterdir() if list(path.glob("block-*.npy"))]) == 1


def test_a_damaged_block_is_made_again(
    written: tuple[Path, dict[str, Any]], encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, workspace = tmp_path / "train.npy", tmp_path / "unfinished"
    with monkeypatch.context() as patch:
        kill_after(encoder, 32, patch)
        with pytest.raises(Killed):
            write_encoded(path, TEXTS, range(len(TEXTS)), encoder, workspace)
    first = next(workspace.rglob("block-00000.npy"))
    first.write_bytes(first.read_bytes()[:1000])
    write_encoded(path, TEXTS, range(len(TEXTS)), encoder, workspace)
    assert path.read_bytes() == written[0].read_bytes()


def test_a_vector_that_is_not_finite_is_refused_with_its_instance(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode = encoder.model.encode

    def broken(texts: list[str], **options: Any) -> Any:
        rows = encode(texts, **options)
        rows[[text == "fox" for text in texts]] = np.nan
        return rows

    monkeypatch.setattr(encoder.model, "encode", broken)
    with pytest.raises(NumericError, match=r"vectors of instances \[8\] are not finite"):
        write_encoded(tmp_path / "train.npy", ["ant", "fox", "bee"], [7, 8, 9], encoder, tmp_path / "unfinished")
    assert list(tmp_path.iterdir()) == []


def test_no_text_is_refused(encoder: Encoder, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="0 texts"):
        write_encoded(tmp_path / "train.npy", [], [], encoder, tmp_path / "unfinished")


def test_a_prompt_of_the_model_is_counted(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder.model, "prompts", {"all": "the ant "})
    monkeypatch.setattr(encoder.model, "default_prompt_name", "all")
    assert count_word_pieces(encoder, ["bee"]).tolist() == [5]


def test_description(encoder: Encoder, tmp_path: Path) -> None:
    describe_encoded(tmp_path / "features.json", encoder, {"train": {"rows": 3}})
    assert json.loads((tmp_path / "features.json").read_text()) == {
        "encoder": {
            "source": "test/tiny",
            "revision": "0",
            "dimension": 16,
            "longest": LONGEST,
            "sha256": encoder.files.weights_sha256,
        },
        "without_effect": dict(WITHOUT_EFFECT),
        "splits": {"train": {"rows": 3}},
    }


def test_a_damaged_model_is_refused(folder: Path, tmp_path: Path) -> None:
    damaged = build_tiny_encoder(tmp_path / "damaged")
    weights = damaged / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:500])
    with pytest.raises(DataError, match=r"damaged: sentence-transformers cannot load this model"):
        loaded(damaged)


def test_the_missing_library_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def without_library(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "sentence_transformers":
            raise ImportError(f"No module named {name!r}")
        return original(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without_library)
    with pytest.raises(ConfigError, match=r"needs the package sentence-transformers.*pip install -r requirements.lock"):
        loaded(folder)


@real_encoder
def test_the_real_encoder_gives_the_librarys_rows_twice(tmp_path: Path) -> None:
    texts = ["Who was the first man in space ?", "", "What is caliente ( in English ) ?", "word " * 300] * 20
    encoder = load_encoder(check_encoder(REAL, "all-MiniLM-L6-v2"))
    assert (encoder.dimension, encoder.longest) == (384, 256)
    files = []
    for name in ("first.npy", "second.npy"):
        summary = write_encoded(tmp_path / name, texts, range(len(texts)), encoder, tmp_path / "unfinished")
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]
    assert summary["cut_texts"] == 20
    read = read_features(tmp_path / "first.npy")
    np.testing.assert_allclose(read[:4], encoder.model.encode(texts[:4], show_progress_bar=False), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(read, axis=1), 1, atol=1e-5)
