"""What each difference between the paper's text and the authors' code does to the numbers: frames in, frame out."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cartography_al.analysis.runs import area_under_curve
from cartography_al.protocol import OTHER_PRESET_MARK


def audit_effects(runs: Mapping[str, pd.DataFrame], full_data: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Compare each protocol with the preset that it is one switch away from, seed by seed.

    runs: for each protocol's name (see protocol.audit_protocols) the runs of the audited strategies, with the same
    seeds and iterations.   full_data: for each protocol seed and test_accuracy after training on everything.
    Returns one row for each protocol and measure: preset, switch ("" for the preset itself), measure ("full data",
    "final <strategy>", "area <strategy>"), mean and std over the seeds (ddof 1; NaN for one seed), difference to the
    preset and its std over the seeds (NaN for the preset itself), seeds.
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
    return pd.DataFrame(rows)


def _measures(runs: pd.DataFrame, full_data: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    """Each measure as a series over the seeds."""
    measures = {"full data": full_data.set_index("seed")["test_accuracy"].sort_index()}
    for strategy, own in runs.groupby("strategy", sort=False):
        curves = own.pivot(index="seed", columns="iteration", values="test_accuracy").sort_index(axis=1)
        measures[f"final {strategy}"] = curves.iloc[:, -1]
        measures[f"area {strategy}"] = curves.apply(area_under_curve, axis=1)
    return measures
