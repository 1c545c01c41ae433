"""The committed ranks over several reference runs are those of today's rules."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

pytestmark = pytest.mark.workflow

REPOSITORY = Path(__file__).resolve().parents[2]
REFERENCE = Path("results/reference")
RANKED = [
    *("trec_benchmark", "agnews_benchmark", "agnews_benchmark_others"),
    *("banking77_sst2", "banking77_sst2_others", "banking77_sst2_dearest"),
]
"""The runs of the committed ranks."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for experiment in RANKED:
        (tmp_path / REFERENCE / experiment).mkdir(parents=True)
        for name in ("runs.csv", "config.yaml", "provenance.json"):
            shutil.copyfile(REPOSITORY / REFERENCE / experiment / name, tmp_path / REFERENCE / experiment / name)
    shutil.copyfile(REPOSITORY / "config.yaml", tmp_path / "config.yaml")
    return tmp_path


@pytest.fixture
def copy(folder: Path) -> Path:
    """A reference run that has the data and the strategies of the first one."""
    return Path(shutil.copytree(folder / REFERENCE / RANKED[0], folder / REFERENCE / "copy"))


def rank(folder: Path, *experiments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(REPOSITORY / "workflow/rank_references.py"), *experiments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)


def test_the_committed_ranks_are_those_of_the_rules_of_today(folder: Path) -> None:
    done = rank(folder, *RANKED)
    assert (done.returncode, done.stdout.strip()) == (0, str(REFERENCE / "ranks.md")), done.stderr
    for name in ("ranks.csv", "ranks.md"):
        assert (folder / REFERENCE / name).read_bytes() == (REPOSITORY / REFERENCE / name).read_bytes()


def test_what_cannot_be_ranked_is_named(folder: Path, copy: Path) -> None:
    assert "results/reference/nothing/runs.csv: no such file" in rank(folder, "nothing").stderr

    runs = pd.read_csv(copy / "runs.csv")
    runs[runs["strategy"] == "core_set"].to_csv(copy / "runs.csv", index=False)
    done = rank(folder, RANKED[1], "copy")
    assert done.returncode == 1
    assert "strategies that all of the runs have: none" in done.stderr
    assert not (folder / REFERENCE / "ranks.md").exists()


def test_strategies_of_one_data_set_that_were_run_apart_are_ranked_together(folder: Path, copy: Path) -> None:
    together = folder / REFERENCE / RANKED[0]
    assert rank(folder, RANKED[0]).returncode == 0
    expected = (folder / REFERENCE / "ranks.md").read_text(encoding="utf-8")
    assert " 18 strategies;" in expected

    runs = pd.read_csv(together / "runs.csv")
    few = runs["strategy"].isin(["random", "cal", "badge"])
    runs[few | (runs["strategy"] == "dal")].to_csv(copy / "runs.csv", index=False)
    runs[~few | (runs["strategy"] == "random")].to_csv(together / "runs.csv", index=False)
    assert rank(folder, RANKED[0], "copy").returncode == 0
    assert (folder / REFERENCE / "ranks.md").read_text(encoding="utf-8") == expected


def test_runs_of_one_data_set_that_disagree_are_ranked_only_where_the_machines_differ(folder: Path, copy: Path) -> None:
    runs = pd.read_csv(copy / "runs.csv")
    chain = (runs["strategy"] == "random") & (runs["seed"] == runs["seed"].min())
    for iteration, change in ((14, -0.06), (15, 0.06)):  # the area is as it was
        runs.loc[chain & (runs["iteration"] == iteration), "test_accuracy"] += change
    runs.to_csv(copy / "runs.csv", index=False)
    done = rank(folder, RANKED[0], "copy")
    assert (done.returncode, done.stdout) == (1, "")
    assert "copy and trec_benchmark disagree about TREC on MiniLM, as_written" in done.stderr

    runs.loc[chain & (runs["iteration"] == 14), "test_accuracy"] += 0.06
    runs.to_csv(copy / "runs.csv", index=False)

    provenance = json.loads((copy / "provenance.json").read_text(encoding="utf-8"))
    provenance["machine"]["processor"] = "another"
    (copy / "provenance.json").write_text(json.dumps(provenance), encoding="utf-8")
    assert rank(folder, RANKED[0], "copy").returncode == 0
    ranks = (folder / REFERENCE / "ranks.md").read_text(encoding="utf-8")
    assert "areas differ by 0.002 at most" in ranks  # 0.06 of one of 30 iterations
    assert "copy was computed on another, trec\\_benchmark on AMD" in ranks


def test_runs_of_one_data_set_with_other_texts_settings_or_seeds_are_not_ranked_together(
    folder: Path, copy: Path
) -> None:
    runs = pd.read_csv(copy / "runs.csv")
    runs[runs["seed"] != runs["seed"].min()].to_csv(copy / "runs.csv", index=False)
    provenance = json.loads((copy / "provenance.json").read_text(encoding="utf-8"))
    provenance["texts"]["trec"]["splits"]["test"]["rows"] -= 1
    (copy / "provenance.json").write_text(json.dumps(provenance), encoding="utf-8")
    config = yaml.safe_load((copy / "config.yaml").read_text(encoding="utf-8"))
    config["run"]["query_size"] += 1
    (copy / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    done = rank(folder, RANKED[0], "copy")
    assert done.returncode == 1
    assert "but not of the same run.query_size, texts, seeds as trec_benchmark" in done.stderr
