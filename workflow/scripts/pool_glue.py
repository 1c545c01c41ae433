"""What the scripts share that show runs: at which iteration a pool was exhausted."""

from typing import Any

import pandas as pd
from glue import read_json

from cartography_al.analysis.runs import exhausted_at


def exhausted_pools(inputs: Any) -> dict[str, int]:
    """Return for each data set's title the iteration at which its pool was exhausted; left out if it was not.

    inputs: a rule's, with `descriptions` and `runs`, one of each for each data set.
    """
    found = {}
    for description_path, runs_path in zip(inputs.descriptions, inputs.runs, strict=True):
        description = read_json(description_path)
        iteration = exhausted_at(pd.read_parquet(runs_path), description["splits"]["train"]["rows"])
        if iteration is not None:
            found[description["title"]] = iteration
    return found
