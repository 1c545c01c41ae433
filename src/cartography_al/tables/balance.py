"""Which classes each strategy acquires."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cartography_al.naming import Subject, in_order, strategy_title
from cartography_al.tables.cells import some_frames, stacked
from cartography_al.tables.table import Block, Cell, Table


def balance_table(balances: Mapping[Subject, pd.DataFrame], classes: Mapping[Subject, int]) -> Table:
    """A row for each strategy: classes and their effective number among its acquisitions, early and at the end.

    balances: for each data set the frame of significance.balance.class_balance.   classes: how many the data set has.
    Raises: DataError for no data set.
    """
    frames = some_frames(balances, "the table of classes acquired")
    ends = list(dict.fromkeys(until for frame in frames.values() for until in frame["until"]))
    blocks = []
    for subject, frame in frames.items():
        rows = []
        found = {(row.strategy, row.until): row for row in frame.itertuples()}
        for name in in_order(frame["strategy"]):
            cells = [cell for end in ends for cell in _cells(found.get((name, end)))]
            rows.append([Cell(strategy_title(name)), *cells])
        blocks.append(Block(f"{subject.heading}: {classes[subject]:,} classes", rows))
    columns = [(f"Acquired by iteration {end}", "Classes", "Effective number", "Interval") for end in ends]
    notes = [
        "Classes: how many different ones are among a run's acquisitions, without the seed set; means over the seeds. "
        "Effective number: as many classes with equal shares would be as diverse (exp of the entropy of the shares), "
        "with Student's 95% interval. Random shows what the pool gives: a strategy far below it asks for a few classes."
    ]
    header = ("Strategy", *(name for column in columns for name in column))
    return Table(
        "balance", "Classes among the texts that each strategy acquired.", header, blocks, notes, stacked(frames)
    )


def _cells(row: Any) -> list[Cell]:
    if row is None:
        return [Cell("-")] * 4
    interval = "-" if np.isnan(row.low) else f"{row.low:.2f} to {row.high:.2f}"
    return [Cell(f"{row.acquired:,.0f}"), Cell(f"{row.classes:.1f}"), Cell(f"{row.effective:.2f}"), Cell(interval)]
