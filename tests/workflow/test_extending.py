"""What docs/extending.md has a reader save and type works, word for word and in its order."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.spatial.distance import cdist
from scipy.special import softmax
from scipy.stats import entropy

pytestmark = pytest.mark.workflow

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENT = (REPOSITORY / "docs/extending.md").read_text(encoding="utf-8")
DATA, STRATEGY = DOCUMENT.split("\n## ")[1:]
REGISTRY = "src/cartography_al/acquisition/registry.py"

CHECKPOINTS = "active_learning/*/*/*/*/*/*"


def blocks(part):
    """Of each block of code: the last file that the text before it names, its language, and the code."""
    for before, language, code in re.findall(r"(.*?)^```(\w+)\n(.*?)^```$", part, re.DOTALL | re.MULTILINE):
        names = re.findall(r"`([\w/.]+\.(?:py|yaml))`", before)
        yield names[-1] if names else None, language, code


def follow(part, folder):
    """Do what a part of the document says, and return what the commands printed."""
    printed = []
    for file, language, code in blocks(part):
        if language == "bash":
            printed.append(type_in(code, folder))
        elif file == REGISTRY:  # the only file that is there already
            registry = (folder / file).read_text(encoding="utf-8")
            (folder / file).write_text(
                registry.replace("STRATEGIES = {\n", f"STRATEGIES = {{\n{code}"), encoding="utf-8"
            )
        else:
            with open(folder / file, "x", encoding="utf-8") as new:
                new.write(code)
    return printed


def type_in(command, folder):
    """Run a command as a person would in a checkout with an environment of its own, and return what it printed."""
    # The reader's environment has the reader's copy of the package; this one's is elsewhere, hence the path.
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    done = subprocess.run(
        ["bash", "-euc", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=1800
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(new_checkout):
    """A checkout after the document's first part."""
    folder = new_checkout().folder
    (folder / ".venv").symlink_to(sys.prefix)
    shutil.copytree(REPOSITORY / "tests/unit", folder / "tests/unit", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "tests/conftest.py", folder / "tests")
    follow(DATA, folder)
    return folder


def test_own_data_give_every_figure_and_table(folder):
    results = folder / "results/messages"
    assert {path.name for path in (results / "figures").iterdir()} == {
        f"figure{number}.{suffix}" for number in range(1, 6) for suffix in ("pdf", "png")
    }
    tables = {path.stem for path in (results / "tables").iterdir()}
    assert tables == {
        *(f"table{number}" for number in range(1, 5)),
        "table2_final",
        "summary",
        "areas",
        "labels",
        "balance",
    }
    assert (results / "report.html").stat().st_size > 100_000


def test_the_model_learns_by_default(folder):
    """And CAL has two classes to tell apart, without which its figures would show nothing."""
    summary = pd.read_csv(folder / "results/messages/tables/summary.csv")
    assert summary["full_accuracy"].iloc[0] >= 0.75  # the largest class is 0.4 of the texts
    assert summary["full_learned"].all()
    runs = pd.read_parquet(folder / "results/messages/active_learning/as_written/fasttext/messages/runs.parquet")
    assert not runs["single_class"].any()


def test_own_strategy_keeps_the_contract_and_runs_beside_the_others(folder):
    results = folder / "results/messages"
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in results.glob(CHECKPOINTS)}
    contract, _ = follow(STRATEGY, folder)
    assert re.search(r"= \d{3} passed", contract)
    added = {path for path in results.glob(CHECKPOINTS) if path not in before}
    assert {path.parent.parent.name for path in added} == {"information_density"}
    assert len(added) == 2 * 6
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in before} == before
    assert "information_density" in set(pd.read_csv(results / "tables/table2.csv")["strategy_a"])
    assert "information_density" in set(pd.read_csv(results / "tables/table4.csv")["strategy_b"])
    assert "information_density" not in (REPOSITORY / REGISTRY).read_text(encoding="utf-8")  # the reader adds it


def test_the_strategy_is_what_its_source_defines():
    (code,) = (code for file, _, code in blocks(STRATEGY) if str(file).endswith("density.py"))
    names: dict[str, object] = {}
    exec(code, names)
    rng = np.random.default_rng(0)
    probabilities, psi = softmax(rng.normal(0, 2, (200, 4)), axis=1), rng.random((200, 8))
    view = SimpleNamespace(pool_probabilities=probabilities, pool_representations=psi, best=lambda scores, k: scores)
    scores = names["information_density"](view, 5, beta=2.0)  # type: ignore[operator]
    similarity = 1 - cdist(psi, psi.mean(axis=0, keepdims=True), "cosine")[:, 0]
    assert_allclose(scores, entropy(probabilities, base=2, axis=1) * similarity**2, rtol=1e-9)
