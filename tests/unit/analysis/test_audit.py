"""analysis.audit and its table: differences seed by seed, intervals corrected for the table."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_rel

from cartography_al.analysis.audit import audit_effects
from cartography_al.naming import Subject
from cartography_al.tables.audit import audit_table

PROTOCOLS = ("as_written", "as_written_but_padding", "as_written_but_padding_and_weight_reset")


def curves(levels: np.ndarray) -> pd.DataFrame:
    """Runs of CAL, level for the seeds 0, 1, ...; two iterations."""
    rows = [("cal", seed, iteration, level) for seed, level in enumerate(levels) for iteration in range(2)]
    return pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "test_accuracy"])


def effects(levels: dict[str, np.ndarray]) -> pd.DataFrame:
    full = pd.DataFrame({"seed": range(len(levels["as_written"])), "test_accuracy": 0.8})
    return audit_effects({name: curves(own) for name, own in levels.items()}, dict.fromkeys(levels, full))


def test_intervals_are_corrected_for_all_effects_of_the_frame():
    rng = np.random.default_rng(0)
    levels = {name: 0.7 + rng.normal(0, 0.02, 5) for name in PROTOCOLS}
    frame = effects(levels)
    assert (frame["comparisons"] == 6).all()  # two protocols, three measures each
    row = frame[(frame["switch"] == "padding") & (frame["measure"] == "final cal")].iloc[0]
    expected = ttest_rel(levels[PROTOCOLS[1]], levels["as_written"]).confidence_interval(1 - 0.05 / 6)
    assert (row["low"], row["high"]) == pytest.approx(tuple(expected))
    assert frame.loc[frame["switch"] == "", ["low", "high"]].isna().all(axis=None)


def test_bold_is_what_the_interval_shows():
    noise = np.array([0.001, -0.001, 0.0, 0.0005, -0.0005])
    wide = np.array([0.05, 0.02, 0.04, 0.0, 0.03])  # above two standard deviations of nothing, and not shown
    levels = {"as_written": 0.7 + 0 * noise, PROTOCOLS[1]: 0.6 + noise, PROTOCOLS[2]: 0.7 + wide}
    table = audit_table({Subject("trec", "TREC"): effects(levels)})
    itself, padding, together = table.blocks[0].rows
    assert together[0].text == "padding + weight reset"
    assert [cell.emphasis for cell in padding[1:]] == ["", "bold", "bold"]  # full data did not move
    assert not any(cell.emphasis for cell in [*itself, *together])
    assert "corrected for the 6 changes" in table.notes[0]


def test_one_seed_shows_nothing():
    levels = {name: np.array([0.7 + place / 10]) for place, name in enumerate(PROTOCOLS)}
    table = audit_table({Subject("trec", "TREC"): effects(levels)})
    assert not any(cell.emphasis for row in table.blocks[0].rows for cell in row)
