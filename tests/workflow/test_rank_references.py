"""The committed ranks over several reference runs are those of today's rules."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.workflow

REPOSITORY = Path(__file__).resolve().parents[2]
REFERENCE = Path("results/reference")
RANKED = ["trec_benchmark", "banking77_sst2", "agnews_benchmark"]
"""The runs of the committed ranks."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for experiment in RANKED:
        (tmp_path / REFERENCE / experiment).mkdir(parents=True)
        for name in ("runs.csv", "config.yaml"):
            shutil.copyfile(REPOSITORY / REFERENCE / experiment / name, tmp_path / REFERENCE / experiment / name)
    shutil.copyfile(REPOSITORY / "config.yaml", tmp_path / "config.yaml")
    return tmp_path


def rank(folder: Path, *experiments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(REPOSITORY / "workflow/rank_references.py"), *experiments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)


def test_the_committed_ranks_are_those_of_the_rules_of_today(folder: Path) -> None:
    done = rank(folder, *RANKED)
    assert (done.returncode, done.stdout.strip()) == (0, str(REFERENCE / "ranks.md")), done.stderr
    for name in ("ranks.csv", "ranks.md"):
        assert (folder / REFERENCE / name).read_bytes() == (REPOSITORY / REFERENCE / name).read_bytes()


def test_what_cannot_be_ranked_is_named(folder: Path) -> None:
    assert "results/reference/nothing/runs.csv: no such file" in rank(folder, "nothing").stderr

    copy = folder / REFERENCE / "copy"
    shutil.copytree(folder / REFERENCE / RANKED[0], copy)
    done = rank(folder, RANKED[0], "copy")
    assert done.returncode == 1
    assert "TREC on MiniLM, as_written as well, which would count twice" in done.stderr

    runs = pd.read_csv(copy / "runs.csv")
    runs[runs["strategy"] == "core_set"].to_csv(copy / "runs.csv", index=False)
    done = rank(folder, RANKED[1], "copy")
    assert done.returncode == 1
    assert "strategies that all of the runs have: none" in done.stderr
    assert not (folder / REFERENCE / "ranks.md").exists()
