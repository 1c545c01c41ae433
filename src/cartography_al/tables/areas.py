"""Areas under the learning curves, each against Random's and CAL's against each, tested."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cartography_al.naming import Subject, strategy_title
from cartography_al.tables.cells import p_value, some_frames, stacked
from cartography_al.tables.table import Block, Cell, Table


def areas_table(areas: Mapping[Subject, pd.DataFrame]) -> Table:
    """Area under the learning curve of each strategy, and what it has over the baseline's, seed by seed.

    areas: for each data set the frame of significance.paired.area_comparisons.
    Raises: DataError for no data set.
    """
    frames = some_frames(areas, "the table of areas")
    blocks, notes = [], []
    for subject, compared in frames.items():
        if compared.empty:
            notes.append(f"{subject.heading}: one strategy, nothing to compare.")
        for comparison, frame in compared.groupby("comparison", sort=False):
            rows = [
                [
                    Cell(strategy_title(row.strategy)),
                    Cell(f"{row.area:.4f}"),
                    Cell(f"{row.difference:+.4f}"),
                    *(_interval(*ends) for ends in ((row.low, row.high), (row.low_texts, row.high_texts))),
                    Cell(p_value(row.p)),
                    Cell(p_value(row.p_holm)),
                    Cell(p_value(row.p_wilcoxon)),
                ]
                for row in frame.itertuples()
            ]
            blocks.append(Block(f"{subject.heading}: {comparison}", rows))
            first = frame.iloc[0]
            notes.append(
                f"{subject.heading}, {comparison}: {strategy_title(first['baseline'])} has the area "
                f"{first['baseline_area']:.4f}; {100 * first['confidence']:g}% intervals. {first['seeds']} seeds "
                "can give "
                f"no p under {first['smallest_p']:.3g}, and for {len(frame)} strategies no adjusted one under "
                f"{min(1.0, first['smallest_p'] * len(frame)):.3g}."
            )
    notes.append(
        "Area: mean height of the learning curve, mean over the seeds. Difference: between runs with the same "
        "seed, which "
        "start from the same seed set and weights; its interval is Student's t, of a single comparison, over other "
        "seeds on the same test texts, or over other test texts as well (crossed random effects). p: exact "
        "two-sided "
        "permutation test of the differences' signs; Holm: adjusted for all strategies of a block; Wilcoxon: the "
        "same test of signed ranks, not adjusted."
    )
    return Table(
        "areas",
        "Areas under the learning curves, compared seed by seed.",
        ("Strategy", "Area", "Difference", "Over seeds", "Over seeds and texts", "p", "p, Holm", "p, Wilcoxon"),
        blocks,
        notes,
        stacked(frames),
    )


def _interval(low: float, high: float) -> Cell:
    return Cell("-" if np.isnan(low) else f"{low:+.4f} to {high:+.4f}")
