"""Wrong labels: how many each strategy takes, what they cost, and how well the data map ranks them."""

from collections.abc import Mapping

import pandas as pd

from cartography_al.naming import Subject, strategy_title
from cartography_al.tables.cells import some_frames, stacked
from cartography_al.tables.table import Block, Cell, Table


def label_noise_table(effects: Mapping[Subject, pd.DataFrame], ranked: Mapping[Subject, pd.DataFrame]) -> Table:
    """A block for each data set with wrong labels, a row for each strategy.

    effects, ranked: the frames of significance.label_noise.noise_effects and analysis.label_noise.wrong_labels_ranked.
    Raises: DataError for no data set.
    """
    frames = some_frames(effects, "the table of label noise")
    blocks, notes = [], []
    for subject, frame in frames.items():
        rows = []
        for _, row in frame.iterrows():
            cells = [strategy_title(row["strategy"]), _with_interval(row, "share", "{:.1%}"), f"{row['lift']:.2f}"]
            changes = [_with_interval(row, name, "{:+.3f}") for name in ("area_change", "final_change")]
            rows.append([Cell(text) for text in [*cells, f"{row['area']:.3f}", *changes]])
        blocks.append(Block(subject.heading, rows))
        found = ranked[subject].mean(numeric_only=True)
        notes.append(
            f"{subject.heading}: in the map of all training texts, {found['first_share']:.1%} of the wrong labels are "
            f"among the first {found['chance']:.1%} of the suspects (chance {found['chance']:.1%}); area under the ROC "
            f"curve {found['roc_area']:.3f} (chance 0.5); means over {len(ranked[subject])} seeds."
        )
    notes.append(
        "Wrong: share of wrong labels among all instances acquired. Times chance: that share over the share in the "
        "pool that the run started with; the seed set holds wrong labels too. Changes: area under the learning curve, "
        "and accuracy after the last iteration, less those of the same seed on the right labels. In parentheses "
        "Student's 95% interval over the seeds, of each number by itself. The test labels are right."
    )
    header = ("Strategy", "Wrong", "Times chance", "Area", "Change of area", "Change at the end")
    return Table("label_noise", "Wrong labels on purpose.", header, blocks, notes, stacked(frames))


def _with_interval(row: "pd.Series[float]", name: str, form: str) -> str:
    """A number and its interval, if it has one."""
    value, low, high = (row[key] for key in (name, f"{name}_low", f"{name}_high"))
    return form.format(value) + ("" if pd.isna(low) else f" ({form.format(low)} to {form.format(high)})")
