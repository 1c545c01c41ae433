"""A finished experiment is gathered into results/reference/, and a chain of it is recomputed and compared."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from cartography_al.errors import ConfigError, DataError

pytestmark = pytest.mark.workflow

REPOSITORY = Path(__file__).resolve().parents[2]
GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")


def commit(folder):
    """Commit the pipeline in a folder, and return the commit's id."""
    for arguments in (["init", "--quiet"], ["add", *tool.CODE], ["commit", "--quiet", "--message", "Made"]):
        subprocess.run([*GIT, *arguments], cwd=folder, check=True)
    return subprocess.check_output([*GIT, "rev-parse", "HEAD"], cwd=folder, text=True).strip()


def make(folder, *arguments, status=0):
    """Call make in a folder without .venv, as if it were set up: its tools are then those of the running Python."""
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": tools, "PYTHONPATH": str(folder / "src")}
    done = subprocess.run(
        ["make", "--old-file=.venv/.installed", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1800,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def load_tool():
    specification = importlib.util.spec_from_file_location("reference_tool", REPOSITORY / "workflow/reference.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


tool = load_tool()


@pytest.fixture(scope="module")
def gathered(finished, new_checkout):
    """The folder of a checkout, under git, whose finished small experiment is gathered; and its commit."""
    folder = new_checkout(finished).folder
    shutil.copy(REPOSITORY / "Makefile", folder)
    shutil.copy(REPOSITORY / "requirements.lock", folder)
    commit_id = commit(folder)
    assert "small: 64 trainings" in make(folder, "reference", "EXPERIMENT=small")
    return folder, commit_id


@pytest.fixture
def reference(gathered, tmp_path, monkeypatch):
    """A copy of that checkout as working directory, in which a recomputation is a copy of the finished experiment."""
    folder = tmp_path / "checkout"
    shutil.copytree(gathered[0], folder, ignore=shutil.ignore_patterns(".snakemake", ".git", "logs", "checkpoints"))
    monkeypatch.chdir(folder)

    def copy(command):
        assert "snakemake" in command
        shutil.copytree("results/small", "results/verify_small")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(tool.subprocess, "run", copy)
    return folder / "results/reference/small"


def change(path, column, row, value):
    frame = pd.read_csv(path)
    frame.loc[row, column] = value
    frame.to_csv(path, index=False)


def row_of_the_chain(reference, iteration):
    """The row in runs.csv of the chain that is verified."""
    runs = pd.read_csv(reference / "runs.csv")
    chain = (runs["strategy"] == "cal") & (runs["seed"] == 11) & (runs["iteration"] == iteration)
    return runs.index[chain][0]


def test_what_is_gathered(gathered):
    folder, commit_id = gathered
    source, reference = folder / "results/small", folder / "results/reference/small"
    provenance = json.loads((reference / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["commit"] == commit_id
    described = json.loads((source / "data/made/dataset.json").read_text(encoding="utf-8"))
    assert provenance["texts"]["made"]["splits"]["train"]["sha256"] == described["splits"]["train"]["sha256"]
    assert provenance["machine"]["numpy"]
    assert 0 < provenance["seconds_from_first_to_last_job"] < 3600
    runs = pd.read_parquet(source / "active_learning/as_written/fasttext/made/runs.parquet")
    written = pd.read_csv(reference / "runs.csv")
    assert written["test_accuracy"].tolist() == runs["test_accuracy"].tolist()  # to the last bit
    full_data = pd.read_csv(reference / "full_data.csv")
    collected = pd.read_parquet(source / "active_learning/as_written/fasttext/made/full_data.parquet")
    assert full_data[collected.columns].sort_values("seed").to_numpy().tolist() == collected.to_numpy().tolist()
    acquired = pd.read_csv(reference / "acquired.csv")
    assert acquired.groupby("iteration").size().tolist() == [20, 5, 5, 5]
    jobs = pd.read_csv(reference / "jobs.csv").set_index("rule")
    assert jobs.loc["run_iterations", "jobs"] == 16
    assert (reference / "config.yaml").read_bytes() == (source / "config.yaml").read_bytes()
    for kind, suffix in (("figures", "png"), ("tables", "csv"), ("tables", "md")):
        names = {path.name for path in (source / kind).glob(f"*.{suffix}")}
        assert names == {path.name for path in (reference / kind).glob(f"*.{suffix}")} != set()


def test_nothing_that_is_gathered_names_a_place_on_this_machine(gathered):
    folder = gathered[0]
    files = [path for path in (folder / "results/reference").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 2_000_000
    for path in files:
        assert not path.name.startswith(".")
        for place in (folder, REPOSITORY, Path.home(), Path(sys.prefix)):
            assert f"{place}/".encode() not in path.read_bytes()


def test_a_recomputed_chain_is_identical(gathered):
    folder = gathered[0]
    reference = folder / "results/reference/small"
    before = {path: path.read_bytes() for path in reference.rglob("*") if path.is_file()}
    shown = make(folder, "verify", "EXPERIMENT=small", "CORES=2")
    assert "Identical: every accuracy to the last bit, every acquired id in its order." in shown
    assert "20 of 20" in shown
    assert {path: path.read_bytes() for path in reference.rglob("*") if path.is_file()} == before


def test_another_accuracy_or_id_fails_on_the_same_machine(reference, capsys):
    assert tool.verify("small", "1")
    change(reference / "runs.csv", "test_accuracy", row_of_the_chain(reference, 2), 0.123)
    assert not tool.verify("small", "1")
    assert "Differs from iteration 2 on" in capsys.readouterr().out
    change(reference / "acquired.csv", "instance_id", 21, 0)
    assert not tool.verify("small", "1")
    shown = capsys.readouterr().out
    assert "Differs from iteration 1 on" in shown
    assert "The first other batch shares 80% of its ids" in shown
    assert "4 of 5" in shown


def test_another_machine_is_named_and_may_differ_a_little(reference, capsys):
    provenance = json.loads((reference / "provenance.json").read_text(encoding="utf-8"))
    provenance["machine"]["processor"] = "Abacus"
    provenance["features"]["fasttext/made/plain"]["test"] = "other"
    (reference / "provenance.json").write_text(json.dumps(provenance), encoding="utf-8")
    row = row_of_the_chain(reference, 3)
    accuracy = pd.read_csv(reference / "runs.csv").loc[row, "test_accuracy"]
    change(reference / "runs.csv", "test_accuracy", row, accuracy + 1 / 60)
    assert tool.verify("small", "1")
    shown = capsys.readouterr().out
    assert "Abacus for the reference run" in shown
    assert "features of fasttext/made/plain: not the bytes of the reference run" in shown
    assert "Reproduced within that tolerance, not bit for bit." in shown


def test_other_texts_are_an_error(reference):
    path = reference / "provenance.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"rows": 330', '"rows": 329'), encoding="utf-8")
    with pytest.raises(DataError, match="the train texts of made are not those of the reference run"):
        tool.verify("small", "1")


def test_missing_files_are_named_with_their_source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {"train": "local_data/trec_train_5500.label", "test": "local_data/trec_10.label", "format": "trec"}
    with pytest.raises(
        DataError, match=r"local_data/trec_train_5500\.label: train_5500\.label of https://.*\n.*TREC_10"
    ):
        tool.check_files({"files": files}, Path("results/reference/trec_local"))


def test_an_unknown_reference_run_is_answered_with_the_known_ones(gathered):
    shown = make(gathered[0], "verify", "EXPERIMENT=smal", status=2)
    assert "results/reference/smal/config.yaml: no such file; the reference runs that are there: small" in shown
    assert "Traceback" not in shown


def test_only_finished_results_of_a_commit_are_gathered(finished, new_checkout, monkeypatch):
    folder = new_checkout(finished).folder
    shutil.copy(REPOSITORY / "requirements.lock", folder)
    monkeypatch.chdir(folder)
    with pytest.raises(DataError, match=r"results/none/config\.yaml: no such file; run it first"):
        tool.gather("none", None)
    first = commit(folder)
    with open("src/cartography_al/learning/training.py", "a", encoding="utf-8") as file:
        file.write("# Edited.\n")
    with pytest.raises(ConfigError, match=r"(?s)not committed:.*training\.py"):
        tool.gather("small", None)
    commit(folder)
    with pytest.raises(DataError, match="small is not complete, or not what this commit computes"):
        tool.gather("small", None)
    with pytest.raises(ConfigError, match="no such commit"):
        tool.gather("small", "0123456789")
    tool.gather("small", first[:12])
    provenance = json.loads(Path("results/reference/small/provenance.json").read_text(encoding="utf-8"))
    assert provenance["commit"] == first
    config = Path("results/small/config.yaml")
    config.write_text(config.read_text(encoding="utf-8").replace("made_test.csv", "/somewhere/made_test.csv"), "utf-8")
    with pytest.raises(ConfigError, match=r"datasets\.made\.files\.test is /somewhere/made_test\.csv"):
        tool.gather("small", first)
