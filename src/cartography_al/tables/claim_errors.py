"""How often each claim's rule errs, by the calibrated rule and by the paper's procedure."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cartography_al.claims.error_rates import DEALT, FLIPPED
from cartography_al.errors import DataError
from cartography_al.naming import Subject
from cartography_al.tables.cells import bold_if, percent, with_subject
from cartography_al.tables.table import Block, Cell, Table

ALLOWED = 0.06
"""A rule that errs more often, beyond what the number of tables leaves uncertain, is no 95% rule."""


def claim_errors_table(errors: Mapping[tuple[Subject, str], pd.DataFrame]) -> Table:
    """Error rates of the claims' rules, one block for each data set and protocol.

    errors: for each of them the frame of claims.error_rates.claim_error_rates.   Raises: DataError for none.
    """
    if not errors:
        raise DataError("the table of the claims' errors needs at least one data set of the paper")
    blocks, frames = [], []
    for (subject, protocol), frame in errors.items():
        rows = [
            [
                Cell(row.claim),
                Cell(row.design),
                *(
                    Cell("-") if np.isnan(share) else Cell(percent(share, low, high), bold_if(low > ALLOWED))
                    for share, low, high in (
                        (row.false_holds, row.false_holds_low, row.false_holds_high),
                        (row.false_fails, row.false_fails_low, row.false_fails_high),
                        (row.paper_holds, row.paper_holds_low, row.paper_holds_high),
                    )
                ),
            ]
            for row in frame.itertuples()
        ]
        blocks.append(Block(f"{subject.heading}, {protocol.replace('_', ' ')}", rows))
        frames.append(with_subject(frame, subject))
    notes = [
        f"{DEALT.capitalize()}: each seed's runs and batches are dealt to the strategies' names at random, so that no "
        "strategy differs from another. Full data stay as they were: the rates of claims about them say little. "
        f"{FLIPPED.capitalize()}, for claims that compare with a constant: each seed's deviation from the mean gets a "
        "random sign; of up to ten seeds each pattern is one table, 32 for five. In percent of the tables, with 95% "
        "intervals (Wilson).",
        "Falsely holds: one condition is moved to where it is just not met. Falsely refuted: all are moved to where "
        "they are just met. The paper's procedure holds: where no strategy differs, as the tables are. Bold: more than "
        f"{ALLOWED:.0%}, beyond chance.",
    ]
    return Table(
        "claim_errors",
        "How often the rule of each claim errs, and what the paper's procedure says of runs that do not differ.",
        ("Claim", "Tables", "Falsely holds", "Falsely refuted", "The paper's procedure holds"),
        blocks,
        notes,
        pd.concat(frames, ignore_index=True),
    )
