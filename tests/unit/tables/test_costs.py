"""tables.costs: against sums by hand."""

import numpy as np
import pandas as pd

from cartography_al.significance.ranks import mean_ranks
from cartography_al.tables.costs import costs_table

AREAS = pd.DataFrame({"random": [0.5, 0.51], "cal": [0.6, 0.61], "badge": [0.7, 0.72], "dal": [0.4, 0.4]})


def chains(seconds: dict[str, list[float]]) -> pd.DataFrame:
    rows = [
        (subject, strategy, seed, values[2 * number + seed])
        for strategy, values in seconds.items()
        for number, subject in enumerate(["trec", "agnews"])
        for seed in (0, 1)
    ]
    return pd.DataFrame(rows, columns=["subject", "strategy", "seed", "cpu_seconds"])


def shown(seconds: dict[str, list[float]]) -> list[list[str]]:
    present = list(seconds)
    table = costs_table(mean_ranks([AREAS[present], AREAS[present]]), chains(seconds))
    return [[cell.text for cell in row] for row in table.blocks[0].rows]


def test_a_chain_that_was_not_measured_is_compared_with_no_other() -> None:
    measured = {
        "random": [10.0, 20.0, 100.0, np.nan],
        "cal": [20.0, 20.0, 300.0, 1000.0],
        "badge": [np.nan, np.nan, np.nan, 7.0],
        "dal": [np.nan] * 4,
    }
    assert shown(measured) == [
        ["BADGE", "1.00", "1.00 to 1.00", "7.0", "-", "1 of 4"],
        ["CAL", "2.00", "2.00 to 2.00", "335.0", "2.62", "4 of 4"],  # 340 over 130
        ["Random", "3.00", "3.00 to 3.00", "43.3", "1.00", "3 of 4"],
        ["DAL", "4.00", "4.00 to 4.00", "-", "-", "0 of 4"],
    ]


def test_without_random_there_is_no_ratio() -> None:
    assert [row[3:5] for row in shown({"cal": [1.0] * 4, "dal": [3.0] * 4})] == [["1.0", "-"], ["3.0", "-"]]
