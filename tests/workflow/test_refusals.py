"""What is wrong with configuration or data is said once, clearly, before anything is written."""

import shutil

import pytest
import yaml

from tests.workflow.conftest import SMALL, Checkout

pytestmark = pytest.mark.workflow


def test_misspelt_keys_are_refused_with_the_right_ones(untouched):
    shown = untouched.run(
        "all",
        "--dry-run",
        status=1,
        changes={
            "protocl": "as_written",
            "run": {"seed": [1]},
            "datasets": {"made": {"tittle": "Made"}},
            "embedding": {"corpus": {"dimensions": 3}},
            "main_classifier": {"epoch": 3},
            "binary_classifier": {"hiden_size": 3},
            "optimizer": {"beta": [0.9, 0.9]},
            "acquisition": {"cal": {"correctness_treshold": 0.2}, "random": {"passes": 3}},
            "analysis": {"significance": {"alfa": 0.05}},
        },
    )
    for where, wrong, right in (
        ("top level", "protocl", "protocol"),
        ("run", "seed", "seeds"),
        ("datasets.made", "tittle", "title"),
        ("embedding.corpus", "dimensions", "dimension"),
        ("main_classifier", "epoch", "epochs"),
        ("binary_classifier", "hiden_size", "hidden_size"),
        ("optimizer", "beta", "betas"),
        ("acquisition.cal", "correctness_treshold", "correctness_threshold"),
        ("analysis.significance", "alfa", "alpha"),
    ):
        assert f"{where}: unknown key '{wrong}'; did you mean '{right}'?" in shown
    assert "acquisition.random: unknown key 'passes'; there are none here" in shown
    assert "Traceback" not in shown


def test_an_unknown_strategy_is_refused_with_the_known_ones(untouched):
    shown = untouched.run("all", "--dry-run", status=1, changes={"run": {"strategies": ["random", "kal"]}})
    assert "unknown strategy 'kal'; registered are random, least_confidence" in shown
    assert "Traceback" not in shown


def test_a_missing_file_is_named(new_checkout):
    checkout = new_checkout()
    (checkout.folder / "made_train.csv").unlink()
    shown = checkout.run("all", status=1)
    assert "Missing input files for rule download_dataset" in shown
    assert "made_train.csv" in shown
    assert "Traceback" not in shown
    assert not checkout.files()


def test_an_unknown_label_is_named_with_its_line(new_checkout):
    checkout = new_checkout()
    with open(checkout.folder / "made_train.csv", "a", encoding="utf-8") as file:
        file.write("a very old spoon,cutlery\n")
    shown = checkout.run("figure1", status=1)
    message = "made_train.csv, line 332: unknown label 'cutlery'; known are fruit, tool, bird"
    # On the terminal once as the job says it, and once more as Snakemake shows the failed rule's log.
    assert shown.count(message) == 2
    assert f"\ndownload_dataset: {message}" in shown
    assert "Traceback" not in shown
    assert not checkout.files()


def test_a_number_nested_in_the_command_line_is_explained(untouched):
    shown = untouched.run("all", "--dry-run", "--config", 'run={"iterations": 3}', status=1)
    assert "run.iterations: '3' is not of type 'integer'" in shown
    assert "values nested in --config arrive as text: write them into a file, and name it with --configfile" in shown
    assert "Traceback" not in shown


def test_from_another_folder_an_overlay_is_laid_over_the_checkouts_configuration(untouched, tmp_path):
    """The data and the results are in that folder."""
    (tmp_path / "small.yaml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    for name in ("made_train.csv", "made_test.csv"):
        shutil.copy(untouched.folder / name, tmp_path)
    elsewhere = Checkout(tmp_path)
    arguments = ["results/small/data/made/dataset.json", "--cores=1", "--configfile", "small.yaml"]
    elsewhere.finish(elsewhere.call("snakemake", "--snakefile", str(untouched.folder / "Snakefile"), *arguments))
    assert (elsewhere.results / "data/made/train.parquet").is_file()
    assert not untouched.results.exists()


def test_a_title_that_the_figures_cannot_show_is_said_once(untouched):
    shown = untouched.run("all", "--dry-run", changes={"datasets": {"made": {"title": "Twitter 評判"}}})
    assert shown.count("the figures' font cannot show all of the title 'Twitter 評判'") == 1
    shown = untouched.run("all", "--dry-run", changes={"datasets": {"made": {"title": "Отзывы, Größe 5 µm"}}})
    assert "font" not in shown


def test_a_home_that_cannot_be_written_needs_three_variables(untouched, monkeypatch, tmp_path):
    """As docs/cluster.md says; nobody can write to /proc, whatever the rights."""
    monkeypatch.setenv("HOME", "/proc/nobody")
    for name in ("XDG_CACHE_HOME", "HF_HOME", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    shown = untouched.run("all", "--dry-run")
    assert "This was a dry-run" in shown
