"""What is wrong with configuration or data is said once, clearly, before anything is written."""

import pytest

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
