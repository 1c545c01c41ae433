"""A full disk: every writer says which file could not be written, and leaves no part of it."""

import re
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from cartography_al.active_learning.checkpoints import (
    Checkpoint,
    read_checkpoint,
    read_state,
    write_checkpoint,
    write_state,
)
from cartography_al.datasets.dataset import Dataset, write_dataset
from cartography_al.datasets.splits import read_split
from cartography_al.errors import StorageError
from cartography_al.features.arrays import read_features
from cartography_al.features.sums import write_features
from cartography_al.features.tokens import Vocabulary
from cartography_al.features.word_vectors import WordVectors, write_word_vectors
from cartography_al.figures.style import save_figure
from cartography_al.files import no_space_named, write_frame, write_text

SPACE = 16 * 1024  # bytes; every writer below needs more
ROWS = 3000
IDS = np.arange(ROWS)
RANDOM = np.random.default_rng(0)


@pytest.fixture(params=["full disk", "file size limit"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Callable[[], object]]]:
    """A folder in which no file can be longer than SPACE, and a function that ends that.

    A limit needs no rights, so that every writer is tested everywhere; a full disk shows what memory maps do.
    """
    if request.param == "file size limit":
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (SPACE, limits[1]))
        try:
            yield tmp_path, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        return
    command = ["mount", "-t", "tmpfs", "-o", f"size={SPACE}", "tmpfs", str(tmp_path)]
    mounted = subprocess.run(command, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield tmp_path, lambda: subprocess.run(["mount", "-o", "remount,size=8m", tmp_path], check=True)
    finally:
        subprocess.run(["umount", "--lazy", tmp_path], check=True)


def checkpoint(folder: Path) -> None:
    zeros, random = np.zeros(ROWS, np.int16), RANDOM.random(ROWS)
    instances = {"instance_id": IDS, "label": zeros, "acquired_iteration": zeros}
    statistics = {"confidence": random, "variability": random, "correctness": random}
    written = Checkpoint(
        "ab", "made", "cal", 7, 0, {}, 0.5, 0.5, {}, {}, np.zeros(4, np.int16), pd.DataFrame(instances | statistics)
    )
    write_checkpoint(folder / "iteration-000.parquet", written)
    assert len(read_checkpoint(folder / "iteration-000.parquet").instances) == ROWS


def state(folder: Path) -> None:
    values = RANDOM.random(20_000, np.float32)
    write_state(folder / "state.parquet", values, "ab", 0)
    assert (read_state(folder / "state.parquet", "ab", 0) == values).all()


def made_vectors(words: int) -> WordVectors:
    ones = np.ones(words, np.int64)
    tokens = tuple(f"{word:06}" for word in range(words))
    return WordVectors(Vocabulary(tokens, ones, ones), RANDOM.random((words, 50), np.float32), np.ones(words, np.bool_))


def word_vectors(folder: Path) -> None:
    vectors = made_vectors(300)
    write_word_vectors(vectors, folder / "words", folder / "vectors.npy", folder / "words.json", "corpus", {})
    assert (read_features(folder / "vectors.npy") == vectors.vectors).all()


def features(folder: Path) -> None:
    texts = ["000000 000001"] * ROWS
    write_features(folder / "f.npy", texts, IDS, made_vectors(2), max_tokens=None, backslashes="space")
    assert read_features(folder / "f.npy").shape == (ROWS, 50)


def split(folder: Path) -> None:
    frame = pd.DataFrame({"instance_id": IDS, "text": RANDOM.random(ROWS).astype(str), "label": np.int16(0)})
    dataset = Dataset("made", "Made", "a test", ("a",), frame, frame, 5)
    write_dataset(dataset, folder / "train.parquet", folder / "test.parquet", folder / "dataset.json")
    assert len(read_split(folder / "test.parquet")) == ROWS


def frame(folder: Path) -> None:
    write_frame(folder / "frame.parquet", pd.DataFrame({"a": RANDOM.random(ROWS)}))
    assert len(pd.read_parquet(folder / "frame.parquet")) == ROWS


def table(folder: Path) -> None:
    write_text(folder / "table.md", "| cell " * ROWS)
    assert (folder / "table.md").read_text() == "| cell " * ROWS


def figure(folder: Path) -> None:
    noise = Figure(figsize=(2, 2))
    noise.figimage(RANDOM.random((400, 400, 3)))
    save_figure(noise, folder / "figure.pdf", folder / "figure.png")
    assert (folder / "figure.pdf").read_bytes().rstrip().endswith(b"%%EOF")


WRITERS = [checkpoint, state, word_vectors, features, split, frame, table, figure]


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_a_full_disk_is_said_and_leaves_no_part_of_a_file(folder, write):
    path, end = folder
    with pytest.raises(StorageError, match=r"free space .* and run the same command again") as caught:
        write(path)
    said = re.fullmatch(r"(.*): cannot be written \((No space left on device|File too large)\); .*", str(caught.value))
    assert said
    named = Path(said[1])
    assert named.parent == path
    left = {file.name for file in path.iterdir()}
    assert named.name not in left
    assert not [name for name in left if name.startswith(".")]
    end()
    write(path)


def test_a_full_disk_keeps_the_file_that_was_there(folder):
    path, end = folder
    (path / "table.md").write_text("old")
    with pytest.raises(StorageError):
        table(path)
    assert [(file.name, file.read_text()) for file in path.iterdir()] == [("table.md", "old")]
    end()
    table(path)


def test_other_errors_stay_what_they_are(tmp_path):
    with pytest.raises(IsADirectoryError), no_space_named(tmp_path):
        tmp_path.read_text()
