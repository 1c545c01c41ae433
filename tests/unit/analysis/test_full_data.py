"""Whether full data has taught a model anything, and what follows from it."""

import numpy as np
import pandas as pd
import pytest

from cartography_al.analysis.full_data import has_learned, no_ceiling, nothing_learned
from cartography_al.analysis.overview import overview
from cartography_al.analysis.summary import summarize
from cartography_al.analysis.training_warnings import hardly_trained, training_warnings
from cartography_al.figures.figure3 import CurvePanel, plot_learning_curves
from cartography_al.naming import Subject
from cartography_al.significance.labels import labels_needed
from cartography_al.tables.formats import to_markdown
from cartography_al.tables.labels import labels_table
from cartography_al.tables.summary import summary_table


def full(accuracy: float, rows: int = 1821, largest: float = 0.501) -> pd.DataFrame:
    return pd.DataFrame({"seed": [1, 2], "test_accuracy": accuracy, "test_rows": rows, "largest_class": largest})


@pytest.mark.parametrize(
    ("full_data", "learned"),
    [
        (full(0.499), False),
        (full(0.515), False),  # p = 0.12
        (full(0.53), True),
        (full(0.53, rows=100), False),
        (full(1.0, largest=1.0), False),
        (full(0.05, largest=0.013), True),
    ],
)
def test_clearly_better_than_one_answer(full_data: pd.DataFrame, learned: bool) -> None:
    assert has_learned(full_data) is learned


RUNS = pd.DataFrame(
    [
        (strategy, seed, iteration, 10 + 5 * iteration, 0.9, 0.5 + 0.01 * iteration, 0.5, np.nan, np.nan)
        for strategy in ("random", "cal")
        for seed in (1, 2)
        for iteration in range(3)
    ],
    columns=[
        "strategy",
        "seed",
        "iteration",
        "labelled",
        "labelled_correctness",
        "test_accuracy",
        "macro_f1",
        "binary_cal_accuracy",
        "binary_dal_accuracy",
    ],
)
HERE = Subject("sst2", "SST-2")


def test_nothing_is_compared_with_what_was_not_learned() -> None:
    summary = summarize(RUNS, full(0.499), 100)
    assert not summary["full_learned"].any()
    assert summary[["share_of_full", "fraction_to_full"]].isna().all(axis=None)
    shown = to_markdown(summary_table({HERE: summary}))
    assert "%" not in shown
    assert "**0.520" not in shown
    labels = labels_needed(RUNS, None)
    assert labels[["target", "labelled", "median_labelled"]].isna().all(axis=None)
    shown = to_markdown(labels_table({HERE: labels}))
    assert "training on all data is nothing to set accuracies against" in shown
    assert "not reached" not in shown


@pytest.mark.parametrize(
    ("accuracy", "rows", "failed"), [(0.45, 1821, True), (0.49, 1821, False), (0.45, 100, False), (0.753, 1821, False)]
)
def test_full_data_that_fall_behind_the_seed_set_are_no_ceiling(accuracy: float, rows: int, failed: bool) -> None:
    full_data = full(accuracy, rows, largest=0.3)  # the seed set's models: 0.5
    said = no_ceiling(RUNS, full_data)
    assert training_warnings(RUNS, full_data) == ([said] if failed else [])
    summary = summarize(RUNS, full_data, 100)
    assert summary["full_learned"].all()
    assert summary["share_of_full"].isna().all() == failed
    assert ("%" in to_markdown(summary_table({HERE: summary}))) != failed
    if failed:
        assert said is not None
        assert "right for 45.0% of the test texts, where the models of the seed set are for 50.0%" in said


def test_figure_3_says_so() -> None:
    curves = pd.DataFrame(
        {"strategy": "random", "iteration": [0, 1], "labelled": [10, 20], "fraction": [0.1, 0.2], "mean": [0.5, 0.51]}
        | {"std": 0.0, "min": 0.5, "max": 0.51, "seeds": 2}
    )
    for learned in (True, False):
        figure = plot_learning_curves([CurvePanel("SST-2", curves, 0.499, learned=learned)])
        (text,) = (child.get_text() for child in figure.axes[0].texts)
        assert text == "full data: 0.499" + ("" if learned else ", nothing learned")


def test_the_last_lines_of_a_run() -> None:
    description = {"classes": ["bad", "good"], "splits": {"train": {"rows": 6920}, "test": {"rows": 1821}}}
    lines, warnings = overview("SST-2", description, RUNS, full(0.753), ["alike"])
    assert lines == [
        "SST-2: 6,920 training and 1,821 test texts, 2 classes",
        "  all training labels: 0.753 of the test texts right (largest class: 0.501)",
        "  20 labels, mean of 2 seeds: Random 0.520, CAL 0.520",
    ]
    assert warnings == ["SST-2: alike"]
    _, warnings = overview("SST-2", description, RUNS, full(0.499), [])
    assert warnings == [f"SST-2: {nothing_learned(full(0.499))}"]
    assert "right for 49.9% of the test texts, not clearly more than the 50.1%" in warnings[0]


@pytest.mark.parametrize(
    ("correctness", "largest", "hardly"), [(0.3, 0.013, True), (0.4, 0.013, False), (0.6, 0.5, True)]
)
def test_an_untrained_model_of_the_seed_set_is_told(correctness: float, largest: float, hardly: bool) -> None:
    runs = RUNS.assign(labelled_correctness=np.where(RUNS["iteration"] == 0, correctness, 1.0))
    full_data = full(0.9, largest=largest)
    warning = hardly_trained(runs, full_data)
    assert (warning is not None) is hardly
    assert training_warnings(runs, full_data) == ([warning] if warning else [])
    if warning:
        assert f"the seed set (10 texts) is right for {correctness:.1%}" in warning
        assert f"gets {largest:.1%}" in warning
        assert "main_classifier.learning_rate" in warning


def test_of_features_that_tell_nothing_only_that_is_said() -> None:
    runs = RUNS.assign(labelled_correctness=0.1)
    assert training_warnings(runs, full(0.499)) == [nothing_learned(full(0.499))]
