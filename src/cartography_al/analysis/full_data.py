"""Whether a model that was shown every label has learned anything: the ceiling that other numbers are set against."""

import pandas as pd
from scipy.stats import binomtest

LEVEL = 0.05


def has_learned(full_data: pd.DataFrame) -> bool:
    """Whether training on all data is clearly better than always giving one answer.

    full_data: one row for each seed, with test_accuracy, test_rows, and largest_class, the share of the test texts
    that the best single answer gets right. A binomial test of the mean accuracy, one-sided, at the level 0.05: the
    seeds share their test texts, so more seeds do not make more of them.
    """
    rows, share = int(full_data["test_rows"].iloc[0]), float(full_data["largest_class"].iloc[0])
    right = round(float(full_data["test_accuracy"].mean()) * rows)
    return bool(binomtest(right, rows, min(share, 1.0), alternative="greater").pvalue < LEVEL)


def nothing_learned(full_data: pd.DataFrame) -> str:
    """What is said of a data set on which `has_learned` is false."""
    accuracy, share = full_data["test_accuracy"].mean(), full_data["largest_class"].iloc[0]
    return (
        f"with all training labels, the model is right for {accuracy:.1%} of the test texts, not clearly more than the "
        f"{share:.1%} that always answering the largest class gets: these features tell it nothing, and no comparison "
        "of strategies means anything"
    )
