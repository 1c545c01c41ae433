"""What a table is. Not for how it is written, nor for any one table.

A table is one or more blocks of rows under one header, a block for each data set where they do not share rows. A column
is added by lengthening the header and every row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd

from cartography_al.naming import Subject


@dataclass(frozen=True)
class Cell:
    """One cell as a reader sees it. `mark` is a raised sign behind the text."""

    text: str
    emphasis: Literal["", "bold", "italic"] = ""
    mark: str = ""


@dataclass(frozen=True)
class Block:
    """Rows that belong together, under a heading of their own (none if empty)."""

    heading: str
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Table:
    """A table in the forms it is written in.

    name: "table2", which a reader sees as "Table 2".   blocks: every row as long as `header`.
    caption, header, notes: plain text, escaped when written.
    data: all values behind the table and more, one observation in a row.
    text_columns: columns of running text, each with its share of the line's width; such a table may be longer than a
    page.
    """

    name: str
    caption: str
    header: Sequence[str]
    blocks: Sequence[Block]
    notes: Sequence[str]
    data: pd.DataFrame
    text_columns: Mapping[int, float] = field(default_factory=dict)


def with_notes(table: Table, notes: Iterable[str]) -> Table:
    """The table with further notes behind its own."""
    return replace(table, notes=[*table.notes, *notes])


def with_exhausted_pools(table: Table, exhausted: Mapping[Subject, int]) -> Table:
    """The table with a note for each data set whose pool ran out.

    exhausted: for such a data set the iteration, as analysis.exhausted_at gives it.
    """
    notes = [
        f"{subject.heading}: pool exhausted at iteration {iteration}. All training texts are labelled there, whatever "
        "the strategy, and the runs end."
        for subject, iteration in exhausted.items()
    ]
    return with_notes(table, notes)
