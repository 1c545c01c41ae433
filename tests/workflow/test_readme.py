"""What the README says of the workflow is so: its commands run, and its rule graph is the real one."""

import itertools
import re
import shlex
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.workflow

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\.venv/bin/snakemake ([^#\n]*)", README, re.MULTILINE)


def test_there_are_commands():
    assert len(COMMANDS) > 5


@pytest.mark.parametrize("command", [command for command in COMMANDS if "--report" not in command])
def test_a_command_plans_what_it_says(untouched, command):
    """Word for word, as a dry run: the hub and the cluster are not there."""
    for name in ("trec_train_5500.label", "trec_10.label", "agnews_train_partial.csv", "agnews_test.csv"):
        file = untouched.folder / "local_data" / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
    # The overlay that `make overlay` writes for a user's own file.
    shutil.copy(untouched.folder / "experiments/demo.yaml", untouched.folder / "experiments/mine.yaml")
    shown = untouched.finish(untouched.call("snakemake", *shlex.split(command), "--dry-run"))
    assert "This was a dry-run" in shown


def test_the_rule_graph_is_the_real_one(untouched):
    graph = untouched.run("all", "--rulegraph", "mermaid-js")
    names = {
        key: re.sub(r"^(run_iterations|draw_figure5)_.*", r"\1", name)
        for key, name in re.findall(r"(id\d+)\[(\w+)\]", graph)
    }
    real = {(names[a], names[b]) for a, b in re.findall(r"(id\d+) --> (id\d+)", graph)}
    shown = set()
    for line in re.findall(r"^ {4}(\w+ --> .*)$", README, re.MULTILINE):
        rules = line.split(" --> ")
        shown |= set(itertools.pairwise(rules))
    assert len(shown) > 10
    assert shown <= real
