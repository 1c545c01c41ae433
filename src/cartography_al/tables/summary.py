"""The summary: accuracies and data efficiency, the single values of the paper's text."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cartography_al.naming import Subject, strategy_title
from cartography_al.paper import text_value
from cartography_al.tables.cells import (
    bold_if,
    has_paper,
    mean_std,
    or_dash,
    paper_note,
    some_frames,
    stacked,
)
from cartography_al.tables.table import Block, Cell, Table


def summary_table(summaries: Mapping[Subject, pd.DataFrame]) -> Table:
    """The single values of the paper's text: accuracies, and how little data reaches them.

    summaries: for each data set the frame of analysis.summary.summarize.
    Raises: DataError for no data set.
    """
    frames = {
        subject: _with_stated_accuracies(frame, subject.in_paper)
        for subject, frame in some_frames(summaries, "the summary").items()
    }
    paper = has_paper(frames, "paper_full_accuracy")
    blocks, notes = [], []
    for subject, frame in frames.items():
        best = frame["final_accuracy"].max()
        rows = [
            [
                Cell(strategy_title(row.strategy)),
                Cell(f"{row.first_accuracy:.3f}"),
                Cell(
                    mean_std(row.final_accuracy, row.final_std),
                    bold_if(row.full_learned and row.final_accuracy == best),
                ),
                *([Cell(or_dash(row.paper_final_accuracy))] if paper else []),
                Cell(mean_std(row.area, row.area_std)),
                *_against_full_data(row),
                Cell(or_dash(row.binary_cal_accuracy)),
                Cell(or_dash(row.binary_dal_accuracy)),
            ]
            for row in frame.itertuples()
        ]
        blocks.append(Block(subject.heading, rows))
        first = frame.iloc[0]
        stated = first["paper_full_accuracy"]
        beside = "" if np.isnan(stated) else f" (paper: {stated:.3f})"
        notes.append(
            f"{subject.heading}: {first['full_accuracy']:.3f}{beside} after training on all data, "
            f"{first['seeds']} seeds."
        )
    notes.append(
        "Test accuracies, means over the seeds ± standard deviation (ddof 1). Area: mean height of the learning curve. "
        "Of full: final accuracy over that after training on all data. Reached with: share of the training data that "
        "is labelled when the mean accuracy first reaches it. CAL, DAL classifier: training accuracy of the binary "
        "classifier after the last iteration. Bold: the best final accuracy."
    )
    notes += [paper_note()] if paper else []
    return Table(
        "summary",
        "Accuracy and data efficiency of each strategy.",
        (
            "Strategy",
            "Seed set",
            "Final",
            *(["Paper"] if paper else []),
            "Area",
            "Of full",
            "Reached with",
            "CAL classifier",
            "DAL classifier",
        ),
        blocks,
        notes,
        stacked(frames),
    )


def _against_full_data(row: Any) -> tuple[Cell, Cell]:
    """Final accuracy over that of full data, and the share of labels that reaches it; "-" where it is no ceiling."""
    if np.isnan(row.share_of_full):
        return Cell("-"), Cell("-")
    reached = "not reached" if np.isnan(row.fraction_to_full) else f"{row.fraction_to_full:.1%}"
    return Cell(f"{row.share_of_full:.1%}"), Cell(reached)


def _with_stated_accuracies(frame: pd.DataFrame, dataset: str) -> pd.DataFrame:
    """The summary with what the paper's text states, or NaN: paper_final_accuracy, paper_full_accuracy."""
    names = {"cal": "cal_final_accuracy", "cal_dal": "cal_dal_hybrid_final_accuracy"}
    final = {strategy: text_value(dataset, name) for strategy, name in names.items()}
    return frame.assign(
        paper_final_accuracy=np.array([final.get(name) for name in frame["strategy"]], dtype=np.float64),
        paper_full_accuracy=np.array(text_value(dataset, "full_data_accuracy"), dtype=np.float64),
    )
