"""What each difference between the paper's text and the authors' code does to the numbers: frames in, frame out."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from cartography_al.analysis.runs import area_under_curve
from cartography_al.protocol import OTHER_PRESET_MARK

ALPHA = 0.05
"""Of the whole table: each interval is one of 1 - ALPHA / effects."""


def audit_effects(runs: Mapping[str, pd.DataFrame], full_data: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Compare each protocol with the preset that it is one switch away from, seed by seed.

    runs: for each protocol's name (see protocol.audit_protocols) the runs of the audited strategies, with the same
    seeds and iterations.   full_data: for each protocol seed and test_accuracy after training on everything.
    Returns one row for each protocol and measure: preset, switch ("" for the preset itself), measure ("full data",
    "final <strategy>", "area <strategy>"), mean and std over the seeds (ddof 1; NaN for one seed), difference to the
    preset and its std over the seeds (NaN for the preset itself), seeds; low and high, the difference's interval by
    Student's t, corrected for the number of effects in the frame (Bonferroni; NaN for one seed), and comparisons, that
    number.
    """
    values = {name: _measures(runs[name], full_data[name]) for name in runs}
    rows = []
    for name, measured in values.items():
        preset, _, switch = name.partition(OTHER_PRESET_MARK)
        for measure, by_seed in measured.items():
            differences = by_seed - values[preset][measure] if switch else by_seed * np.nan
            rows.append(
                {
                    "preset": preset,
                    "switch": switch,
                    "measure": measure,
                    "mean": by_seed.mean(),
                    "std": by_seed.std(),
                    "difference": differences.mean(),
                    "difference_std": differences.std(),
                    "seeds": len(by_seed),
                }
            )
    frame = pd.DataFrame(rows)
    comparisons = int((frame["switch"] != "").sum())
    seeds = frame["seeds"]
    level = 1 - ALPHA / (2 * max(comparisons, 1))
    margin = stdtrit(np.maximum(seeds - 1, 1), level) * frame["difference_std"] / np.sqrt(seeds)
    return frame.assign(
        low=frame["difference"] - margin, high=frame["difference"] + margin, comparisons=np.int32(comparisons)
    )


def _measures(runs: pd.DataFrame, full_data: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    """Each measure as a series over the seeds."""
    measures = {"full data": full_data.set_index("seed")["test_accuracy"].sort_index()}
    for strategy, own in runs.groupby("strategy", sort=False):
        curves = own.pivot(index="seed", columns="iteration", values="test_accuracy").sort_index(axis=1)
        measures[f"final {strategy}"] = curves.iloc[:, -1]
        measures[f"area {strategy}"] = curves.apply(area_under_curve, axis=1)
    return measures
