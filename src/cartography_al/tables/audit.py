"""The audit's table: what each switch of the protocol moves."""

from collections.abc import Mapping

import pandas as pd

from cartography_al.naming import Subject
from cartography_al.protocol import TOGETHER_MARK
from cartography_al.tables.cells import effect_cell, some_frames, stacked
from cartography_al.tables.table import Block, Cell, Table


def audit_table(effects: Mapping[Subject, pd.DataFrame]) -> Table:
    """What each switch of the protocol does to the accuracies.

    effects: for each data set the frame of audit.audit_effects.   Raises: DataError for no data set.
    """
    frames = some_frames(effects, "the audit")
    measures = list(dict.fromkeys(measure for frame in frames.values() for measure in frame["measure"]))
    blocks = []
    for subject, frame in frames.items():
        for preset, of_preset in frame.groupby("preset", sort=False):
            rows = []
            for switch, of_switch in of_preset.groupby("switch", sort=False):
                by_measure = of_switch.set_index("measure")
                name = str(switch).replace(TOGETHER_MARK, " + ").replace("_", " ") if switch else f"{preset} itself"
                rows.append([Cell(name), *(effect_cell(by_measure.loc[measure]) for measure in measures)])
            blocks.append(Block(f"{subject.heading}: {AUDIT_HEADINGS[str(preset)]}", rows))
    seeds = max(int(frame["seeds"].max()) for frame in frames.values())
    comparisons = max(int(frame["comparisons"].max()) for frame in frames.values())
    return Table(
        "audit",
        "What each difference between the paper's text and the authors' released code does to the test accuracy.",
        ("Switch", *(measure.capitalize() for measure in measures)),
        blocks,
        [
            f"Means over {seeds} seeds. First row of a block: accuracy ± standard deviation over the seeds. Others: "
            "change against that row, seed by seed, ± standard deviation of the change. Bold: its 95% interval, by "
            f"Student's t and corrected for the {comparisons} changes of a data set (Bonferroni), does not hold "
            "0. Final: after the last audited iteration. Area: mean height of the learning curve.",
            *(
                f"{subject.heading}: the switches padding and backslashes cannot act, as no word vectors are summed."
                for subject in frames
                if not subject.word_vectors
            ),
        ],
        stacked(frames),
    )


AUDIT_HEADINGS = {
    "as_written": "the paper's text, one switch as in the code",
    "released": "the code, one switch as in the paper's text",
}
