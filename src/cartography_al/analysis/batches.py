"""Training dynamics of each acquired batch (Figure 4)."""

import numpy as np
import pandas as pd

from cartography_al.analysis.runs import STATISTICS, by_strategy, over_seeds_summary
from cartography_al.errors import NumericError


def batch_statistics(acquisitions: pd.DataFrame) -> pd.DataFrame:
    """Mean confidence, variability and correctness of each acquired batch, after retraining with it (figure 4).

    Returns columns strategy, iteration, statistic (one of STATISTICS), and over the seeds mean, std (ddof 1; NaN for
    one seed), min, max of the batch's mean, and seeds. By strategy, statistic, iteration.
    A seed counts once, whatever the size of its batch.   Raises: NumericError for a statistic that is not finite.
    """
    values = acquisitions[list(STATISTICS)].to_numpy(np.float64)
    if not np.isfinite(values).all():
        row = acquisitions.iloc[int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])]
        raise NumericError(
            f"{row['strategy']}, seed {row['seed']}, iteration {row['iteration']}: the training dynamics of instance "
            f"{row['instance_id']} are not finite; run this iteration again"
        )
    batches = acquisitions.groupby(["strategy", "seed", "iteration"], sort=False)[list(STATISTICS)].mean()
    long = batches.reset_index().melt(["strategy", "seed", "iteration"], list(STATISTICS), "statistic", "value")
    table = over_seeds_summary(long.groupby(["strategy", "iteration", "statistic"], sort=False)["value"])
    rank = {name: position for position, name in enumerate(STATISTICS)}
    table = table.sort_values("iteration", kind="stable").sort_values(
        "statistic", key=lambda column: column.map(rank), kind="stable"
    )
    return by_strategy(table, [])
