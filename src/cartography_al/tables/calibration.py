"""How often the significance tests err on runs that do not differ."""

from collections.abc import Mapping

import pandas as pd

from cartography_al.errors import DataError
from cartography_al.naming import Subject, strategy_title
from cartography_al.tables.cells import CORRECTIONS, false_cells, with_subject
from cartography_al.tables.table import Block, Cell, Table


def calibration_table(calibrations: Mapping[tuple[Subject, str, str], pd.DataFrame]) -> Table:
    """False verdicts of each test where strategies do not differ.

    calibrations: for each data set, protocol and design ("one_strategy", ...) the frame of calibration.calibrate.
    Raises: DataError for no data set.
    """
    if not calibrations:
        raise DataError("the calibration needs at least one data set")
    frames = {
        f"{subject.heading}, {protocol.replace('_', ' ')}, {design.replace('_', ' ')}": with_subject(
            frame, subject
        ).assign(protocol=protocol, design=design)
        for (subject, protocol, design), frame in calibrations.items()
    }
    sizes = sorted({size for frame in frames.values() for size in frame["seeds"]})
    blocks, notes = [], []
    for title, frame in frames.items():
        found = {(row.procedure, row.correction, row.verdict, row.seeds): row for row in frame.itertuples()}
        for procedure in frame["procedure"].drop_duplicates():
            of_procedure = frame.loc[frame["procedure"] == procedure]
            tests = of_procedure[["correction", "verdict"]].drop_duplicates().itertuples(index=False, name=None)
            rows = [
                [
                    Cell(f"{verdict}, {CORRECTIONS.get(correction, correction)}"),
                    *(
                        cell
                        for size in sizes
                        for cell in false_cells(found.get((procedure, correction, verdict, size)))
                    ),
                ]
                for correction, verdict in tests
            ]
            blocks.append(Block(f"{title}: {procedure}", rows))
        first = frame.iloc[0]
        names = first["strategies"].split(", ")
        dealt = "; each seed's runs are dealt to the groups at random" if len(names) > 1 else ""
        notes.append(
            f"{title}: {first['tables']:,} tables for each number of seeds, drawn from {first['curves']} runs of "
            f"{', '.join(strategy_title(name) for name in names)}{dealt}; alpha = {first['alpha']:g}."
        )
        silent = [size for size in sizes if 2 / 2**size >= first["alpha"]]
        if silent:
            listed = " or ".join(str(size) for size in silent)
            notes.append(f"{title}: with {listed} seeds, no p of the permutation test is under alpha: it cannot speak.")
    notes.append(
        "Every table compares groups of runs from one distribution, so each verdict is false. Groups drawn from one "
        "strategy share no seeds, as real strategies do, and so differ more by chance. Share of the comparisons, and "
        "of the tables with at least one such verdict, in percent with 95% intervals that hold the number of tables "
        "(Wilson) and the choice of the seeds (jackknife). Bold: in more tables than alpha, beyond chance. Bonferroni: "
        "1 - alpha / pairs that are tested; deepsig: the level that its own correction computes, 1 - alpha + alpha / "
        "unordered pairs. Replicates: Random with other choices and the same seeds."
    )
    return Table(
        "calibration",
        "False verdicts of each test between runs that do not differ.",
        ("False verdict", *(f"{what}, {size} seeds" for size in sizes for what in ("Pairs", "Tables"))),
        blocks,
        notes,
        pd.concat(frames.values(), ignore_index=True),
    )
