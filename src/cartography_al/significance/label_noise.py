"""What wrong labels cost each strategy, and how many of them it takes, with intervals over the seeds."""

import pandas as pd

from cartography_al.analysis.runs import curve_table
from cartography_al.significance.intervals import over_seeds
from cartography_al.significance.paired import seed_areas


def noise_effects(acquired: pd.DataFrame, runs: pd.DataFrame, clean_runs: pd.DataFrame) -> pd.DataFrame:
    """One row for each strategy: its wrong labels at the end, and its accuracy beside that on the right labels.

    acquired: from analysis.label_noise.wrong_labels_acquired.   runs, clean_runs: the same strategies, seeds and
    iterations, on the wrong and on the right labels.
    Returns strategy, seeds, and with the ends _low and _high of Student's 95% interval over the seeds: share (of wrong
    labels among the acquired), lift (share / chance), area (under the learning curve), area_change and final_change
    (less those of the same seed on the right labels).   Raises: as analysis.runs.curve_table.
    """
    last = acquired[acquired["iteration"] == acquired["iteration"].max()].set_index(["strategy", "seed"])
    areas = seed_areas(runs)
    changes = areas - seed_areas(clean_runs)
    final_changes = (curve_table(runs) - curve_table(clean_runs)).iloc[:, -1]
    rows = []
    for strategy in areas.columns:
        measured = {
            "share": last.loc[strategy, "share"],
            "lift": last.loc[strategy, "share"] / last.loc[strategy, "chance"],
            "area": areas[strategy],
            "area_change": changes[strategy],
            "final_change": final_changes.loc[strategy],
        }
        row: dict[str, object] = {"strategy": strategy, "seeds": len(areas)}
        for name, values in measured.items():
            row[name], row[f"{name}_low"], row[f"{name}_high"] = over_seeds(values)
        rows.append(row)
    return pd.DataFrame(rows)
