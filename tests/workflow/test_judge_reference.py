"""The committed verdicts on accuracies are those of today's rules."""

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


def judge(folder: Path, *experiments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(REPOSITORY / "workflow/judge_reference.py"), *experiments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)


OF_20_SEEDS = [
    f"trec_{part}20_seeds" for part in ("", "dal_", "hybrid_", "released_", "dal_released_", "hybrid_released_")
]


@pytest.mark.parametrize(
    "experiments", [["trec_local"], OF_20_SEEDS, ["trec_encoder_20_seeds", "trec_encoder_dal_20_seeds"]]
)
def test_the_committed_verdicts_are_those_of_the_rules_of_today(experiments: list[str], tmp_path: Path) -> None:
    for experiment in experiments:
        shutil.copytree(REPOSITORY / REFERENCE / experiment, tmp_path / REFERENCE / experiment)
    shutil.copyfile(REPOSITORY / "config.yaml", tmp_path / "config.yaml")
    names = [REFERENCE / experiments[0] / f"tables/claims_of_accuracies.{suffix}" for suffix in ("csv", "md")]
    for name in names:
        (tmp_path / name).unlink(missing_ok=True)
    done = judge(tmp_path, *experiments)
    assert (done.returncode, done.stdout.strip()) == (0, str(names[1])), done.stderr
    for name in names:
        assert (tmp_path / name).read_bytes() == (REPOSITORY / name).read_bytes()


def test_a_reference_run_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = judge(tmp_path, "nothing")
    assert done.returncode == 1
    assert "results/reference/nothing/runs.csv: no such file" in done.stderr


def taken_apart(folder: Path) -> Path:
    """TREC's reference run, and beside it the same as two: with DAL and without. Returns runs.csv of the former."""
    shutil.copyfile(REPOSITORY / "config.yaml", folder / "config.yaml")
    of_dal = {"random", "dal", "cal_dal"}
    for name in ("whole", "others", "dal"):
        own = folder / "results/reference" / name
        shutil.copytree(REPOSITORY / "results/reference/trec_as_written", own)
        runs, config = pd.read_csv(own / "runs.csv"), yaml.safe_load((own / "config.yaml").read_text("utf-8"))
        strategies = set(runs["strategy"])
        kept = {"whole": strategies, "others": strategies - of_dal | {"random"}, "dal": of_dal}[name]
        config["run"]["strategies"] = [strategy for strategy in config["run"]["strategies"] if strategy in kept]
        runs[runs["strategy"].isin(kept)].to_csv(own / "runs.csv", index=False)
        config["analysis"]["significance"]["bootstrap_iterations"] = 20  # of 1000, for time
        (own / "config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    return folder / "results/reference/dal/runs.csv"


def test_runs_of_the_same_data_that_were_run_apart_are_judged_as_one(tmp_path: Path) -> None:
    taken_apart(tmp_path)
    whole, both = judge(tmp_path, "whole"), judge(tmp_path, "others", "dal")
    assert both.stdout.strip() == "results/reference/others/tables/claims_of_accuracies.md", both.stderr
    first, second = ((tmp_path / done.stdout.strip()).with_suffix(".csv").read_bytes() for done in (whole, both))
    assert first == second
    assert "The runs are those of others, dal." in (tmp_path / both.stdout.strip()).read_text("utf-8")


def test_a_strategy_without_all_seeds_is_left_out_and_named(tmp_path: Path) -> None:
    path = taken_apart(tmp_path)
    runs = pd.read_csv(path)
    runs[(runs["strategy"] != "cal_dal") | (runs["seed"] != runs["seed"].iloc[0])].to_csv(path, index=False)
    done = judge(tmp_path, "others", "dal")
    text = (tmp_path / done.stdout.strip()).read_text("utf-8")
    assert "as\\_written: left out, because they have fewer seeds: CAL+DAL." in text
    assert "| C5 |" in text
    assert "| C13a |" not in text


@pytest.mark.parametrize(
    ("processor", "shift", "refused"), [("the same", 0.004, True), ("another", 0.004, False), ("another", 0.2, True)]
)
def test_full_data_of_another_machine_may_differ_within_the_tolerance_of_verification(
    processor: str, shift: float, refused: bool, tmp_path: Path
) -> None:
    folder = taken_apart(tmp_path).parent
    full_data = pd.read_csv(folder / "full_data.csv")
    full_data.loc[1:2, "test_accuracy"] += shift
    full_data.to_csv(folder / "full_data.csv", index=False)
    provenance = json.loads((folder / "provenance.json").read_text("utf-8"))
    if processor != "the same":
        provenance["machine"]["processor"] = processor
    (folder / "provenance.json").write_text(json.dumps(provenance), "utf-8")
    done = judge(tmp_path, "others", "dal")
    if refused:
        assert "dal and others disagree about the accuracy of full data; judge them by themselves" in done.stderr
        return
    assert done.returncode == 0, done.stderr
    text = (tmp_path / done.stdout.strip()).read_text("utf-8")
    assert "dal was computed on another, others on " in text
    assert "So do 2 of the 5 accuracies of full data that both have, by 0.0040 at most" in text
    judge(tmp_path, "whole")
    names = (REFERENCE / part / "tables/claims_of_accuracies.csv" for part in ("others", "whole"))
    first, second = ((tmp_path / name).read_bytes() for name in names)
    assert first == second


def test_runs_that_disagree_or_are_of_other_settings_are_not_judged_as_one(tmp_path: Path) -> None:
    path = taken_apart(tmp_path)
    runs = pd.read_csv(path)
    runs.loc[runs["strategy"] == "random", "test_accuracy"] += 0.002
    runs.to_csv(path, index=False)
    done = judge(tmp_path, "others", "dal")
    assert done.returncode == 1
    assert "disagree about the accuracy of protocol as_written, representation fasttext" in done.stderr
    config = path.with_name("config.yaml")
    config.write_text(config.read_text("utf-8").replace("query_size: 50", "query_size: 25"), "utf-8")
    done = judge(tmp_path, "others", "dal")
    assert "dal: not of the same run.query_size as others; judge it by itself" in done.stderr
    assert not list((tmp_path / "results/reference").glob("*/tables/claims_of*"))
