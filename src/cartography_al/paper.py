"""The paper's own numbers, as published, for comparison. Nothing here is measured by this project.

They lie as CSV files in the folder paper_values, which says what each column means and where the numbers come from.
"""

from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import pandas as pd

from cartography_al.errors import DataError

ValuesName = Literal["claims", "figure4", "settings", "table1", "table3", "table4", "text_values"]


def paper_values(name: ValuesName, dataset: str | None = None) -> pd.DataFrame:
    """One of the paper's tables of numbers, or its rows of one data set: none for a data set the paper did not use.

    dataset: a key such as "trec". Claims about both data sets belong to each of them. `settings` has no data set.
    Returns a frame of its own, with the columns that paper_values/README.md describes.
    Raises: DataError for another name.
    """
    if name not in get_args(ValuesName):
        raise DataError(f"the paper's values: no '{name}'; use one of {', '.join(get_args(ValuesName))}")
    frame = _read(name)
    if dataset is None:
        return frame.copy()
    own = [dataset, "both"] if name == "claims" and dataset in paper_datasets() else [dataset]
    return frame[frame["dataset"].isin(own)].reset_index(drop=True)


def text_value(dataset: str, name: str) -> float | None:
    """A single number that the paper's text states, such as full_data_accuracy; None where it states none.

    Raises: DataError for a name that no data set has.
    """
    frame = _read("text_values")
    named = frame[frame["name"] == name]
    if named.empty:
        raise DataError(f"the paper's values: no '{name}'; use one of {', '.join(sorted(set(frame['name'])))}")
    found = named.loc[named["dataset"] == dataset, "value"]
    return float(found.iloc[0]) if len(found) else None


def cal_accuracy(dataset: str, labelled: int) -> float | None:
    """The paper's test accuracy of CAL (table 3) with that many labelled instances; None where it states none.

    It states one for each data set: at the last iteration.
    """
    sizes = _read("table1").set_index("dataset")["seed_set_size"]
    acquired = int(paper_setting("iterations")) * int(paper_setting("query_size"))
    if dataset not in sizes.index or labelled != sizes[dataset] + acquired:
        return None
    return text_value(dataset, "cal_final_accuracy")


def paper_datasets() -> dict[str, str]:
    """Title of each data set that the paper used, by its key, in the paper's order."""
    frame = _read("table1")
    return dict(zip(frame["dataset"], frame["title"], strict=True))


def paper_setting(name: str) -> str:
    """One setting of the paper's experiment, such as iterations.   Raises: DataError for an unknown one."""
    settings = dict(_read("settings").itertuples(index=False, name=None))
    if name not in settings:
        raise DataError(f"the paper's settings: no '{name}'; use one of {', '.join(settings)}")
    return settings[name]


@cache
def _read(name: str) -> pd.DataFrame:
    with (files("cartography_al") / "paper_values" / f"{name}.csv").open(encoding="utf-8") as file:
        # As text, a setting is what the file says: 30 iterations, not 30.0.
        return pd.read_csv(file, dtype="str" if name == "settings" else None)
