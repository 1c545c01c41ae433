"""What a person wants to read at the end of a run, in a few lines."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cartography_al.analysis.runs import final_accuracies
from cartography_al.analysis.training_warnings import training_warnings
from cartography_al.naming import in_order, strategy_title


def overview(
    heading: str, description: Mapping[str, Any], runs: pd.DataFrame, full_data: pd.DataFrame, warnings: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Lines about one data set, and the warnings that belong to it.

    heading: what a reader calls the data set.   description: the content of dataset.json.   runs: of the strategies
    that are shown.   full_data: as training_warnings.   warnings: about its features.
    """
    train, test = (description["splits"][split] for split in ("train", "test"))
    final = final_accuracies(runs)
    means = final.groupby("strategy")["test_accuracy"].mean()
    seeds, labelled = final["seed"].nunique(), int(final["labelled"].max())
    lines = [
        f"{heading}: {train['rows']:,} training and {test['rows']:,} test texts, {len(description['classes'])} classes",
        f"  all training labels: {full_data['test_accuracy'].mean():.3f} of the test texts right "
        f"(largest class: {full_data['largest_class'].iloc[0]:.3f})",
        f"  {labelled:,} labels, mean of {seeds} seed{'s' if seeds > 1 else ''}: "
        + ", ".join(f"{strategy_title(name)} {means[name]:.3f}" for name in in_order(means.index)),
    ]
    found = [*warnings, *training_warnings(runs, full_data)]
    return lines, [f"{heading}: {warning}" for warning in found]
