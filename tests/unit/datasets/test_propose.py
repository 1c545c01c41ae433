"""The overlay that is proposed for a file can be run as it stands, and says what it chose."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from cartography_al.datasets.propose import propose
from cartography_al.datasets.sources import read_dataset
from cartography_al.errors import DataError
from cartography_al.pipeline.configuration import check_configuration

ROOT = Path(__file__).parents[3]
ROWS = [(f"this is text number {n}, which “says” little", "yes" if n % 3 else "no") for n in range(60)]
OBJECTS = [{"id": n, "body": text, "is_good": label} for n, (text, label) in enumerate(ROWS)]


def overlay(*train: Path, test: Path | None = None) -> dict[str, Any]:
    """What is proposed, held against the schema, laid over config.yaml."""
    update_config = pytest.importorskip("snakemake.utils").update_config
    proposed = yaml.safe_load(propose(train, test))
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    update_config(config, proposed)
    check_configuration(config, ROOT / "workflow/schemas/config.schema.yaml")
    return proposed


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


FRAME = pd.DataFrame(OBJECTS)
FILES: list[tuple[str, str | bytes]] = [
    ("texts.csv", FRAME.to_csv(index=False)),
    ("texts.tsv", FRAME.to_csv(index=False, sep="\t")),
    ("excel.csv", FRAME.to_csv(index=False, sep=";").encode("utf-16")),
    ("windows.csv", FRAME.to_csv(index=False, sep=";").encode("cp1252")),
    ("no_names.csv", FRAME.to_csv(index=False, header=False)),
    ("array.json", json.dumps(OBJECTS)),
    ("lines.jsonl", "".join(json.dumps(row) + "\n" for row in OBJECTS)),
    ("labels_first.txt", "".join(f"{label} {text.replace(',', '')}\n" for text, label in ROWS)),
    ("trec.label", "".join(f"{label.upper()}:fine {text}\n" for text, label in ROWS)),
]


@pytest.mark.parametrize(("name", "content"), FILES, ids=[name for name, _ in FILES])
def test_a_proposal_can_be_run_as_it_stands(tmp_path: Path, name: str, content: str | bytes) -> None:
    proposed = overlay(written(tmp_path, name, content))
    (key,) = proposed["datasets"]
    entry = proposed["datasets"][key]
    assert proposed["run"]["datasets"] == [key] == [name.split(".")[0]]
    assert [label.lower() for label in entry["classes"]] == ["no", "yes"]
    dataset = read_dataset(key, entry)
    assert (len(dataset.train), len(dataset.test)) == (48, 12)
    assert all("number" in text for text in dataset.train["text"])


def test_the_overlay_names_itself_and_its_results(tmp_path: Path) -> None:
    proposed = propose([written(tmp_path, *FILES[0])], overlay="experiments/mine.yaml")
    assert "make check DATA=experiments/mine.yaml\n" in proposed
    assert ".venv/bin/snakemake all --cores all --configfile experiments/mine.yaml\n" in proposed
    assert "experiment: texts        # results are written to results/texts\n" in proposed


def test_parquet_and_a_test_file(tmp_path: Path) -> None:
    FRAME.to_parquet(tmp_path / "train.parquet")
    proposed = overlay(tmp_path / "train.parquet", test=tmp_path / "train.parquet")
    (entry,) = proposed["datasets"].values()
    assert entry["text_column"] == "body"
    assert entry["label_column"] == "is_good"
    assert len(read_dataset("own", entry).test) == 60


def test_one_class_in_each_file(tmp_path: Path) -> None:
    paths = [written(tmp_path, f"{name}.txt", f"a {name} text\n" * 20) for name in ("good", "bad")]
    (entry,) = overlay(*paths)["datasets"].values()
    dataset = read_dataset("own", entry)
    assert dataset.classes == ("bad", "good")
    assert len(dataset.train) == 32


def test_rows_that_cannot_be_used_are_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, "texts.csv", FRAME.to_csv(index=False) + "99,,no\n98,no label here,\n")
    (entry,) = overlay(path)["datasets"].values()
    assert entry["drop_invalid"] is True
    read_dataset("own", entry)


@pytest.mark.parametrize("content", ["only prose\nin these\nthree lines\n", "a,b\nx,y\nz,w\n"])
def test_a_file_without_labels_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(DataError, match=r"no column|none that could be"):
        propose([written(tmp_path, "texts.csv", content)])
