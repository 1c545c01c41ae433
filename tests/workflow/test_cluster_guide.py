"""The commands of docs/cluster.md plan what they say; tests/cluster runs such commands on a real SLURM."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.workflow

GUIDE = (Path(__file__).resolve().parents[2] / "docs/cluster.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"\.venv/bin/snakemake (.*--profile [^#`\n]*)", GUIDE)))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_plans_what_it_says(untouched, command):
    """Word for word, as a dry run, with the copy of the profile that the guide makes."""
    shutil.copytree(untouched.folder / "profiles/slurm", untouched.folder / "profiles/mysite", dirs_exist_ok=True)
    shown = untouched.finish(untouched.call("snakemake", *shlex.split(command), "--dry-run"))
    assert "This was a dry-run" in shown


def test_there_are_commands():
    assert len(COMMANDS) > 3
