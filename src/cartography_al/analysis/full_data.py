"""Whether a model that was shown every label is a ceiling that other numbers can be set against."""

import pandas as pd
from scipy.stats import binomtest

LEVEL = 0.05


def has_learned(full_data: pd.DataFrame) -> bool:
    """Whether training on all data is clearly better than always giving one answer.

    full_data: one row for each seed, with test_accuracy, test_rows, and largest_class, the share of the test texts
    that the best single answer gets right. A binomial test of the mean accuracy, one-sided, at the level 0.05: the
    seeds share their test texts, so more seeds do not make more of them.
    """
    return _differs(full_data, min(float(full_data["largest_class"].iloc[0]), 1.0), "greater")


def no_ceiling(runs: pd.DataFrame, full_data: pd.DataFrame) -> str | None:
    """What is said where training on all data is nothing to set other accuracies against; None elsewhere.

    It has taught nothing, or it is clearly worse than the seed set alone (a binomial test as in `has_learned`).
    runs: with iteration and test_accuracy.   full_data: as for `has_learned`.
    """
    if not has_learned(full_data):
        return nothing_learned(full_data)
    start = float(runs.loc[runs["iteration"] == 0, "test_accuracy"].mean())
    if not _differs(full_data, start, "less"):
        return None
    return (
        f"with all training labels, the model is right for {full_data['test_accuracy'].mean():.1%} of the test texts, "
        f"where the models of the seed set are for {start:.1%}: that training has failed, so no share of it is given "
        "and nothing is compared with it. Features of another scale or another main_classifier.learning_rate may mend "
        "it"
    )


def nothing_learned(full_data: pd.DataFrame) -> str:
    """What is said of a data set on which `has_learned` is false."""
    accuracy, share = full_data["test_accuracy"].mean(), full_data["largest_class"].iloc[0]
    return (
        f"with all training labels, the model is right for {accuracy:.1%} of the test texts, not clearly more than the "
        f"{share:.1%} that always answering the largest class gets: these features tell it nothing, and no comparison "
        "of strategies means anything"
    )


def _differs(full_data: pd.DataFrame, share: float, alternative: str) -> bool:
    rows = int(full_data["test_rows"].iloc[0])
    right = round(float(full_data["test_accuracy"].mean()) * rows)
    return bool(binomtest(right, rows, share, alternative=alternative).pvalue < LEVEL)
