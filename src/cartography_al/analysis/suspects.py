"""Which texts of a data map a person should look at first for wrong labels, and how well that finds planted ones."""

from typing import NamedTuple

import numpy as np
import pandas as pd


class FoundErrors(NamedTuple):
    """How many planted errors a list finds.

    first_share: of the planted errors, those among the first entries of the list; as many entries as errors.
    chance: what a list in random order would give for it.   roc_area: area under the ROC curve; chance is 0.5.
    """

    first_share: float
    chance: float
    roc_area: float


def suspects(data_map: pd.DataFrame) -> pd.DataFrame:
    """Order a data map by how hard its texts are to learn, the hardest first: what to check for label errors.

    data_map: instance_id, confidence, correctness and any more.
    Returns its rows by correctness, then confidence, both ascending, then instance_id, with a new index.
    Source: after Swayamdipta et al. 2020, section 5: among the hard-to-learn instances are many wrong labels.
    """
    return data_map.sort_values(["correctness", "confidence", "instance_id"], ignore_index=True)


def regions(data_map: pd.DataFrame) -> pd.DataFrame:
    """Say which rows of a data map lie in each of its regions, a third of the rows each.

    data_map: confidence, variability.   Returns bool columns, index as given: easy (highest confidence), hard (lowest
    confidence), ambiguous (highest variability). Ambiguous overlaps the others. Ties go by the order of the rows.
    Source: Swayamdipta et al. 2020, section 3 (33% of the training data).
    """
    third = len(data_map) // 3
    by_confidence = np.argsort(data_map["confidence"].to_numpy(), kind="stable")
    by_variability = np.argsort(data_map["variability"].to_numpy(), kind="stable")
    rows = {
        "easy": by_confidence[len(data_map) - third :],
        "ambiguous": by_variability[len(data_map) - third :],
        "hard": by_confidence[:third],
    }
    places = np.arange(len(data_map))
    return pd.DataFrame({name: np.isin(places, chosen) for name, chosen in rows.items()}, index=data_map.index)


def found_errors(ordered_ids: np.ndarray, wrong_ids: np.ndarray) -> FoundErrors:
    """Compare a list of all instances, the most suspect first, with the instances whose label is wrong.

    ordered_ids: distinct ids [N].   wrong_ids: some of them, neither none nor all.
    """
    wrong = np.isin(ordered_ids, wrong_ids)
    count = int(wrong.sum())
    if not 0 < count < len(wrong):
        raise ValueError(f"{count} of {len(wrong)} instances have a wrong label; some, and not all, are needed")
    right_before = np.cumsum(~wrong)[wrong]  # int [errors]: right labels that stand before each wrong one
    roc_area = 1.0 - float(right_before.mean()) / (len(wrong) - count)
    return FoundErrors(float(wrong[:count].mean()), count / len(wrong), roc_area)
