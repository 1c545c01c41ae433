"""Wrong labels on purpose."""

from pathlib import Path

import numpy as np

from cartography_al.datasets.dataset import describe
from cartography_al.datasets.label_noise import plant_errors
from cartography_al.datasets.sources import read_dataset


def test_planted_errors_are_other_labels_of_a_share_of_the_instances() -> None:
    labels = np.arange(1000, dtype=np.int16) % 4
    changed, wrong_ids = plant_errors(labels, 4, 0.05, seed=1)
    assert len(wrong_ids) == 50
    assert np.flatnonzero(changed != labels).tolist() == wrong_ids.tolist()
    assert changed.dtype == labels.dtype
    assert set(changed) == {0, 1, 2, 3}


def entry(folder: Path, **more: object) -> dict[str, object]:
    for split, rows in (("train", 40), ("test", 10)):
        lines = [f"text {split} {row},{'abc'[row % 3]}" for row in range(rows)]
        (folder / f"{split}.csv").write_text("\n".join(["text,label", *lines]) + "\n")
    files = {split: str(folder / f"{split}.csv") for split in ("train", "test")}
    columns = {"text_column": "text", "label_column": "label", "max_tokens": 9, "seed_set_size": 6}
    return {"title": "Made", "files": files, **columns, **more}


def test_a_data_set_is_read_with_wrong_labels_in_its_training_split_alone(tmp_path: Path) -> None:
    right = read_dataset("made", entry(tmp_path))
    wrong = read_dataset("made", entry(tmp_path, label_noise={"of": "made", "share": 0.25}))
    changed = np.flatnonzero(right.train["label"] != wrong.train["label"])
    assert changed.tolist() == list(wrong.wrong_ids) == describe(wrong)["wrong_ids"]
    assert len(changed) == 10
    assert wrong.train["text"].equals(right.train["text"])
    assert wrong.test.equals(right.test)
    assert describe(wrong)["splits"]["train"]["sha256"] != describe(right)["splits"]["train"]["sha256"]
    assert "wrong_ids" not in describe(right)


def test_another_seed_makes_other_labels_wrong(tmp_path: Path) -> None:
    ids = [
        read_dataset("made", entry(tmp_path, label_noise={"of": "made", "share": 0.25, "seed": seed})).wrong_ids
        for seed in (0, 0, 1)
    ]
    assert ids[0] == ids[1] != ids[2]


def test_the_right_labels_are_what_is_expected(tmp_path: Path) -> None:
    """The hash in the configuration is the official file's, which the noise comes after."""
    sha256 = describe(read_dataset("made", entry(tmp_path)))["splits"]["train"]["sha256"]
    noise = {"of": "made", "share": 0.25}
    assert read_dataset("made", entry(tmp_path, label_noise=noise, expected={"train_sha256": sha256})).wrong_ids
