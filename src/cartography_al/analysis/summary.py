"""How good each strategy gets, and with how much data: the single values of the paper's text."""

import numpy as np
import pandas as pd

from cartography_al.analysis.curves import learning_curves
from cartography_al.analysis.full_data import has_learned, no_ceiling
from cartography_al.analysis.runs import area_under_curve


def summarize(runs: pd.DataFrame, full_data: pd.DataFrame, train_rows: int) -> pd.DataFrame:
    """The single values of the paper's text, for each strategy: how good it gets, and with how much data.

    runs: as learning_curves.   full_data: after training on everything, as has_learned.
    Returns, means over the seeds unless said otherwise: strategy, seeds, first_accuracy (seed set), final_accuracy and
    its final_std (ddof 1; NaN for one seed), final_macro_f1, area (under the learning curve) and area_std,
    full_accuracy (after training on all `train_rows`), share_of_full (final / full), fraction_to_full (labelled
    fraction at the first iteration whose mean accuracy reaches full_accuracy; NaN if none does), both NaN where there
    is `no_ceiling`, full_learned (whether it has learned anything), binary_cal_accuracy,
    binary_dal_accuracy (after the last iteration; NaN without that classifier).   Raises: as learning_curves.
    """
    curves = learning_curves(runs, train_rows)
    full_accuracy, ceiling = float(full_data["test_accuracy"].mean()), no_ceiling(runs, full_data) is None
    rows = []
    for strategy, curve in curves.groupby("strategy", sort=False):
        own = runs.loc[runs["strategy"] == strategy]
        areas = [
            area_under_curve(run.sort_values("iteration")["test_accuracy"]) for _, run in own.groupby("seed", sort=True)
        ]
        last = own.loc[own["iteration"] == own["iteration"].max()]
        reached = curve.loc[(curve["mean"] >= full_accuracy) & ceiling, "fraction"]
        rows.append(
            {
                "strategy": strategy,
                "seeds": len(areas),
                "first_accuracy": curve["mean"].iloc[0],
                "final_accuracy": curve["mean"].iloc[-1],
                "final_std": curve["std"].iloc[-1],
                "final_macro_f1": last["macro_f1"].mean(),
                "area": np.mean(areas),
                "area_std": np.std(areas, ddof=1) if len(areas) > 1 else np.nan,
                "full_accuracy": full_accuracy,
                "full_learned": has_learned(full_data),
                "share_of_full": curve["mean"].iloc[-1] / full_accuracy if ceiling else np.nan,
                "fraction_to_full": reached.iloc[0] if len(reached) else np.nan,
                "binary_cal_accuracy": last["binary_cal_accuracy"].mean(),
                "binary_dal_accuracy": last["binary_dal_accuracy"].mean(),
            }
        )
    return pd.DataFrame(rows)
