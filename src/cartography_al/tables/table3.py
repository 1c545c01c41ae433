"""Table 3: CAL at each correctness threshold."""

from collections.abc import Mapping

import pandas as pd

from cartography_al.naming import Subject
from cartography_al.tables.cells import (
    bold_if,
    has_paper,
    mean_std,
    or_dash,
    paper_note,
    some_frames,
    stacked,
    with_paper,
)
from cartography_al.tables.table import Block, Cell, Table


def table3(thresholds: Mapping[Subject, pd.DataFrame]) -> Table:
    """Final accuracy of cal for each correctness threshold.

    thresholds: for each data set the frame of analysis.threshold_accuracies.
    Raises: DataError for no data set.
    """
    frames = {
        subject: with_paper(frame, ["threshold"], "table3", "final_accuracy", subject.in_paper)
        for subject, frame in some_frames(thresholds, "table 3").items()
    }
    paper = has_paper(frames, "paper_final_accuracy")
    blocks = []
    for subject, frame in frames.items():
        rows = [
            [
                Cell(f"{row.threshold:g}", bold_if(row.configured)),
                Cell(mean_std(row.mean, row.std), bold_if(row.configured)),
                *([Cell(or_dash(row.paper_final_accuracy))] if paper else []),
                Cell(str(row.seeds)),
                Cell(f"{row.single_class} of {row.classifiers}" if row.single_class else "-"),
            ]
            for row in frame.itertuples()
        ]
        blocks.append(Block(subject.heading, rows))
    notes = [
        "Mean test accuracy after the last iteration ± standard deviation over the seeds (ddof 1). Bold: the threshold "
        "that cal uses everywhere else. An instance counts as learned if its correctness is above the threshold.",
    ]
    affected = [
        f"{subject.heading} at {row.threshold:g} (in {row.single_class_seeds} of {row.seeds} seeds)"
        for subject, frame in frames.items()
        for row in frame.itertuples()
        if row.single_class
    ]
    notes.append(
        "One class: acquisitions for which all labelled instances lay on one side of the threshold, so that there were "
        "no two classes to tell apart" + (f": {', '.join(affected)}." if affected else "; there were none.")
    )
    notes += [paper_note()] if paper else []
    return Table(
        "table3",
        "Influence of the correctness threshold on the final accuracy of CAL.",
        ("Threshold", "Final accuracy", *(["Paper"] if paper else []), "Seeds", "One class"),
        blocks,
        notes,
        stacked(frames),
    )
