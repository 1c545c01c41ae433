"""Cells, notes and the paper's values, as several tables show them."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from cartography_al.errors import DataError
from cartography_al.naming import Subject
from cartography_al.paper import paper_setting, paper_values
from cartography_al.tables.table import Cell

CLEARLY_BETTER = 0.2
"""The stricter bound on eps_min that deepsig's authors advise (Ulmer, Hardmeier & Frellsen 2022)."""


def effect_cell(row: "pd.Series[Any]") -> Cell:
    """What a switch moves, bold where its interval, corrected for the table, does not hold 0; or the preset's value."""
    if not row["switch"]:
        return Cell(mean_std(row["mean"], row["std"]))
    large = bool(row["low"] > 0 or row["high"] < 0)  # False where a single seed leaves no interval
    spread = "" if np.isnan(row["difference_std"]) else f" ± {row['difference_std']:.3f}"
    return Cell(f"{row['difference']:+.3f}{spread}", bold_if(large))


def some_frames(frames: Mapping[Subject, pd.DataFrame], what: str) -> Mapping[Subject, pd.DataFrame]:
    """The frames, if there are any.   Raises: DataError for none."""
    if not frames:
        raise DataError(f"{what} needs at least one data set")
    return frames


def with_subject(frame: pd.DataFrame, subject: Subject) -> pd.DataFrame:
    """The frame with data set, title and representation in front, the columns by which tables can be joined."""
    names = {"dataset": subject.dataset, "title": subject.title, "representation": subject.representation}
    kept = frame.drop(columns=list(names), errors="ignore")
    return pd.concat([pd.DataFrame(names, index=kept.index, dtype="str"), kept], axis="columns")


def stacked(frames: Mapping[Subject, pd.DataFrame]) -> pd.DataFrame:
    """All data sets' frames in one, each row with its data set in front."""
    return pd.concat([with_subject(frame, subject) for subject, frame in frames.items()], ignore_index=True)


def eps_cell(eps: float) -> Cell:
    """An eps_min: bold at 0 (dominant), italic under 0.5, a mark under CLEARLY_BETTER."""
    # A small positive number must not look like the 0 that means dominance.
    text = "<0.001" if 0 < eps < 0.0005 else f"{eps:.3f}"
    emphasis: Literal["", "bold", "italic"] = "bold" if eps == 0 else "italic" if eps < 0.5 else ""
    return Cell(text, emphasis, "†" if eps < CLEARLY_BETTER else "")


def with_paper(
    frame: pd.DataFrame, on: list[str], name: Literal["table3", "table4"], column: str, dataset: str
) -> pd.DataFrame:
    """The frame with the paper's value of each row, NaN where it has none, as the column paper_<column>.

    on: columns that name a row; several are a set, in whatever order.
    """
    stated = paper_values(name, dataset)
    values = {frozenset(key): value for *key, value in stated[[*on, column]].itertuples(index=False)}
    found = [values.get(frozenset(key), np.nan) for key in frame[on].itertuples(index=False)]
    return frame.assign(**{f"paper_{column}": np.array(found, dtype=np.float64)})


def has_paper(frames: Mapping[Subject, pd.DataFrame], column: str) -> bool:
    """Whether any row has a value of the paper."""
    return any(frame[column].notna().any() for frame in frames.values())


def paper_note() -> str:
    """What a reader needs to know of the paper's values."""
    return (
        f"Paper: as published, after {paper_setting('iterations')} iterations, "
        f"with {paper_setting('seeds')} seeds and word vectors {paper_setting('embedding_source')}."
    )


def bold_if(condition: bool) -> Literal["", "bold"]:
    """Bold, where the condition holds."""
    return "bold" if condition else ""


def mean_std(mean: float, std: float) -> str:
    """Mean ± standard deviation; the mean alone for one seed."""
    return f"{mean:.3f}" if np.isnan(std) else f"{mean:.3f} ± {std:.3f}"


def or_dash(accuracy: float) -> str:
    """An accuracy, "-" for NaN."""
    return "-" if np.isnan(accuracy) else f"{accuracy:.3f}"


def count_or_dash(count: float) -> str:
    """A count, "-" for NaN."""
    return "-" if np.isnan(count) else f"{count:,.0f}"


def chance_text(mean: float, low: int, high: int) -> str:
    """What chance gives: mean (low to high)."""
    return f"{mean:,.1f} ({low:,} to {high:,})"


CORRECTIONS = {"none": "uncorrected", "deepsig": "deepsig's level", "bonferroni": "Bonferroni", "holm": "Holm"}


def p_value(p: float) -> str:
    """Four decimals, and never a 0 that no exact test gives."""
    return "<0.0001" if p < 0.0001 else f"{p:.4f}"


def label_cells(row: Any) -> list[Cell]:
    """Labels, median and runs of a row of significance.labels_needed; dashes for none, and for no target."""
    if row is None or pd.isna(row.target):
        return [Cell("-")] * 3
    counts = ["not reached" if pd.isna(count) else f"{count:,.0f}" for count in (row.labelled, row.median_labelled)]
    return [*(Cell(count) for count in counts), Cell(f"{row.seeds_reaching} of {row.seeds}")]


def false_cells(row: Any) -> list[Cell]:
    """Shares of comparisons and of tables with a false verdict; dashes for none."""
    if row is None:
        return [Cell("-")] * 2
    return [
        Cell(percent(row.pair_share, row.pair_low, row.pair_high)),
        Cell(percent(row.table_share, row.table_low, row.table_high), bold_if(row.table_low > row.alpha)),
    ]


def percent(share: float, low: float, high: float) -> str:
    """A share with its interval, in percent."""
    return f"{100 * share:.1f} ({100 * low:.1f} to {100 * high:.1f})"
