"""Whether strategies can be compared at all: was a model trained that learned something? What is said where not."""

import pandas as pd

from cartography_al.analysis.full_data import has_learned, no_ceiling

HARDLY_TRAINED = 1 / 3
"""How much of what lies between the largest class and 1 the correctness of a model's own texts should reach."""


def hardly_trained(runs: pd.DataFrame, full_data: pd.DataFrame) -> str | None:
    """What is said where training is too short for the seed set, so that an untrained model chooses; None elsewhere.

    runs: with iteration, labelled, and labelled_correctness, the mean correctness (paper, equation 3) of the texts that
    a model was trained on.   full_data: as for `has_learned`.
    """
    start, share = runs[runs["iteration"] == 0], float(full_data["largest_class"].iloc[0])
    correctness = float(start["labelled_correctness"].mean())
    if correctness >= share + HARDLY_TRAINED * (1 - share):
        return None
    return (
        f"over its epochs, a model of the seed set ({start['labelled'].iloc[0]:,} texts) is right for "
        f"{correctness:.1%} of its own texts on average, where always answering the largest class gets {share:.1%}: it "
        "is hardly trained, and chooses all the same. A larger main_classifier.learning_rate, more "
        "main_classifier.epochs or a larger seed_set_size train it further"
    )


def training_warnings(runs: pd.DataFrame, full_data: pd.DataFrame) -> list[str]:
    """What a reader must know of the training before he compares strategies; nothing, if all is well.

    runs, full_data: as for `hardly_trained`.
    """
    found = [no_ceiling(runs, full_data), hardly_trained(runs, full_data) if has_learned(full_data) else None]
    return [warning for warning in found if warning]
