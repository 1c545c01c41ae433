"""The committed verdicts on accuracies are those of today's rules."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.workflow

REPOSITORY = Path(__file__).resolve().parents[2]
REFERENCE = Path("results/reference/agnews_local")


def judge(folder: Path, experiment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(REPOSITORY / "workflow/judge_reference.py"), experiment]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)


def test_the_verdicts_on_the_accuracies_of_agnews_are_those_of_the_rules_of_today(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / REFERENCE, tmp_path / REFERENCE)
    shutil.copyfile(REPOSITORY / "config.yaml", tmp_path / "config.yaml")
    names = [REFERENCE / "tables" / f"claims_of_accuracies.{suffix}" for suffix in ("csv", "md")]
    for name in names:
        (tmp_path / name).unlink()
    done = judge(tmp_path, "agnews_local")
    assert (done.returncode, done.stdout.strip()) == (0, str(names[1])), done.stderr
    for name in names:
        assert (tmp_path / name).read_bytes() == (REPOSITORY / name).read_bytes()


def test_a_reference_run_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = judge(tmp_path, "nothing")
    assert done.returncode == 1
    assert "results/reference/nothing/runs.csv: no such file" in done.stderr
