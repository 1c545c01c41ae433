"""Labels needed for given shares of the full-data accuracy."""

from collections.abc import Mapping

import pandas as pd

from cartography_al.naming import Subject, in_order, strategy_title
from cartography_al.tables.cells import label_cells, some_frames, stacked
from cartography_al.tables.table import Block, Cell, Table


def labels_table(labels: Mapping[Subject, pd.DataFrame]) -> Table:
    """Labels that each strategy needs for given shares of the accuracy after training on all data.

    labels: for each data set the frame of significance.labels_needed.   Raises: DataError for no data set.
    """
    frames = some_frames(labels, "the table of labels")
    shares = sorted({share for frame in frames.values() for share in frame["share"]})
    blocks, notes = [], []
    for subject, frame in frames.items():
        found = {(row.strategy, row.share): row for row in frame.itertuples()}
        blocks.append(
            Block(
                subject.heading,
                [
                    [
                        Cell(strategy_title(name)),
                        *(cell for share in shares for cell in label_cells(found.get((name, share)))),
                    ]
                    for name in in_order(frame["strategy"])
                ],
            )
        )
        targets = frame.drop_duplicates("share")
        if targets["target"].isna().any():
            notes.append(
                f"{subject.heading}: training on all data is nothing to set accuracies against, so no label is counted."
            )
            continue
        named = ", ".join(f"{row.target:.4f} ({row.share:.3g})" for row in targets.itertuples())
        notes.append(f"{subject.heading}: target accuracies {named}.")
    notes.append(
        "Labels: labelled instances, the seed set's included, at the first iteration whose mean accuracy over the "
        "seeds reaches that share of the accuracy after training on all data. Median: over the runs of the seeds, each "
        "by itself; a run that never reaches it counts as more than any number. Runs: those that reach it."
    )
    header = [column for share in shares for column in (f"Labels, {share:.3g}", "Median", "Runs")]
    return Table(
        "labels",
        "Labels needed for a share of the full-data accuracy.",
        ("Strategy", *header),
        blocks,
        notes,
        stacked(frames),
    )
